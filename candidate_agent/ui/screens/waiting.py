"""Between check-in and exam: whose turn it is, the place in line, and what a proctor looks at. Pure."""

from candidate_agent.session.states import Session, StepStatus
from candidate_agent.ui.words import Json, Live, action, text


def waiting(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    steps = [
        {"id": name, "state": step.status.value}
        for name, step in (("id_card", session.id_card), ("room", session.room))
        if step.status is not StepStatus.SKIPPED
    ]
    approved = bool(steps) and all(step["state"] == "approved" for step in steps)
    again = bool(session.began_us)
    return {
        "title": text("waiting.title.approved" if approved else "waiting.title.looking"),
        "lead": text("waiting.lead.again" if again else "waiting.lead"),
        "steps": steps,
        "place": _place(session),
        "watched": bool(session.watchers),
        "time": text("waiting.time.again" if again else "waiting.time"),
        "actions": [action("reopen-room", "reopen_step", step="room")] if _declined(session) else [],
    }


def _place(session: Session) -> Json | None:
    """Only what the server says; no guess at how long it takes."""
    if not (session.link_up and session.place):
        return None
    return text("waiting.place", place=session.place, count=session.waiting)


def _declined(session: Session) -> bool:
    return session.room.status is StepStatus.DECLINED
