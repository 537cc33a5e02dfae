"""Runs attempts one after another and judges each: blocked, flagged within two seconds, or missed."""

import contextlib
import importlib
import pkgutil
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.escape import attempts as folder
from tests.escape.attempt import FLAG_S, Attempt, NotHere, Outcome, Seen, attempt, verdict
from tests.escape.known import KNOWN
from tests.escape.room import Room, rooms
from tests.rig.xserver import wait_for

RECOVER_S = 3.0
ROOM_ORDER = ("openbox", "xfwm4", "displays")


def all_attempts() -> list[Attempt]:
    """In the order in which they are run: those of one room together, those that end the exam last in it."""
    for module in sorted(found.name for found in pkgutil.iter_modules(folder.__path__)):
        importlib.import_module(f"{folder.__name__}.{module}")
    return sorted(attempt.attempts, key=lambda each: (ROOM_ORDER.index(each.room), each.alone, each.ends))


class Battery:
    def __init__(self, room_of: Callable[[str], Room]) -> None:
        self._room_of = room_of
        self._known = {miss.name for miss in KNOWN}
        self.left_out: dict[str, str] = {}

    def run(self, attempts: Sequence[Attempt]) -> Iterator[Outcome]:
        """In two lanes, each in its order; told as they come."""
        told: queue.Queue[Outcome | None] = queue.Queue()
        lanes = [[each for each in attempts if each.lane == number] for number in (0, 1)]
        threads = [threading.Thread(target=self._lane, args=(lane, told), daemon=True) for lane in lanes if lane]
        for thread in threads:
            thread.start()
        for _ in threads:
            while (outcome := told.get()) is not None:
                yield outcome
        for thread in threads:
            thread.join()

    def _lane(self, attempts: Sequence[Attempt], told: "queue.Queue[Outcome | None]") -> None:
        try:
            for outcome in self._one_after_the_other(attempts):
                told.put(outcome)
        finally:
            told.put(None)

    def _one_after_the_other(self, attempts: Sequence[Attempt]) -> Iterator[Outcome]:
        for each in attempts:
            began = time.monotonic()
            try:
                outcome = self._try(self._room_of(each.place), each)
                if outcome.verdict == "missed" and each.name not in self._known:
                    outcome = self._try(self._room_of(each.place), each)  # a second is long on a busy machine
                    outcome = replace(outcome, what=f"at the second try: {outcome.what}")
                yield replace(outcome, took_s=time.monotonic() - began)
            except NotHere as reason:
                self.left_out[each.name] = str(reason)

    def _try(self, room: Room, each: Attempt) -> Outcome:
        began = time.monotonic()
        try:
            self._make_ready(room, each)
            began = time.monotonic()
            seen = each.run(room)
        except NotHere:
            raise
        except Exception as error:  # whatever broke, the next attempt is run; this one counts as missed
            seen = Seen(True, f"the attempt broke off: {type(error).__name__} {error}")
        finally:
            room.end_children()
        outcome = self._judge(room, each, seen, began)
        if each.alone or each.ends:
            room.end_exam()
        return outcome

    def _make_ready(self, room: Room, each: Attempt) -> None:
        if each.alone:
            room.end_exam()
        elif room.calm():
            room.end_exam()
            room.begin_exam()
        if room.exam is not None:
            room.exam.ask("fresh")

    def _judge(self, room: Room, each: Attempt, seen: Seen, began: float) -> Outcome:
        locked, wrong = (True, "") if seen.ends else _recovers(room)
        exam = room.exam
        at = max(began, seen.at)
        flag = None
        if exam is not None:

            def told() -> bool:
                return any(found.code in each.tells for found in exam.flags(began))

            if seen.reached:
                with contextlib.suppress(AssertionError):
                    wait_for(told, "a flag", max(0.0, at + FLAG_S + 0.3 - time.monotonic()))
            flag = next((found for found in exam.flags(began) if found.code in each.tells), None)
        if flag is not None and flag.at > at + FLAG_S and seen.reached:
            seen = Seen(True, f"{seen.what}; {flag.code} came late, after {flag.at - at:.1f} s")
            flag = None
        judged = verdict(reached=seen.reached, flagged=flag is not None, locked=locked)
        what = seen.what if locked else f"{seen.what}; afterwards {wrong}"
        if flag is None:
            return Outcome(each, judged, what=what)
        return Outcome(each, judged, flag.code, round(flag.at - at, 2), what)


def _recovers(room: Room) -> tuple[bool, str]:
    """Locked and in front again, soon after the attempt ended."""
    until = time.monotonic() + RECOVER_S
    while (wrong := room.calm()) and time.monotonic() < until:
        room.pause(0.1)
    return not wrong, wrong


@contextlib.contextmanager
def battery(work_dir: Path) -> Iterator[Battery]:
    with rooms(work_dir) as room_of:
        yield Battery(room_of)
