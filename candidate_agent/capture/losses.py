"""What was lost inside the program since it was last told, in one sentence for a technical flag. Pure; asked once a
second by `recording`. The whole count stands in the log entry that `summary` makes when a recording ends.
"""

from collections.abc import Mapping

AGAIN_US = 60_000_000


class Losses:
    """Of one pipeline. Told at once, then once a minute at most."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._told_us: int | None = None

    def news(self, stats: Mapping[str, float], now_us: int, *, last: bool = False) -> tuple[int, str] | None:
        """How many, and the sentence. `last`: the recording ends, and what is not told now is not told at all."""
        if not last and self._told_us is not None and now_us - self._told_us < AGAIN_US:
            return None
        counted = lost(stats)
        new = {name: count - self._told.get(name, 0) for name, count in counted.items()}
        if not any(new.values()):
            return None
        self._told, self._told_us = counted, now_us
        what = ", ".join(_words(name, count) for name, count in new.items() if count)
        return sum(new.values()), f"Lost inside the program, which did not keep up: {what}."


def lost(stats: Mapping[str, float]) -> dict[str, int]:
    """Pictures of each source, blocks of sound, and packets that could not be kept."""
    return {name: round(count) for name, count in stats.items() if name.endswith("_dropped") or name == "refused"}


def _words(name: str, count: int) -> str:
    if name == "refused":
        return f"{count} packet{'s' * (count > 1)}"
    source = name.removesuffix("_dropped")
    if source == "sound":
        return f"{count} block{'s' * (count > 1)} of sound"
    return f"{count} picture{'s' * (count > 1)} of {source.replace('_', ' ')}"
