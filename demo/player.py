"""Plays steps in order, one progress line each; the first that fails ends the play, and the rest counts as not run."""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from demo.failure import StepFailed
from demo.result import NOT_RUN, StepResult

Play = Callable[[], str]


class TimeOver(Exception):
    """Not a StepFailed: what waits must not take it for "not yet"."""


@dataclass(frozen=True, slots=True)
class Step:
    """`play` returns one sentence on what was seen, or raises."""

    name: str
    play: Play


def play_all(
    steps: Sequence[Step], *, output_dir: Path, on_failure: Callable[[int], None], say: Callable[[str], None]
) -> tuple[StepResult, ...]:
    """`on_failure(number)` is called once, to take pictures of what went wrong."""
    results: list[StepResult] = []
    for number, step in enumerate(steps, 1):
        if results and not results[-1].ok:
            results.append(StepResult(step.name, False, 0.0, NOT_RUN))
            continue
        say(f"{number:2}/{len(steps)}  {step.name} …")
        result = _play(number, step, output_dir)
        say(f"{'':5}  {'ok' if result.ok else 'FAILED'} in {result.seconds:.1f} s: {result.detail}")
        if not result.ok:
            on_failure(number)
        results.append(result)
    return tuple(results)


def _play(number: int, step: Step, output_dir: Path) -> StepResult:
    begun = time.monotonic()
    try:
        detail, ok = step.play(), True
    except Exception as error:  # whatever it is, the summary names it and everything is put away
        ok = False
        detail = str(error) if isinstance(error, StepFailed | TimeOver) else f"{type(error).__name__}: {error}"
        (output_dir / f"{number:02d}-failure.txt").write_text(traceback.format_exc(), encoding="utf-8")
    return StepResult(step.name, ok, round(time.monotonic() - begun, 2), detail)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeOver in the main thread when the time is over; SIGTERM ends the program by way of every `finally`."""

    def over(number: int, frame: FrameType | None) -> None:
        raise TimeOver(f"the whole sitting took longer than {seconds:.0f} s")

    def ended(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before_alarm, before_term = signal.signal(signal.SIGALRM, over), signal.signal(signal.SIGTERM, ended)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before_alarm)
        signal.signal(signal.SIGTERM, before_term)
