"""Words of others where nothing isolates them: a terminal, a report, a window's title. Pure; used by every program.

What would move a cursor, hide, or turn the direction of neighbouring words stands there as its code instead.
"""

import unicodedata

_JOINERS = "\u200c\u200d\u200e\u200f\u061c"  # of emoji and of scripts that need them; they turn nothing round


def plain(text: str, keep: str = "") -> str:
    """`keep`: characters that stay as they are, such as line ends where text may have several lines."""
    return "".join(mark if mark in keep or not _acts(mark) else _code(mark) for mark in text)


def _acts(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp") and mark not in _JOINERS


def _code(mark: str) -> str:
    return f"\\u{ord(mark):04x}"
