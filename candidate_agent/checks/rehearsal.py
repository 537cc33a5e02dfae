"""What a rehearsal showed, as a row. Pure; the rehearsal itself is `candidate_agent.rehearsal`, begun by a click."""

from dataclasses import dataclass

from candidate_agent.checks.base import FAIL, PASS, PERSON, WARN, row
from exam_protocol.records import CheckRow

THRESHOLD = "all of it acknowledged"
ADVICE = {
    "lost": "Not everything arrived. In the exam it is kept here and sent later. A person will look at this.",
    "parts": "Not recorded: {missing}. Please look at these above, then try again. A person will look at this.",
    "again": "Everything arrived, but some of it had to be sent again. In the exam nothing is lost by that.",
}
WORDS = {"screen": "screen", "camera": "camera", "sound": "sound"}


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
        return row("rehearsal", FAIL, value, THRESHOLD, "lost")
    if done.missing:
        return row("rehearsal", PERSON, value, THRESHOLD, "parts", missing=done.missing)
    if done.again:
        return row("rehearsal", WARN, value, THRESHOLD, "again")
    return row("rehearsal", PASS, value, THRESHOLD)
