"""The exam's window: before it a countdown, after it a contact, and joining when it opens. Pure.

This computer's clock starts the joining, the server's word counts: where its clock is a little behind, it is asked
again.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.policy import ExamPackage

OUTSIDE_WINDOW = "outside_window"
ASK_AGAIN_US = 20_000_000
CLOCKS_DIFFER_MS = 600_000  # for so long after the opening a server may still say that it is too early


def is_open(package: ExamPackage, wall_ms: int) -> bool:
    return package.opens_ms <= wall_ms <= package.closes_ms


def outside(s: Session, wall_ms: int) -> Session:
    """`wall_ms` is not in the window. That an exam has closed is a problem, and the program ends with its status."""
    has_closed = s.package is not None and wall_ms > s.package.closes_ms
    problem = (OUTSIDE_WINDOW, "The exam has closed.") if has_closed else None
    return replace(s, phase=Phase.OUTSIDE, problem=problem)


def ticked(s: Session, e: ev.Ticked, at: Moment) -> Next:
    """Check-in begins by itself."""
    if s.package is None or not is_open(s.package, at.wall_ms):
        return Next(s)
    if s.problem and at.now_us - s.asked_us < ASK_AGAIN_US:
        return Next(s)
    return Next(replace(s, phase=Phase.JOINING, problem=None, asked_us=at.now_us), (fx.Enrol(),))


def is_too_early(s: Session, code: str, at: Moment) -> bool:
    """The server's clock has not come to the opening that this computer's clock has just passed."""
    since_ms = at.wall_ms - s.package.opens_ms if s.package else -1
    return code == OUTSIDE_WINDOW and 0 <= since_ms < CLOCKS_DIFFER_MS
