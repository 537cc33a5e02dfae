"""A camera for a machine without one: compiles `v4l2_camera.c`, draws what it shows, and tells a child's environment.

A child started with `environment()` has a camera at /dev/video0 that its own V4L2 code opens. The scene drawn here: a
moving figure with a face, a time code of coloured cells and, where asked for, an identity card held up.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Scene = Callable[[int, int, int], Image]
"""(frame number, width, height) -> BGR picture."""

CODE_BITS = 10
CODE_CELLS = CODE_BITS + 2
RED, GREEN, BLACK, WHITE = (0, 0, 220), (0, 200, 0), (16, 16, 16), (235, 235, 235)
SKIN, HAIR, SHIRT, WALL = (150, 185, 230), (40, 50, 70), (150, 90, 50), (205, 205, 195)


# --- time code: a red cell, ten bits, a green cell ------------------------------------------------------------------


def code_colours(value: int) -> tuple[tuple[int, int, int], ...]:
    """BGR of each cell from left to right."""
    bits = [WHITE if value >> bit & 1 else BLACK for bit in reversed(range(CODE_BITS))]
    return (RED, *bits, GREEN)


def draw_code(image: Image, value: int, x: int = 0, y: int = 0, cell: int = 16) -> None:
    for index, colour in enumerate(code_colours(value % (1 << CODE_BITS))):
        image[y : y + cell, x + index * cell : x + (index + 1) * cell] = colour


def read_code(image: Image, x: int = 0, y: int = 0, cell: int = 16) -> int | None:
    """The value of a time code at this place in a BGR picture; None where there is none."""
    inner = cell // 4
    means = []
    for index in range(CODE_CELLS):
        left = x + index * cell
        means.append(image[y + inner : y + cell - inner, left + inner : left + cell - inner, :3].mean(axis=(0, 1)))
    first, last = means[0], means[-1]
    if not (first[2] > 120 > max(first[:2]) and last[1] > 120 > max(last[0], last[2])):
        return None
    return sum(1 << bit for bit, mean in zip(reversed(range(CODE_BITS)), means[1:-1], strict=True) if mean.mean() > 125)


# --- scenes ---------------------------------------------------------------------------------------------------------


def _room(width: int, height: int) -> Image:
    shade = np.linspace(0.85, 1.05, width)[None, :, None]
    wall = np.clip(np.array(WALL)[None, None, :] * shade, 0, 255).astype(np.uint8)
    image = np.repeat(wall, height, axis=0)
    cv2.rectangle(image, (width // 16, height // 8), (width // 4, height // 2), (190, 160, 120), -1)
    cv2.rectangle(image, (0, height * 15 // 16), (width, height), (90, 110, 140), -1)
    return image


def _face(image: Image, x: int, y: int, size: int) -> None:
    cv2.ellipse(image, (x, y - size // 6), (size * 3 // 4, size), 0, 0, 360, HAIR, -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y), (size * 2 // 3, size * 9 // 10), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (x + side * size // 4, y - size // 6)
        cv2.ellipse(image, eye, (size // 9, size // 16), 0, 0, 360, WHITE, -1, cv2.LINE_AA)
        cv2.circle(image, eye, size // 20, (60, 40, 30), -1, cv2.LINE_AA)
        cv2.line(image, (eye[0] - size // 8, eye[1] - size // 7), (eye[0] + size // 8, eye[1] - size // 7), HAIR, 3)
    cv2.line(image, (x, y - size // 10), (x - size // 14, y + size // 5), (120, 150, 200), 2, cv2.LINE_AA)
    cv2.ellipse(image, (x, y + size * 2 // 5), (size // 4, size // 12), 0, 0, 180, (80, 80, 170), -1, cv2.LINE_AA)


def person(number: int, width: int, height: int) -> Image:
    """Somebody at a desk who sways a little. The time code counts the frames."""
    image = _room(width, height)
    phase = number / 30 * 2 * np.pi
    x = int(width / 2 + width / 24 * np.sin(phase))
    y = int(height * 0.42 + height / 60 * np.sin(2 * phase))
    size = height // 5
    cv2.ellipse(image, (x, height), (size * 2, height // 3), 0, 180, 360, SHIRT, -1, cv2.LINE_AA)
    _face(image, x, y, size)
    cell = width // 40
    draw_code(image, number, width // 40, height - 2 * cell, cell)
    return image


def with_card(name: str, card_number: str) -> Scene:
    """The person holds up an identity card of no real kind."""

    def scene(number: int, width: int, height: int) -> Image:
        image = person(number, width, height)
        left, top, wide, high = width * 11 // 20, height // 2, width * 2 // 5, height * 3 // 10
        cv2.rectangle(image, (left, top), (left + wide, top + high), (235, 240, 228), -1)
        cv2.rectangle(image, (left, top), (left + wide, top + high // 5), (140, 90, 30), -1)
        scale = width / 1600
        _face(image, left + wide // 6, top + high * 6 // 10, high // 5)
        for row, text in enumerate(("STUDENT CARD", name, card_number, "VALID UNTIL 2099-12")):
            place = (left + (wide // 3 if row else wide // 20), top + high * (3 + 4 * row) // 20)
            colour = WHITE if row == 0 else BLACK
            cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, max(1, width // 640), cv2.LINE_AA)
        return image

    return scene


def dark(number: int, width: int, height: int) -> Image:
    """A room without light."""
    return (person(number, width, height) // 12).astype(np.uint8)


def frozen(number: int, width: int, height: int) -> Image:
    """The person, but the camera hangs."""
    return person(0 * number, width, height)


def capped(number: int, width: int, height: int) -> Image:
    """A lid before the lens: nothing but a little noise."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:: 7 + number] = 3
    return image


# --- the device -----------------------------------------------------------------------------------------------------


class CameraRig:
    """One camera device for the children of this program. Nothing happens before `build`."""

    def __init__(
        self, directory: Path, *, width: int = 1280, height: int = 960, per_s: int = 15, count: int = 30,
        name: str = "Rig Camera", driver: str = "uvcvideo", jpeg: Callable[[int, bytes], bytes] | None = None,
        backwards: bool = False,
    ) -> None:  # fmt: skip
        """`jpeg`: the camera sends JPEG pictures, of each what this makes of (number, whole picture). `backwards`: its
        time stamps go backwards."""
        self._jpeg, self._backwards = jpeg, backwards
        self.width, self.height, self.per_s, self.count = width, height, per_s, count
        self._name, self._driver = name, driver
        self._frames_path = directory / "camera.yuyv"
        self._library_path = directory / "v4l2_camera.so"
        self._unplugged_path = directory / "camera-unplugged"
        self._busy_path = directory / "camera-busy"
        self._other_path = directory / "camera-other"

    def build(self, scene: Scene = person) -> None:
        """Compiles the library and draws the frames. Raises CalledProcessError where gcc fails."""
        source = Path(__file__).with_name("v4l2_camera.c")
        subprocess.run(
            ["gcc", "-O2", "-shared", "-fPIC", "-pthread", "-o", str(self._library_path), str(source)], check=True
        )
        self.show(scene)

    def show(self, scene: Scene) -> None:
        """From now on the camera sees `scene`, also in programs that have it open."""
        mode = "r+b" if self._frames_path.exists() else "wb"
        with self._frames_path.open(mode) as file:
            for frame in self._draw(scene):
                file.write(frame.tobytes())

    def _draw(self, scene: Scene) -> Iterator[Image]:
        for number in range(self.count):
            picture = scene(number, self.width, self.height)
            if self._jpeg is not None:
                yield self._slot(self._jpeg(number, cv2.imencode(".jpg", picture)[1].tobytes()))
                continue
            yield cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_YUY2).astype(np.uint8, copy=False)

    def _slot(self, data: bytes) -> Image:
        """As many bytes as a raw frame has: the length, then the picture."""
        slot = np.zeros(self.width * self.height * 2, np.uint8)
        slot[: len(data) + 4] = np.frombuffer(len(data).to_bytes(4, "little") + data, np.uint8)
        return slot

    @property
    def frames_path(self) -> Path:
        """Raw YUYV frames of width x height."""
        return self._frames_path

    def environment(self, base: dict[str, str] | None = None) -> dict[str, str]:
        """What to add to a child's environment. `base` is the child's other environment, for its own LD_PRELOAD."""
        preload = [str(self._library_path), (os.environ if base is None else base).get("LD_PRELOAD", "")]
        return {
            "LD_PRELOAD": ":".join(filter(None, preload)),
            "RIG_CAMERA_FRAMES": str(self._frames_path),
            "RIG_CAMERA_SIZE": f"{self.width}x{self.height}",
            "RIG_CAMERA_RATE": str(self.per_s),
            "RIG_CAMERA_NAME": self._name,
            "RIG_CAMERA_DRIVER": self._driver,
            "RIG_CAMERA_UNPLUGGED": str(self._unplugged_path),
            "RIG_CAMERA_BUSY": str(self._busy_path),
            "RIG_CAMERA_OTHER": str(self._other_path),
            "RIG_CAMERA_JPEG": "1" if self._jpeg is not None else "",
            "RIG_CAMERA_BACKWARDS": "1" if self._backwards else "",
        }

    def unplug(self) -> None:
        self._unplugged_path.touch()

    def plug(self) -> None:
        self._unplugged_path.unlink(missing_ok=True)

    def exchange(self, name: str) -> None:
        """A camera of another name stands in its place, to be seen when it is opened anew; "": the first again."""
        if name:
            self._other_path.write_text(name, encoding="utf-8")
        else:
            self._other_path.unlink(missing_ok=True)

    def seize(self) -> None:
        """Another program holds the camera."""
        self._busy_path.touch()

    def release(self) -> None:
        self._busy_path.unlink(missing_ok=True)
