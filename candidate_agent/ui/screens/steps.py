"""Identity picture and room scan: take, look, send. Pure."""

from candidate_agent.session.states import Session, Step, StepStatus
from candidate_agent.ui.words import Json, Live, action, text, verbatim


def identity(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return _step("id_card", session.id_card, live)


def room(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return _step("room", session.room, live)


def _step(name: str, step: Step, live: Live) -> Json:
    """Take, look, then send or take again. A step that was asked for again says why, first of all."""
    taking = live.capturing == name
    taken = step.status == StepStatus.TAKEN and not taking
    stage = "taking" if taking else "look" if taken else "ready"
    capture = action(
        f"capture-{name}", "capture", "primary", enabled=not taking and "camera" in live.previews, step=name
    )
    look = [
        action(f"retake-{name}", "retake", step=name),
        action(f"confirm-{name}", "confirm_step", "primary", step=name),
    ]
    return {
        "title": text(f"{name}.title.{stage}"),
        "lead": text(f"{name}.lead.{stage}"),
        "step": name,
        "stage": stage,
        "picture": name if taken else "camera",
        "has_picture": (name if taken else "camera") in live.previews,
        "progress": round(live.capture_progress, 3) if taking else None,
        "again": verbatim(step.reason) if step.reason and step.status != StepStatus.APPROVED else None,
        "tips": [text(f"{name}.tip.{number}") for number in (1, 2, 3)] if not taken else [],
        "why": text(f"{name}.why"),
        "actions": look if taken else [capture],
    }
