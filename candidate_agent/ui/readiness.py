"""What a practice says about this computer: facts in, a judgement out. Pure; drawn by `readiness_page`.

What leads to the exam server is measured against a server on the same computer: such rows are shown and never judged.
"""

from dataclasses import dataclass
from enum import Enum

from exam_protocol.catalogue import CHECKS
from exam_protocol.records import CheckRow, FlagEntry

LOCAL = frozenset({"network_up", "network_down", "delay", "server", "download", "clock", "window"})
FAULTS = frozenset({"lockdown_failed", "recording_failed"})
_WORTH_A_LOOK = ("warn", "person", "fail")


class Verdict(Enum):
    """`value` is the exit status of `candidate-agent practice`; `LOOK` is ready, too."""

    READY = 0
    LOOK = 0.5
    BLOCKED = 20
    UNFINISHED = 21

    @property
    def exit_status(self) -> int:
        return int(self.value)

    @property
    def key(self) -> str:
        return f"readiness.verdict.{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one practice found out. `steps`: name and seconds, in order. `problem`: code and sentence."""

    steps: tuple[tuple[str, float], ...] = ()
    checks: tuple[CheckRow, ...] = ()
    flags: tuple[FlagEntry, ...] = ()
    reason: str = ""  # why it was over
    problem: tuple[str, str] | None = None
    is_exam_shown: bool = False
    restored: bool | None = None
    measures: tuple[tuple[str, str], ...] = ()
    is_receipt_complete: bool = False
    pictures_opened: int = 0


def judge(facts: Facts) -> Verdict:
    if facts.problem or facts.restored is False or facts.reason in FAULTS or blocking(facts.checks):
        return Verdict.BLOCKED
    if not facts.is_exam_shown or facts.restored is None:
        return Verdict.UNFINISHED
    return Verdict.LOOK if worth_a_look(facts.checks) else Verdict.READY


def blocking(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    """Checks that would keep a candidate from the exam."""
    return tuple(row for row in _own(rows) if row.outcome == "fail" and _blocks(row.code))


def worth_a_look(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    return tuple(row for row in _own(rows) if row.outcome in _WORTH_A_LOOK)


def for_a_person(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    """Checks that do not stop an exam and that a proctor sees and decides on."""
    return tuple(row for row in worth_a_look(rows) if row not in blocking(rows) and row.outcome != "warn")


def verdict_of(row: CheckRow) -> str:
    """Key of the word beside a row."""
    if row.code in LOCAL:
        return "readiness.local"
    if row.outcome == "fail" and not _blocks(row.code):
        return "verdict.fail.soft"
    return f"verdict.{row.outcome if row.outcome in (*_WORTH_A_LOOK, 'pass') else 'unmeasured'}"


def _blocks(code: str) -> bool:
    return code in CHECKS and CHECKS[code].blocks


def _own(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    return tuple(row for row in rows if row.code not in LOCAL)
