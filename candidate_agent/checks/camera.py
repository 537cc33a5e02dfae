"""Whether a camera is there, gives pictures that show something, how large and how many a second, and is a real
device. A picture that stands still or is black shows nothing: the identity picture would be refused for it, too.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from candidate_agent.base.pixels import is_black, mark
from candidate_agent.checks.base import FAIL, PASS, WARN, Context, absent, off_loop, row
from candidate_agent.platforms.ports import Camera, Picture, Unsupported
from exam_protocol.records import CheckRow

WATCH_S = 2.0
LOOK_INTERVAL_S = 0.02
GOOD = (1280, 720, 15.0)
USABLE = (640, 480, 10.0)
TOLERANCE = 0.85  # a camera set to 15 pictures a second gives a few less
THRESHOLD = "1280×720 at 15 a second; 640×480 at 10 is usable"
VALUE = "{size} at {per_s}/s"
VALUES = ("no camera", "virtual camera", "no picture", "in use", "black", "stands still")
FEW = 3  # pictures that tell nothing about standing still
ADVICE = {
    "missing": "No camera was found. Please connect one, or switch it on, and try again.",
    "only_virtual": "“{name}” is a virtual camera. Please use a real one.",
    "no_picture": "The camera gives no picture. Please close other programs that use it, and open its cover.",
    "busy": "Another program uses the camera. Please close meeting programs and browser tabs, then check again.",
    "black": "The camera's picture is black. Please open its slide or take its cap off, then check again.",
    "frozen": "The camera's picture stands still. Please unplug it and plug it in again, or choose another one.",
    "too_little": "The camera's picture is too small or too slow. Please use another camera, or close other programs.",
    "also_virtual": "A virtual camera is installed beside the real one. Please leave it switched off during the exam.",
    "usable": "The camera's picture is usable.",
}


async def measure(context: Context) -> CheckRow:
    port = context.platform.cameras
    if isinstance(port, Unsupported):
        return absent("camera", port)
    cameras = await off_loop(port.cameras)
    missing = judge_devices(cameras)
    if missing is not None:
        return missing
    seen = await watch(context.picture)
    if not seen.per_s and context.camera_problem() == "camera_busy":
        return row("camera", FAIL, "in use", THRESHOLD, "busy")
    return judge(seen.size, seen.per_s, any(camera.virtual for camera in cameras), seen.trouble)


def judge_devices(cameras: tuple[Camera, ...]) -> CheckRow | None:
    if not cameras:
        return row("camera", FAIL, "no camera", THRESHOLD, "missing")
    if all(camera.virtual for camera in cameras):
        return row("camera", FAIL, "virtual camera", THRESHOLD, "only_virtual", name=cameras[0].name)
    return None


@dataclass(slots=True)
class Seen:
    """What came in one look, by the time each picture was taken. `size` (0, 0): nothing came."""

    taken: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)
    is_black: bool = True
    size: tuple[int, int] = (0, 0)

    def add(self, picture: Picture) -> None:
        if picture.taken_us in self.taken:
            return
        self.taken.add(picture.taken_us)
        self.marks.add(mark(picture.pixels))
        self.is_black = self.is_black and is_black(picture.pixels)
        self.size = (picture.pixels.shape[1], picture.pixels.shape[0])

    @property
    def per_s(self) -> float:
        spread_s = (max(self.taken) - min(self.taken)) / 1e6 if len(self.taken) > 1 else 0.0
        return (len(self.taken) - 1) / spread_s if spread_s else 0.0

    @property
    def trouble(self) -> str:
        """black, frozen or ""."""
        if self.taken and self.is_black:
            return "black"
        return "frozen" if len(self.taken) > FEW and len(self.marks) == 1 else ""

    @property
    def is_usable(self) -> bool:
        return not self.trouble and _reaches(self.size, self.per_s, USABLE)


async def watch(picture: Callable[[], Picture | None], watch_s: float = WATCH_S) -> Seen:
    """What would keep somebody out is looked at once more: perhaps the computer was only busy just then."""
    seen = await _watch_once(picture, watch_s)
    if seen.is_usable:
        return seen
    again = await _watch_once(picture, watch_s)
    return max(again, seen, key=lambda look: (not look.trouble, look.size, look.per_s))


async def _watch_once(picture: Callable[[], Picture | None], watch_s: float) -> Seen:
    loop = asyncio.get_running_loop()
    began, seen = loop.time(), Seen()
    while loop.time() - began < watch_s:
        latest = await off_loop(picture)
        if latest is not None:
            seen.add(latest)
        await asyncio.sleep(LOOK_INTERVAL_S)
    return seen


def judge(size: tuple[int, int], per_s: float, has_virtual: bool, trouble: str = "") -> CheckRow:
    if size[0] == 0 or per_s == 0:
        return row("camera", FAIL, "no picture", THRESHOLD, "no_picture")
    if trouble:
        return row("camera", FAIL, "black" if trouble == "black" else "stands still", THRESHOLD, trouble)
    outcome, advice = _grade(size, per_s, has_virtual)
    return row("camera", outcome, VALUE, THRESHOLD, advice, size=f"{size[0]}×{size[1]}", per_s=round(per_s))


def _grade(size: tuple[int, int], per_s: float, has_virtual: bool) -> tuple[str, str]:
    if not _reaches(size, per_s, USABLE):
        return FAIL, "too_little"
    if has_virtual:
        return WARN, "also_virtual"
    if not _reaches(size, per_s, GOOD):
        return WARN, "usable"
    return PASS, ""


def _reaches(size: tuple[int, int], per_s: float, needed: tuple[int, int, float]) -> bool:
    return size[0] >= needed[0] and size[1] >= needed[1] and per_s >= needed[2] * TOLERANCE
