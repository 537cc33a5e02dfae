"""The exam, and its pauses. Pure."""

from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, Live, action, text, verbatim


def exam(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return {"title": text("exam.title"), "lead": None, "actions": []}


def paused(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    reason = verbatim(session.words) if session.words else None
    if session.leave_asked:
        return leaving()
    lead = text("paused.lead.lease" if session.reason == "lease_lapsed" else "paused.lead")
    return {
        "title": text("paused.title"),
        "lead": lead,
        "reason": reason,
        "actions": [action("leave", "leave", "quiet")],
    }


def leaving() -> Json:
    """The second of two steps out of a covered exam."""
    actions = [
        action("leave-confirm", "leave_confirmed", "danger"),
        action("leave-stay", "leave_withdrawn", "primary"),
    ]
    return {"title": text("leave.title"), "lead": text("leave.what"), "reason": None, "actions": actions}
