"""What every check is made of: the ports and probes it may ask, and the row it answers with. One file per check.

A check is `async def measure(context) -> CheckRow`: the measured value, the threshold that it met, one remedy in plain
words. It never decides more than that; `runner` runs them all and `exam_protocol.catalogue` says what a fail means.

Sentences are English for records and proctors, and have a code each, by which the page says them in the candidate's
language: `ADVICE` of a check's module (its name is the check's code), `advice.<check>.<code>` in the page's catalogues.
"""

import asyncio
import importlib
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from candidate_agent.base.errors import AgentError
from candidate_agent.platforms.ports import Picture, Platform, Unsupported
from exam_protocol.catalogue import CHECKS
from exam_protocol.policy import Policy
from exam_protocol.records import CheckRow, CheckWord

PASS, WARN, FAIL, PERSON, UNMEASURED = "pass", "warn", "fail", "person", "unmeasured"
_RANK = {PASS: 0, WARN: 1, PERSON: 2, FAIL: 3}

T = TypeVar("T")


class Line(Protocol):
    """Figures of the line to the server; `skew_ms` is the server's clock minus ours. None: could not be measured."""

    @property
    def up_bps(self) -> float | None: ...

    @property
    def down_bps(self) -> float | None: ...

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
    """`picture`: the latest of the camera that is open now; `camera_problem`: code of why it cannot be opened, or "".
    `sound`: the microphone's last second or so, int16 mono. `line` raises AgentError where the server cannot be
    reached. `programs`: those that run and are not allowed. `allows` a program by what its process and its window call
    it. Probes but `line` may block; they are called off the loop.

    `assistive`: how many programs that help a person run, and how many of them nobody declared. `download`: a small
    file of the server; raises AgentError. `opens` it. `encoder`: how many times faster than real time this computer
    records; None: it cannot. `window`: opening and closing of the exam, Unix ms. `has_server` False: there is none to
    ask."""

    platform: Platform
    policy: Policy
    spool_dir: Path
    planned_spool_bytes: int
    picture: Callable[[], Picture | None]
    sound: Callable[[], npt.NDArray[np.int16] | None]
    line: Callable[[], Awaitable[Line]]
    programs: Callable[[], tuple[FoundProgram, ...]]
    allows: Callable[[tuple[str, ...]], bool] = lambda names: False
    camera_problem: Callable[[], str] = lambda: ""
    assistive: Callable[[], tuple[int, int]] = lambda: (0, 0)
    download: Callable[[], bytes] = lambda: b""
    opens: Callable[[bytes], bool] = bool
    encoder: Callable[[], float] | None = None
    window: tuple[int, int] | None = None
    wall_ms: Callable[[], int] = lambda: 0
    has_server: bool = True


Check = Callable[[Context], Awaitable[CheckRow]]


ADVICE = {
    "too_long": "This took too long to measure. Please try again.",
    "broke": "This could not be measured ({error}). Please try again.",
    "no_picture": "There is no camera picture to measure.",
    "no_sound": "There is no sound to measure.",
    "no_server": "There is no exam server to ask. Start from your exam link, or name the server.",
    "network": "Please check your network connection and try again.",
    "no_session": "This can be measured only with the start link of your exam.",
}
"""For all checks: named with "any." before the code."""


LACKING = {
    "wayland": (
        "This desktop session shows programs neither the other windows nor the keys. Please log in to an X11 session."
    ),
    "desktop": "No desktop answers here. Please start this program from your desktop.",
    "extension": "The display of this computer lacks something that is needed to look at this.",
    "library": "A part of this program for this computer is missing or broken. Please install the program again.",
    "permissions": "This system does not tell what it lets this program do.",
    "simulated": "This is a simulated computer without such a device.",
}
"""Why a system cannot be asked at all, by the code of `Unsupported`; the record has the port's own sentence."""


def row(
    code: str, outcome: str, value: float | str | None, threshold: str, advice: str = "", **values: CheckWord
) -> CheckRow:
    """`advice`: codes of sentences in the check's ADVICE, with spaces between; "any.…" is one for all checks, and
    "problem.…" the page's text of an error, in English `reason`. They, `threshold` and a `value` in words take their
    {placeholders} from `values`; numbers come rounded, lists name words of the check's WORDS or themselves."""
    words: dict[str, str] = getattr(_module(code), "WORDS", {}) if values else {}
    filled = {name: _worded(given, words) for name, given in values.items()}
    said = " ".join(_sentence(code, each) for each in advice.split()).format_map(filled)
    measured = value.format_map(filled) if isinstance(value, str) else value
    unit = "" if isinstance(measured, str) else CHECKS[code].unit
    return CheckRow(code, outcome, measured, unit, threshold.format_map(filled), said, advice, values)


def unmeasured(code: str, reason: str, advice: str = "") -> CheckRow:
    """`reason`: a sentence of a port or an error; `advice`: its whole key in the page's catalogues, if it has one."""
    return CheckRow(code, UNMEASURED, None, CHECKS[code].unit, "", reason, advice)


def absent(code: str, port: Unsupported) -> CheckRow:
    return unmeasured(code, port.reason, f"lacking.{port.code}" if port.code else "")


def refused(code: str, error: AgentError) -> CheckRow:
    return unmeasured(code, error.text, f"problem.{error.code}.what")


def _sentence(code: str, advice: str) -> str:
    if advice.startswith("problem."):
        return "{reason}"
    shared = advice.removeprefix("any.")
    return ADVICE[shared] if shared != advice else str(_module(code).ADVICE[advice])


def _module(code: str) -> Any:
    return importlib.import_module(f"candidate_agent.checks.{code}")


def _worded(given: CheckWord, words: dict[str, str]) -> str:
    if isinstance(given, str):
        return given
    return f"{given:g}" if isinstance(given, int | float) else ", ".join(words.get(each, each) for each in given)


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
