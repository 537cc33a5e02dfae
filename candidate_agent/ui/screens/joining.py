"""Signing in, and the seconds before the exam opens. Pure."""

from candidate_agent.session.states import Phase, Session
from candidate_agent.ui.words import Json, Live, text

LATE_US = 7_000_000


def joining(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    """A server that is slow is said: a promise of five seconds that is not kept makes people close the window."""
    name = "locking" if session.phase == Phase.LOCKING else "joining"
    late = session.phase is Phase.JOINING and now_us - session.asked_us > LATE_US
    return {"title": text(f"{name}.title"), "lead": text(f"{name}.late" if late else f"{name}.lead"), "actions": []}
