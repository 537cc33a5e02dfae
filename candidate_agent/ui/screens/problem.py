"""What keeps a sitting from beginning. Pure."""

from candidate_agent.base.errors import STATUS
from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, Live, action, duration, moment, text, verbatim

PROBLEMS = frozenset(STATUS)  # each has its words: what happened, what it means, what to do
PASSING = frozenset(  # may be gone in a moment: joining can be tried again without a new start
    {"server_unreachable", "server_foreign", "server_storage", "rate_limited", "roster_missing", "outside_window"}
    | {"disk_full", "disk_unwritable"}
)


def problem(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    code, sentence = session.problem or ("unknown", "")
    known = code in PROBLEMS
    return {
        "title": text(f"problem.{code}.what")
        if known
        else verbatim(sentence)
        if sentence
        else text("problem.other.what"),
        "lead": text(f"problem.{code}.means") if known else text("problem.other.means"),
        "todo": text(f"problem.{code}.do") if known else text("problem.other.do"),
        "code": code,
        "contact": verbatim(session.package.contact if session.package else ""),
        "window": _exam_window(session, wall_ms) if code == "outside_window" else None,
        "actions": _problem_actions(code),
    }


def _problem_actions(code: str) -> list[Json]:
    if code in PASSING:
        return [action("close", "close", "quiet"), action("try-again", "continue", "primary")]
    return [action("close", "close", "primary")]


def _exam_window(session: Session, wall_ms: int) -> Json | None:
    package = session.package
    if package is None or package.opens_ms <= wall_ms <= package.closes_ms:
        return None
    if wall_ms < package.opens_ms:
        return text("problem.opens", at=moment(package.opens_ms), time=duration((package.opens_ms - wall_ms) // 1000))
    return text("problem.closed", at=moment(package.closes_ms))
