"""Rules about displays and windows: what lies beside, over or before the exam, and whether it fills its display. Pure.

Asked by `rules`. Thresholds are those of the project's catalogue; one marked (j) rests on judgement alone.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, at, seconds, since
from candidate_agent.monitor.observations import (
    CoverageSeen,
    CoverSeen,
    DisplaysSeen,
    FrontSeen,
    FrontTaken,
    HiddenWindowSeen,
    OurWindowSeen,
)
from candidate_agent.platforms.ports import Display, Window
from exam_protocol.catalogue import Severity

FOCUS_LOST_US = 2_000_000
FOCUS_LOST_OFTEN = 3  # from this one on the flag weighs more
FULLSCREEN_LEFT_US = 1_000_000
COVERED_SHARE = 0.02
SMALL_SHARE = 0.10  # (j) a notification or the volume's panel: told, but as low unless it stays
COVER_STAYS_US = 10_000_000  # (j) longer than what the desktop shows by itself
NOTE_SHARE = 0.003  # (j) room for a line of writing; a pointer's tip and a panel's edge are smaller
NOTE_STAYS_US = 1_000_000  # (j) longer than what is dragged or passes by


class WindowRules:
    def __init__(self, max_displays: int) -> None:
        self._max_displays = max_displays
        self._displays: tuple[Display, ...] = ()
        self._shown: frozenset[str] = frozenset()
        self._mirrors: frozenset[str] = frozenset()
        self._ours: tuple[Window | None] | None = None  # not seen yet
        self._front = _Lapse(FOCUS_LOST_US)
        self._full = _Lapse(FULLSCREEN_LEFT_US)
        self._uncovered = _Lapse(COVER_STAYS_US)
        self._covered_share = 0.0
        self._noted_us: int | None = None  # since when something lies over ours, however small
        self._cover_told = False
        self._losses = 0
        self._takes = 0  # since the front was last ours
        self._hidden: set[int] = set()
        self.judges: dict[type, Callable[[Any, int], list[Finding]]] = {
            DisplaysSeen: self._see_displays,
            FrontSeen: self._see_front,
            FrontTaken: self._count_take,
            OurWindowSeen: self._see_ours,
            CoverSeen: self._see_cover,
            CoverageSeen: self._see_coverage,
            HiddenWindowSeen: self._see_hidden,
        }

    def lasting(self, now_us: int) -> list[Finding]:
        return self._lasting_loss(now_us) + self._lasting_window(now_us) + self._lasting_cover(now_us)

    def _see_displays(self, seen: DisplaysSeen, now_us: int) -> list[Finding]:
        """A mirror shows what the first one shows: it is no second display, but somebody may look at it."""
        mirrors = frozenset(display.name for display in seen.displays if display.mirrors)
        shown = frozenset(display.name for display in seen.displays) - mirrors
        found = []
        if len(shown) > self._max_displays and shown - self._shown:
            reason = f"{len(shown)} displays are in use; {self._max_displays} allowed."
            found.append(at("DISPLAY_ADDED", reason, now_us, displays=len(shown)))
        if mirrors - self._mirrors:
            reason = "Another display shows the same picture."
            found.append(at("DISPLAY_MIRRORED", reason, now_us, mirrors=len(mirrors)))
        self._displays, self._shown, self._mirrors = seen.displays, shown, mirrors
        return found + (self._see_ours(OurWindowSeen(self._ours[0]), now_us) if self._ours else [])

    def _see_front(self, seen: FrontSeen, now_us: int) -> list[Finding]:
        found = self._lasting_loss(now_us)
        self._front.see(seen.ours, now_us)
        if seen.ours:
            self._takes = 0
        return found

    def _count_take(self, seen: FrontTaken, now_us: int) -> list[Finding]:
        self._takes += 1
        return []

    def _lasting_loss(self, now_us: int) -> list[Finding]:
        since_us = self._front.due(now_us)
        if since_us is None:
            return []
        self._losses += 1
        gone_s = seconds(now_us - since_us)
        return [
            Finding(
                "FOCUS_LOST",
                f"Another window was in front for {gone_s} s or longer.",
                since_us,
                now_us,
                severity=Severity.MEDIUM.value if self._losses >= FOCUS_LOST_OFTEN else "",
                numbers=(("losses", self._losses), ("seconds", gone_s), ("taken_back", self._takes)),
            )
        ]

    def _see_ours(self, seen: OurWindowSeen, now_us: int) -> list[Finding]:
        found = self._lasting_window(now_us)
        self._ours = (seen.window,)
        panned = any(display.pans for display in self._displays)  # no display shows all of the exam then
        self._full.see(not panned and fills(seen.window, self._displays), now_us)
        return found

    def _lasting_window(self, now_us: int) -> list[Finding]:
        since_us = self._full.due(now_us)
        if since_us is None:
            return []
        hidden = self._ours is not None and self._ours[0] is None
        reason = "The exam could not be seen." if hidden else "The exam did not fill the screen."
        return [since("FULLSCREEN_LEFT", reason, since_us, now_us, seconds=seconds(now_us - since_us))]

    def _see_cover(self, seen: CoverSeen, now_us: int) -> list[Finding]:
        if seen.share > NOTE_SHARE and self._noted_us is None:
            self._noted_us = now_us
        if seen.share <= COVERED_SHARE:
            return []
        self._cover_told = True
        what = f"A window of {seen.name}" if seen.name else "A window"
        low = Severity.LOW.value if seen.share <= SMALL_SHARE else ""
        subject = f"{seen.name} {low}"  # a large one does not wait for the end of a small one's minute
        numbers = (("percent", _percent(seen.share)),)
        return [Finding("OVERLAY_TOPMOST", f"{what} lay over the exam.", now_us, now_us, subject, low, numbers)]

    def _see_coverage(self, seen: CoverageSeen, now_us: int) -> list[Finding]:
        found = self._lasting_cover(now_us)
        self._covered_share = seen.share
        self._uncovered.see(seen.share <= COVERED_SHARE, now_us)
        return found + self._note(seen.share, now_us)

    def _note(self, share: float, now_us: int) -> list[Finding]:
        """What no single window's size told: several small ones together, or a small one that stays."""
        if share <= NOTE_SHARE:
            self._noted_us, self._cover_told = None, False
            return []
        if self._noted_us is None:
            self._noted_us = now_us
        if self._cover_told or (share <= COVERED_SHARE and now_us - self._noted_us < NOTE_STAYS_US):
            return []
        self._cover_told = True
        low = Severity.LOW.value if share <= SMALL_SHARE else ""
        what = "A small window stayed over the exam." if share <= COVERED_SHARE else "Small windows lay over the exam."
        numbers = (("percent", _percent(share)),)
        return [Finding("OVERLAY_TOPMOST", what, self._noted_us, now_us, f"note {low}", low, numbers)]

    def _lasting_cover(self, now_us: int) -> list[Finding]:
        since_us = self._uncovered.due(now_us)
        if since_us is None:
            return []
        stayed_s, percent = seconds(now_us - since_us), _percent(self._covered_share)
        reason = f"A window lay over the exam for {stayed_s} s or longer."
        numbers = (("percent", percent), ("seconds", stayed_s))
        return [Finding("OVERLAY_TOPMOST", reason, since_us, now_us, "stays", numbers=numbers)]

    def _see_hidden(self, seen: HiddenWindowSeen, now_us: int) -> list[Finding]:
        if seen.window_id in self._hidden:
            return []
        self._hidden.add(seen.window_id)
        what = f"A window of {seen.name}" if seen.name else "A window"
        reason = f"{what} asks not to be recorded."
        return [Finding("WINDOW_HIDDEN_FROM_CAPTURE", reason, now_us, now_us, subject=seen.name)]


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


def fills(window: Window | None, displays: tuple[Display, ...]) -> bool:
    """Whether our window can be seen, is fullscreen and covers one whole display."""
    if window is None or not window.fullscreen:
        return False
    return not displays or any(
        window.x <= display.x
        and window.y <= display.y
        and window.x + window.width >= display.x + display.width
        and window.y + window.height >= display.y + display.height
        for display in displays
    )


def covered_share(under: Window, over: Window) -> float:
    """Share of `under` that lies below `over`, 0..1."""
    width = min(under.x + under.width, over.x + over.width) - max(under.x, over.x)
    height = min(under.y + under.height, over.y + over.height) - max(under.y, over.y)
    area = under.width * under.height
    return max(0, width) * max(0, height) / area if area > 0 else 0.0


def _percent(share: float) -> int:
    return round(100 * min(1.0, share))
