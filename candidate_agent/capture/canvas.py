"""The newest picture of a display, kept by its source: what is read of the display is compared and taken over.

Most of a screen stands still, so that a few rows are read, compared and handed on instead of eight megabytes.
"""

from candidate_agent.capture import shape
from candidate_agent.capture.shape import BAND_ROWS, Image
from candidate_agent.platforms.ports import Rows


class Canvas:
    """Of the thread that reads the display; others who look at `pixels` may see rows that are newer than the rest."""

    def __init__(self) -> None:
        self.pixels: Image | None = None

    def take_whole(self, pixels: Image) -> Rows | None:
        """Which rows are not as they were; None: none. `pixels` may be kept and written to."""
        if self.pixels is None or self.pixels.shape != pixels.shape:
            self.pixels = pixels if pixels.flags.writeable else pixels.copy()
            return 0, pixels.shape[0]
        return self.take(pixels, 0)

    def take(self, part: Image, first: int) -> Rows | None:
        """`part`: rows from `first` on, a multiple of a band, of a display of the size known."""
        assert self.pixels is not None, "a whole picture comes first"
        kept = self.pixels[first : first + part.shape[0]]
        changed = shape.changed_rows(kept, part)
        if changed is None:
            return None
        rows = slice(*changed)
        kept[rows] = part[rows]
        return first + changed[0], first + changed[1]


def in_bands(rows: Rows, height: int) -> Rows | None:
    """`rows` outwards to whole bands within a display of `height`; None: outside of it."""
    first, end = max(0, rows[0]), min(height, rows[1])
    if first >= end:
        return None
    return first // BAND_ROWS * BAND_ROWS, min(height, -(-end // BAND_ROWS) * BAND_ROWS)
