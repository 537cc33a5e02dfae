"""Turns observations over time into flags. Pure: time comes in as a value, nothing is ordered, nothing is read.

A flag says what was seen, in words and numbers. It never says what it means. Thresholds: `catalogues` of the project.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.monitor.folding import WINDOW_US, Finding, Folding
from candidate_agent.monitor.observations import (
    ClipboardSeen,
    ClocksSeen,
    CombinationSeen,
    CoverSeen,
    DisplaysSeen,
    FrontSeen,
    FullscreenSeen,
    Observation,
    ProgramSeen,
)
from exam_protocol.catalogue import FLAGS, Severity
from exam_protocol.records import FlagEntry

FOCUS_LOST_US = 2_000_000
FOCUS_LOST_OFTEN = 3  # from this one on the flag weighs more
FULLSCREEN_LEFT_US = 1_000_000
COVERED_SHARE = 0.02
CLOCK_JUMP_US = 5_000_000
SUSPENDED_US = 5_000_000
PRINT_KEY = "Print"
PRINT_ON_MAC = frozenset("3456")  # with Cmd and Shift


class Rules:
    """One exam's memory of what was seen. `max_displays` as the policy allows; `muted` by accommodation."""

    def __init__(self, *, max_displays: int = 1, muted: frozenset[str] = frozenset()) -> None:
        self._max_displays = max_displays
        self._muted = muted
        self._folding = Folding()
        self._shown: frozenset[str] = frozenset()
        self._mirrors: frozenset[str] = frozenset()
        self._front = _Lapse(FOCUS_LOST_US)
        self._full = _Lapse(FULLSCREEN_LEFT_US)
        self._losses = 0
        self._programs: dict[str, int] = {}  # name -> when a process of it was last seen to start
        self._clocks: tuple[int, ClocksSeen] | None = None
        self._judges: dict[type, Callable[[Any, int], list[Finding]]] = {
            DisplaysSeen: self._displays,
            FrontSeen: self._in_front,
            FullscreenSeen: self._fullscreen,
            CoverSeen: self._cover,
            CombinationSeen: self._combination,
            ClipboardSeen: self._clipboard,
            ProgramSeen: self._program,
            ClocksSeen: self._clock,
        }

    def judge(self, observation: Observation, now_us: int) -> tuple[FlagEntry, ...]:
        """Flags that the observation calls for, now. `now_us` in session microseconds, never going back."""
        return self._fold(self._judges[type(observation)](observation, now_us), now_us)

    def tick(self, now_us: int) -> tuple[FlagEntry, ...]:
        """What time alone brings: a loss that lasts, a minute that ends. At least once a second."""
        found = self._lasting_loss(now_us) + self._lasting_window(now_us)
        return self._fold(found, now_us)

    def end(self) -> tuple[FlagEntry, ...]:
        return self._unmuted(self._folding.close_all())

    def _fold(self, found: list[Finding], now_us: int) -> tuple[FlagEntry, ...]:
        flags = self._folding.close_until(now_us)
        for finding in found:
            flags += self._folding.add(finding)
        return self._unmuted(flags)

    def _unmuted(self, flags: tuple[FlagEntry, ...]) -> tuple[FlagEntry, ...]:
        return tuple(flag for flag in flags if flag.code not in self._muted)

    def _displays(self, seen: DisplaysSeen, now_us: int) -> list[Finding]:
        """A mirror shows what the first one shows: it is no second display, but somebody may look at it."""
        mirrors = frozenset(display.name for display in seen.displays if display.mirrors)
        shown = frozenset(display.name for display in seen.displays) - mirrors
        found = []
        if len(shown) > self._max_displays and shown - self._shown:
            reason = f"{len(shown)} displays are in use; {self._max_displays} allowed."
            found.append(_at("DISPLAY_ADDED", reason, now_us, displays=len(shown)))
        if mirrors - self._mirrors:
            found.append(
                _at("DISPLAY_MIRRORED", "Another display shows the same picture.", now_us, mirrors=len(mirrors))
            )
        self._shown, self._mirrors = shown, mirrors
        return found

    def _in_front(self, seen: FrontSeen, now_us: int) -> list[Finding]:
        found = self._lasting_loss(now_us)
        self._front.see(seen.ours, now_us)
        return found

    def _lasting_loss(self, now_us: int) -> list[Finding]:
        since_us = self._front.due(now_us)
        if since_us is None:
            return []
        self._losses += 1
        return [
            Finding(
                "FOCUS_LOST",
                f"Another window was in front for {_seconds(now_us - since_us)} s or longer.",
                since_us,
                now_us,
                severity=Severity.MEDIUM.value if self._losses >= FOCUS_LOST_OFTEN else "",
                numbers=(("losses", self._losses), ("seconds", _seconds(now_us - since_us))),
            )
        ]

    def _fullscreen(self, seen: FullscreenSeen, now_us: int) -> list[Finding]:
        found = self._lasting_window(now_us)
        self._full.see(seen.fullscreen, now_us)
        return found

    def _lasting_window(self, now_us: int) -> list[Finding]:
        since_us = self._full.due(now_us)
        if since_us is None:
            return []
        seconds = _seconds(now_us - since_us)
        reason = "The exam did not fill the screen."
        return [Finding("FULLSCREEN_LEFT", reason, since_us, now_us, numbers=(("seconds", seconds),))]

    def _cover(self, seen: CoverSeen, now_us: int) -> list[Finding]:
        if seen.share <= COVERED_SHARE:
            return []
        percent = round(100 * seen.share)
        return [_at("OVERLAY_TOPMOST", "A window lay over the exam.", now_us, percent=percent)]

    def _combination(self, seen: CombinationSeen, now_us: int) -> list[Finding]:
        if _prints(frozenset(seen.name.split("+"))):
            return [_at("PRINT_SCREEN", f"{seen.name} was pressed.", now_us)]
        return [_at("SHORTCUT_BLOCKED", f"{seen.name} was pressed.", now_us)]

    def _clipboard(self, seen: ClipboardSeen, now_us: int) -> list[Finding]:
        return [_at("CLIPBOARD_USED", f"Another program took the clipboard ({seen.selection}).", now_us)]

    def _program(self, seen: ProgramSeen, now_us: int) -> list[Finding]:
        code = seen.category.upper()
        if code not in FLAGS:
            return []
        last_us = self._programs.get(seen.name)
        self._programs[seen.name] = now_us
        if last_us is not None and now_us - last_us < WINDOW_US:
            return []  # one program of many processes
        reason = f"{FLAGS[code].title}: {seen.name}."
        return [Finding(code, reason, now_us, now_us, subject=seen.name)]

    def _clock(self, seen: ClocksSeen, now_us: int) -> list[Finding]:
        """The wall clock should go on by what the steady clock went on, and by the time asleep."""
        before, self._clocks = self._clocks, (now_us, seen)
        if before is None:
            return []
        then_us, then = before
        asleep_us = seen.asleep_us - then.asleep_us
        jump_us = (seen.wall_ms - then.wall_ms) * 1000 - (now_us - then_us) - asleep_us
        found = []
        if abs(jump_us) > CLOCK_JUMP_US:
            way = "forward" if jump_us > 0 else "back"
            reason = f"The clock was set {way} by {_seconds(abs(jump_us))} s."
            found.append(_since("CLOCK_JUMP", reason, then_us, now_us, seconds=_seconds(jump_us)))
        if asleep_us > SUSPENDED_US:
            reason = f"The computer was asleep for {_seconds(asleep_us)} s."
            found.append(_since("SUSPENDED", reason, then_us, now_us, seconds=_seconds(asleep_us)))
        return found


class _Lapse:
    """A state that should hold, and since when it does not. Due once per lapse."""

    def __init__(self, after_us: int) -> None:
        self._after_us = after_us
        self._since_us: int | None = None
        self._told = False

    def see(self, holds: bool, now_us: int) -> None:
        if holds:
            self._since_us, self._told = None, False
        elif self._since_us is None:
            self._since_us = now_us

    def due(self, now_us: int) -> int | None:
        """Since when, if it is long enough and was not told yet."""
        if self._since_us is None or self._told or now_us - self._since_us < self._after_us:
            return None
        self._told = True
        return self._since_us


def _prints(keys: frozenset[str]) -> bool:
    """Whether a combination makes a picture of the screen."""
    return PRINT_KEY in keys or (keys >= {"Cmd", "Shift"} and bool(keys & PRINT_ON_MAC))


def _seconds(us: int) -> float:
    return round(us / 1e6, 1)


def _at(code: str, reason: str, at_us: int, **numbers: float) -> Finding:
    return _since(code, reason, at_us, at_us, **numbers)


def _since(code: str, reason: str, from_us: int, to_us: int, **numbers: float) -> Finding:
    return Finding(code, reason, from_us, to_us, numbers=tuple(numbers.items()))
