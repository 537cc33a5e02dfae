"""A break: before it, and while it runs. Pure."""

from candidate_agent.session import breaks
from candidate_agent.session.checkin import policy_of
from candidate_agent.session.states import Session
from candidate_agent.ui.screens import sitting
from candidate_agent.ui.words import Json, Live, action, duration, text


def breaks_left(session: Session) -> Json | None:
    """None where the exam has no breaks."""
    if not breaks.allowed(session):
        return None
    return {
        "left": text("break.left", count=breaks.left(session)) if breaks.left(session) else text("break.none_left"),
        "may": breaks.left(session) > 0,
        "facts": _facts(session),
    }


def _facts(session: Session) -> list[Json]:
    policy = policy_of(session)
    return [
        text("break.length", count=max(1, policy.break_s // 60)),
        text("break.clock_stands" if policy.break_stops_clock else "break.clock_runs"),
        text("break.recorded" if policy.record_breaks else "break.not_recorded"),
        text("break.held"),
    ]


def on_break(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    if session.leave_asked:
        return {**sitting.leaving(), "countdown": None, "facts": []}
    left_s = (breaks.over_us(session) - now_us) // 1_000_000
    late = left_s < 0
    return {
        "title": text("break.title.late" if late else "break.title"),
        "lead": text("break.returning" if session.break_returning else "break.lead.late" if late else "break.lead"),
        "countdown": text("break.late_by" if late else "break.time_left", time=duration(abs(left_s))),
        "late": late,
        "facts": _facts(session)[1:],
        "actions": [
            action("leave", "leave", "quiet"),
            action("break-back", "back", "primary", enabled=not session.break_returning),
        ],
    }
