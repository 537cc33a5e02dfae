"""Rules about keys and the clipboard: names of combinations and counts, never characters. Pure; asked by `rules`."""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, at, since
from candidate_agent.monitor.observations import ClipboardSeen, CombinationSeen, KeysSeen

PRINT_KEY = "Print"
PRINT_ON_MAC = frozenset("3456")  # with Cmd and Shift
INJECTED_WINDOW_US = 5_000_000
INJECTED_WINDOWS = 5  # so many windows back are looked at,
INJECTED_FROM = 3  # and so many of them have keys that a program sent
BURST_KEYS_PER_S = 50  # (j) a held key repeats 25 to 40 times a second, a very fast typist makes 20 strokes


class InputRules:
    """`typed_for`: a program that types for the candidate is allowed."""

    def __init__(self, typed_for: bool) -> None:
        self._typed_for = typed_for
        self._injected: dict[int, int] = {}  # number of the window -> keys
        self.judges: dict[type, Callable[[Any, int], list[Finding]]] = {
            CombinationSeen: self._see_combination,
            KeysSeen: self._see_keys,
            ClipboardSeen: self._see_clipboard,
        }

    def _see_combination(self, seen: CombinationSeen, now_us: int) -> list[Finding]:
        reason = f"{seen.name} was {'sent by a program' if seen.injected else 'pressed'}."
        code = "PRINT_SCREEN" if _prints(frozenset(seen.name.split("+"))) else "SHORTCUT_BLOCKED"
        return [at(code, reason, now_us)]

    def _see_clipboard(self, seen: ClipboardSeen, now_us: int) -> list[Finding]:
        return [at("CLIPBOARD_USED", f"Another program took the clipboard ({seen.selection}).", now_us)]

    def _see_keys(self, seen: KeysSeen, now_us: int) -> list[Finding]:
        if self._typed_for:
            return []
        return self._burst(seen, now_us) + self._sustained(seen, now_us)

    def _burst(self, seen: KeysSeen, now_us: int) -> list[Finding]:
        per_s = seen.pressed * 1000 / max(seen.over_ms, 1000)
        if per_s < BURST_KEYS_PER_S:
            return []
        reason = f"{seen.pressed} keys went down within {seen.over_ms / 1000:.1f} s."
        return [since("INPUT_BURST", reason, max(0, now_us - max(0, seen.over_ms) * 1000), now_us, keys=seen.pressed)]

    def _sustained(self, seen: KeysSeen, now_us: int) -> list[Finding]:
        number = now_us // INJECTED_WINDOW_US
        self._injected = {then: keys for then, keys in self._injected.items() if number - then < INJECTED_WINDOWS}
        if seen.injected <= 0:
            return []
        self._injected[number] = self._injected.get(number, 0) + seen.injected
        if len(self._injected) < INJECTED_FROM:
            return []
        keys, first_us = sum(self._injected.values()), min(self._injected) * INJECTED_WINDOW_US
        reason = f"A program sent {keys} key presses within {(now_us - first_us) // 1_000_000} s."
        windows, self._injected = len(self._injected), {}
        return [since("INPUT_INJECTED", reason, first_us, now_us, keys=keys, windows=windows)]


def _prints(keys: frozenset[str]) -> bool:
    """Whether a combination makes a picture of the screen."""
    return PRINT_KEY in keys or (keys >= {"Cmd", "Shift"} and bool(keys & PRINT_ON_MAC))
