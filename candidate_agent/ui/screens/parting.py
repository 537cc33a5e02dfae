"""Between the exam and its closed record: sheets of scratch paper, then three questions. Pure. Both may be skipped."""

from candidate_agent.session import parting
from candidate_agent.session.states import Session, StepStatus
from candidate_agent.ui.words import Json, Live, action, text

RATINGS = (1, 2, 3, 4, 5)
MAX_WORDS = 1000


def paper(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    """Take, look, send; then the next sheet or no more."""
    step, taking = session.paper, live.capturing == "paper"
    taken = step.status == StepStatus.TAKEN and not taking
    stage = "taking" if taking else "look" if taken else "ready"
    return {
        "title": text(f"paper.title.{stage}", sheet=step.attempt + 1),
        "lead": text(f"paper.lead.{stage}" if stage != "ready" or not step.attempt else "paper.lead.next"),
        "step": "paper",
        "stage": stage,
        "picture": "paper" if taken else "camera",
        "has_picture": ("paper" if taken else "camera") in live.previews,
        "progress": round(live.capture_progress, 3) if taking else None,
        "again": None,
        "plain": True,
        "tips": [text(f"paper.tip.{number}") for number in RATINGS[:3]] if not taken else [],
        "why": text("paper.why"),
        "note": text("paper.sent", count=step.attempt) if step.attempt else None,
        "actions": _look() if taken else _ready(session, live, taking),
    }


def _look() -> list[Json]:
    return [
        action("retake-paper", "retake", step="paper"),
        action("confirm-paper", "confirm_step", "primary", step="paper"),
    ]


def _ready(session: Session, live: Live, taking: bool) -> list[Json]:
    used = session.paper.attempt > 0
    done = action("paper-done" if used else "paper-none", "paper_finished", enabled=not taking)
    able = not taking and "camera" in live.previews and parting.sheets_left(session) > 0
    return [done, action("capture-paper", "capture", "primary", enabled=able, step="paper")]


def survey(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    """The page holds what is chosen until it is sent; the buttons are its own."""
    return {
        "title": text("survey.title"),
        "lead": text("survey.lead"),
        "questions": [{"id": name, "ratings": list(RATINGS)} for name in ("ease", "understood")],
        "max_words": MAX_WORDS,
        "actions": [],
    }
