"""The canvas of the side-by-side film: panes of pictures, grey panels with words, clock and time line. Used by
`side_by_side`. I420 in one array; nothing here knows a file.
"""

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from exam_evidence.lettering import lettered

Image = npt.NDArray[np.uint8]

WIDTH, HEIGHT, BAR, CAMERA_WIDTH = 1280, 720, 40, 320
BLACK, GREY, LIGHT, WHITE, NEUTRAL = 16, 96, 150, 235, 128
LINE_LEFT, LINE_RIGHT = 300, WIDTH - 16


@dataclass(frozen=True, slots=True)
class Box:
    """Even numbers, since colour has half the resolution."""

    left: int
    top: int
    width: int
    height: int


def layout(screens: int, cameras: int) -> tuple[list[Box], list[Box]]:
    """Screens large on the left, below each other; cameras at their side. Either takes all where the other is not."""
    high = HEIGHT - BAR
    camera_width = (CAMERA_WIDTH if screens else WIDTH) if cameras else 0
    screen_width = WIDTH - camera_width
    each_screen, each_camera = (high // max(1, count) // 2 * 2 for count in (screens, cameras))
    if screens:
        each_camera = min(each_camera, CAMERA_WIDTH * 3 // 4)
    return (
        [Box(0, n * each_screen, screen_width, each_screen) for n in range(screens)],
        [Box(screen_width, n * each_camera, camera_width, each_camera) for n in range(cameras)],
    )


class Canvas:
    def __init__(self) -> None:
        self.pixels: Image = np.full((HEIGHT * 3 // 2, WIDTH), NEUTRAL, np.uint8)
        self.pixels[:HEIGHT] = BLACK

    def show(self, box: Box, frame: av.VideoFrame) -> None:
        """The whole picture, as large as the box allows, the rest black."""
        share = min(box.width / frame.width, box.height / frame.height)
        width, height = (max(2, int(side * share) // 2 * 2) for side in (frame.width, frame.height))
        scaled: Any = frame.reformat(width=width, height=height, format="yuv420p", interpolation="AREA")
        self.fill(box, BLACK)
        left, top = box.left + (box.width - width) // 4 * 2, box.top + (box.height - height) // 4 * 2
        for number, plane in enumerate(scaled.planes):
            part = 1 if number == 0 else 2
            rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
            target = self._plane(number)
            target[top // part : top // part + rows.shape[0], left // part : left // part + rows.shape[1]] = rows

    def fill(self, box: Box, luma: int) -> None:
        right, bottom = box.left + box.width, box.top + box.height
        self.pixels[box.top : bottom, box.left : right] = luma
        for number in (1, 2):
            self._plane(number)[box.top // 2 : bottom // 2, box.left // 2 : right // 2] = NEUTRAL

    def say(self, text: str, left: int, top: int, *, scale: int = 2, luma: int = WHITE) -> None:
        dots = lettered(text, scale)[: HEIGHT - top, : WIDTH - left]
        self.pixels[top : top + dots.shape[0], left : left + dots.shape[1]][dots] = luma

    def panel(self, box: Box, lines: tuple[str, ...]) -> None:
        """A grey panel with words in its middle."""
        self.fill(box, GREY)
        scale = 3 if box.width > 600 else 2
        for number, line in enumerate(lines):
            left = box.left + max(0, box.width - len(line) * 6 * scale) // 2
            self.say(line, left, box.top + box.height // 2 + (number * 10 - 5 * len(lines)) * scale, scale=scale)

    def bar(self, words: str, share: float, spans: list[tuple[float, float]]) -> None:
        """Clock and time line. `share`: how much is over; `spans`: where something was not recorded, as shares."""
        self.fill(Box(0, HEIGHT - BAR, WIDTH, BAR), BLACK)
        self.say(words, 12, HEIGHT - BAR + 13)
        top, wide = HEIGHT - BAR + 14, LINE_RIGHT - LINE_LEFT
        self.pixels[top : top + 12, LINE_LEFT:LINE_RIGHT] = LIGHT
        for begin, end in spans:
            left = LINE_LEFT + int(begin * wide)
            self.pixels[top : top + 12, left : max(left + 2, LINE_LEFT + int(end * wide))] = 48
        at = LINE_LEFT + int(share * (wide - 3))
        self.pixels[top - 6 : top + 18, at : at + 3] = WHITE

    def _plane(self, number: int) -> Image:
        """0: luma; 1, 2: colour, which lie one after the other below it."""
        if number == 0:
            return self.pixels[:HEIGHT]
        size = HEIGHT * WIDTH // 4
        start = HEIGHT * WIDTH + (number - 1) * size
        return self.pixels.reshape(-1)[start : start + size].reshape(HEIGHT // 2, WIDTH // 2)
