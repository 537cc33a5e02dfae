"""What a rehearsal showed, as a row. Pure; the rehearsal itself is `candidate_agent.rehearsal`, begun by a click."""

from dataclasses import dataclass

from candidate_agent.checks.base import FAIL, PASS, PERSON, WARN, row
from exam_protocol.records import CheckRow

THRESHOLD = "all of it acknowledged"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """`pieces` were sealed and sent, `again`: sent once more. `missing`: parts of which nothing was recorded."""

    pieces: int
    acknowledged: int
    again: int
    missing: tuple[str, ...] = ()


def judge(done: Rehearsed) -> CheckRow:
    share = 100.0 * done.acknowledged / done.pieces if done.pieces else 0.0
    value = int(share * 10) / 10  # 100 only where all arrived
    if done.acknowledged < done.pieces or not done.pieces:
        remedy = "Not everything arrived. In the exam it is kept on this computer and sent later."
        return row("rehearsal", FAIL, value, THRESHOLD, remedy)
    if done.missing:
        remedy = f"Not recorded: {', '.join(done.missing)}. Please look at these devices and try again."
        return row("rehearsal", PERSON, value, THRESHOLD, remedy)
    if done.again:
        remedy = "Everything arrived, but some of it had to be sent again. In the exam nothing is lost by that."
        return row("rehearsal", WARN, value, THRESHOLD, remedy)
    return row("rehearsal", PASS, value, THRESHOLD)
