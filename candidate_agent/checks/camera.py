"""Whether a camera is there, gives pictures, how large and how many a second, and is a real device."""

import asyncio
from collections.abc import Callable

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
VALUES = ("no camera", "virtual camera", "no picture", "in use")
ADVICE = {
    "missing": "No camera was found. Please connect one, or switch it on, and try again.",
    "only_virtual": "“{name}” is a virtual camera. Please use a real one.",
    "no_picture": "The camera gives no picture. Please close other programs that use it, and open its cover.",
    "busy": "Another program uses the camera. Please close meeting programs and browser tabs, then check again.",
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
    size, per_s = await watch(context.picture)
    if not per_s and context.camera_problem() == "camera_busy":
        return row("camera", FAIL, "in use", THRESHOLD, "busy")
    return judge(size, per_s, any(camera.virtual for camera in cameras))


def judge_devices(cameras: tuple[Camera, ...]) -> CheckRow | None:
    if not cameras:
        return row("camera", FAIL, "no camera", THRESHOLD, "missing")
    if all(camera.virtual for camera in cameras):
        return row("camera", FAIL, "virtual camera", THRESHOLD, "only_virtual", name=cameras[0].name)
    return None


async def watch(picture: Callable[[], Picture | None], watch_s: float = WATCH_S) -> tuple[tuple[int, int], float]:
    """Width and height (0, 0: no picture) and pictures a second. What would keep somebody out is looked at once more:
    perhaps the computer was only busy just then."""
    seen = await _watch_once(picture, watch_s)
    return seen if _reaches(*seen, USABLE) else max(seen, await _watch_once(picture, watch_s))


async def _watch_once(picture: Callable[[], Picture | None], watch_s: float) -> tuple[tuple[int, int], float]:
    loop = asyncio.get_running_loop()
    began, taken, size = loop.time(), set(), (0, 0)
    while loop.time() - began < watch_s:
        latest = await off_loop(picture)
        if latest is not None:
            taken.add(latest.taken_us)
            size = (latest.pixels.shape[1], latest.pixels.shape[0])
        await asyncio.sleep(LOOK_INTERVAL_S)
    spread_s = (max(taken) - min(taken)) / 1e6 if len(taken) > 1 else 0.0
    return size, (len(taken) - 1) / spread_s if spread_s else 0.0


def judge(size: tuple[int, int], per_s: float, has_virtual: bool) -> CheckRow:
    if size[0] == 0 or per_s == 0:
        return row("camera", FAIL, "no picture", THRESHOLD, "no_picture")
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
