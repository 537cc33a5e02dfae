"""Signing in, and the seconds before the exam opens. Pure."""

from candidate_agent.session.states import Phase, Session
from candidate_agent.ui.words import Json, Live, text


def joining(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    name = "locking" if session.phase == Phase.LOCKING else "joining"
    return {"title": text(f"{name}.title"), "lead": text(f"{name}.lead"), "actions": []}
