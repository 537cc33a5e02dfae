"""Between check-in and exam: what a proctor looks at. Pure."""

from candidate_agent.session.states import Session, StepStatus
from candidate_agent.ui.words import Json, Live, action, text


def waiting(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    policy = session.package.policy if session.package else None
    steps = []
    if policy is None or policy.id_card:
        steps.append({"id": "id_card", "state": session.id_card.status.value})
    if policy is None or policy.room_scan:
        steps.append({"id": "room", "state": session.room.status.value})
    approved = all(step["state"] in ("approved", "skipped") for step in steps)
    return {
        "title": text("waiting.title.approved" if approved else "waiting.title.looking"),
        "lead": text("waiting.lead"),
        "steps": steps,
        "watched": bool(session.watchers),
        "actions": [action("reopen-room", "reopen_step", step="room")] if _declined(session) else [],
    }


def _declined(session: Session) -> bool:
    return session.room.status is StepStatus.DECLINED
