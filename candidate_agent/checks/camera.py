"""Whether a camera is there, gives pictures, how large and how many a second, and is a real device."""

import asyncio
from collections.abc import Callable

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, off_loop, row, unmeasured
from candidate_agent.platforms.ports import Camera, Picture, Unsupported
from exam_protocol.records import CheckRow

WATCH_S = 2.0
LOOK_INTERVAL_S = 0.02
GOOD = (1280, 720, 15.0)
USABLE = (640, 480, 10.0)
TOLERANCE = 0.85  # a camera set to 15 pictures a second gives a few less
THRESHOLD = "1280×720 at 15 a second; 640×480 at 10 is usable"


async def measure(context: Context) -> CheckRow:
    port = context.platform.cameras
    if isinstance(port, Unsupported):
        return unmeasured("camera", port.reason)
    cameras = await off_loop(port.cameras)
    missing = judge_devices(cameras)
    if missing is not None:
        return missing
    size, per_s = await watch(context.picture)
    return judge(size, per_s, any(camera.virtual for camera in cameras))


def judge_devices(cameras: tuple[Camera, ...]) -> CheckRow | None:
    if not cameras:
        remedy = "No camera was found. Please connect one, or switch it on, and try again."
        return row("camera", FAIL, "no camera", THRESHOLD, remedy)
    if all(camera.virtual for camera in cameras):
        remedy = f"“{cameras[0].name}” is a virtual camera. Please use a real one."
        return row("camera", FAIL, "virtual camera", THRESHOLD, remedy)
    return None


async def watch(picture: Callable[[], Picture | None], watch_s: float = WATCH_S) -> tuple[tuple[int, int], float]:
    """Width and height (0, 0: no picture) and pictures a second."""
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
    width, height = size
    value = f"{width}×{height} at {per_s:.0f}/s"
    if width == 0 or per_s == 0:
        remedy = "The camera gives no picture. Please close other programs that use it, open its cover, and try again."
        return row("camera", FAIL, "no picture", THRESHOLD, remedy)
    if not _reaches(size, per_s, USABLE):
        remedy = "The camera's picture is too small or too slow. Please use another camera, or close other programs."
        return row("camera", FAIL, value, THRESHOLD, remedy)
    if has_virtual:
        remedy = "A virtual camera is installed beside the real one. Please leave it switched off during the exam."
        return row("camera", WARN, value, THRESHOLD, remedy)
    if not _reaches(size, per_s, GOOD):
        return row("camera", WARN, value, THRESHOLD, "The camera's picture is usable.")
    return row("camera", PASS, value, THRESHOLD)


def _reaches(size: tuple[int, int], per_s: float, needed: tuple[int, int, float]) -> bool:
    return size[0] >= needed[0] and size[1] >= needed[1] and per_s >= needed[2] * TOLERANCE
