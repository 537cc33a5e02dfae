"""What every check is made of: the ports and probes it may ask, and the row it answers with. One file per check.

A check is `async def measure(context) -> CheckRow`: the measured value, the threshold that it met, one remedy in plain
words. It never decides more than that; `runner` runs them all and `exam_protocol.catalogue` says what a fail means.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from candidate_agent.platforms.ports import Picture, Platform
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow

PASS, WARN, FAIL, PERSON, UNMEASURED = "pass", "warn", "fail", "person", "unmeasured"
_RANK = {PASS: 0, WARN: 1, PERSON: 2, FAIL: 3}

T = TypeVar("T")


class Line(Protocol):
    """Figures of the line to the server; `skew_ms` is the server's clock minus ours."""

    @property
    def up_bps(self) -> float: ...

    @property
    def rtt_ms(self) -> float: ...

    @property
    def jitter_ms(self) -> float: ...

    @property
    def skew_ms(self) -> float: ...


@dataclass(frozen=True, slots=True)
class FoundProgram:
    """Runs, and is not allowed in this exam. `stays`: it was asked to close and did not."""

    name: str
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """`picture`: the latest of the camera that is open now. `sound`: the microphone's last second or so, int16 mono.
    `line` raises AgentError where the server cannot be reached. `programs`: those that run and are not allowed.
    `allows` a program by what its process and its window call it. Probes but `line` may block; they are called off the
    loop."""

    platform: Platform
    policy: Policy
    spool_dir: Path
    planned_spool_bytes: int
    picture: Callable[[], Picture | None]
    sound: Callable[[], npt.NDArray[np.int16] | None]
    line: Callable[[], Awaitable[Line]]
    programs: Callable[[], tuple[FoundProgram, ...]]
    allows: Callable[[tuple[str, ...]], bool] = lambda names: False


Check = Callable[[Context], Awaitable[CheckRow]]


def row(code: str, outcome: str, value: float | str | None, threshold: str, remedy: str = "") -> CheckRow:
    return CheckRow(code, outcome, value, CHECKS[code].unit, threshold, remedy)


def unmeasured(code: str, reason: str) -> CheckRow:
    return row(code, UNMEASURED, None, "", reason)


def grade(value: float, passes_from: float, warns_from: float) -> str:
    """For figures that are better the higher they are."""
    return PASS if value >= passes_from else WARN if value >= warns_from else FAIL


def worst(*outcomes: str) -> str:
    return max(outcomes, key=_RANK.__getitem__)


async def off_loop(ask: Callable[[], T]) -> T:
    """Asks on a thread that nobody has to wait for: a question that hangs holds up neither loop nor exit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(value)  # type: ignore[arg-type]  # None only where T allows it

    def work() -> None:
        value: T | None = None
        error: BaseException | None = None
        try:
            value = ask()
        except Exception as problem:  # handed to the one who asked
            error = problem
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=work, name="check", daemon=True).start()
    return await answer
