"""CameraPort by OpenCV: V4L2 on Linux, Media Foundation on Windows, AVFoundation on macOS.

On Linux the devices are asked themselves for their names (VIDIOC_QUERYCAP). The other systems tell OpenCV no names, so
that a camera there is found by opening it and is called by its number.
"""

import contextlib
import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable.lent import Image, Lender, Piece
from candidate_agent.platforms.ports import Camera, Picture, PictureStream

MAX_CAMERAS = 10
READ_TIMEOUT_MS = 3000
MJPEG_FROM_PIXELS = 800 * 600  # above this a USB camera sends raw pictures too slowly

# struct v4l2_capability: driver, card, bus_info, version, capabilities, device_caps, reserved
_CAPABILITY = struct.Struct("16s32s32sIII12x")
_QUERYCAP = 2 << 30 | _CAPABILITY.size << 16 | ord("V") << 8
_VIDEO_CAPTURE = 0x1
_DEVICE_CAPS = 0x80000000

_VIRTUAL_DRIVERS = ("v4l2 loopback", "v4l2loopback", "akvcam", "vivid")
_VIRTUAL_NAMES = (
    "virtual",
    "dummy video",
    "obs ",
    "obs-",
    "manycam",
    "droidcam",
    "snap camera",
    "xsplit",
    "iriun",
    "loopback",
)


@dataclass(frozen=True, slots=True)
class Capability:
    driver: str
    name: str
    captures: bool

    @property
    def virtual(self) -> bool:
        return self.driver.lower() in _VIRTUAL_DRIVERS or any(part in self.name.lower() for part in _VIRTUAL_NAMES)


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("utf-8", "replace").strip()


def parse_capability(raw: bytes) -> Capability:
    """The kernel's struct v4l2_capability."""
    driver, card, _, _, all_nodes, this_node = _CAPABILITY.unpack(raw)
    mask = this_node if all_nodes & _DEVICE_CAPS else all_nodes
    return Capability(_text(driver), _text(card), bool(mask & _VIDEO_CAPTURE))


def query_capability(path: str) -> Capability | None:
    """None where `path` is no video device that answers."""
    if sys.platform != "linux":
        return None
    import fcntl

    raw = bytearray(_CAPABILITY.size)
    try:
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.ioctl(handle, _QUERYCAP, raw)
    except OSError:
        return None
    finally:
        os.close(handle)
    return parse_capability(bytes(raw))


def _linux_cameras() -> tuple[Camera, ...]:
    found = []
    for number in range(64):
        path = f"/dev/video{number}"
        if number < MAX_CAMERAS or Path(path).exists():
            capability = query_capability(path)
            if capability is not None and capability.captures:
                found.append(Camera(path, capability.name, capability.virtual))
    return tuple(found)


def _numbered_cameras(backend: int) -> tuple[Camera, ...]:
    found = []
    for number in range(MAX_CAMERAS):
        capture = cv2.VideoCapture(number, backend)
        opened = capture.isOpened()
        capture.release()
        if not opened:
            break
        found.append(Camera(str(number), f"Camera {number + 1}", False))
    return tuple(found)


def _backend() -> int:
    by_system = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
    return by_system.get(sys.platform, cv2.CAP_ANY)


def _piece(height: int, width: int) -> Piece[None]:
    return Piece(np.empty((height, width, 3), np.uint8), None)


class OpenCvStream:
    """Pictures of one camera. Every picture is taken off the device, only those that are due are converted."""

    def __init__(self, capture: cv2.VideoCapture, per_s: int, clock: Clock) -> None:
        self.width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        self._capture = capture
        self._interval_us = 1_000_000 // per_s
        self._clock = clock
        self._due_us = 0
        self._lender = Lender(_piece, drop=lambda piece: None)
        self.damaged = 0

    def read(self) -> Picture | None:
        """Waits for the next due picture. None after an unplug, and after 3 s without a due picture. One that arrived
        damaged is left out, and the next one taken in its place."""
        give_up_us = self._clock.monotonic_us() + READ_TIMEOUT_MS * 1000
        while self._capture.grab():
            taken_us = self._clock.monotonic_us()
            if self._due(taken_us):
                pixels = self._whole()
                if pixels is not None:
                    return Picture(pixels, taken_us)
                self._due_us -= self._interval_us
                self.damaged += 1
            if taken_us > give_up_us:
                return None
        return None

    def _whole(self) -> Image | None:
        """The picture that was grabbed; None where it cannot be read. An empty one is an error of OpenCV's, and one of
        another size than was said, as by a device that says none, comes in memory of its own."""
        out, _ = self._lender.lend(max(1, self.height), max(1, self.width))
        try:
            arrived, pixels = self._capture.retrieve(out)
        except cv2.error:
            return None
        return pixels.astype(np.uint8, copy=False) if arrived and pixels is not None else None

    def _due(self, taken_us: int) -> bool:
        """A quarter of an interval early counts as due, so that a camera at just this rate loses no picture."""
        if taken_us + self._interval_us // 4 < self._due_us:
            return False
        late = abs(taken_us - self._due_us) > self._interval_us
        self._due_us = (taken_us if late else self._due_us) + self._interval_us
        return True

    def close(self) -> None:
        self._capture.release()


class OpenCvCamera:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def cameras(self) -> tuple[Camera, ...]:
        return _linux_cameras() if sys.platform == "linux" else _numbered_cameras(_backend())

    def open(self, camera: Camera, width: int, height: int, per_s: int) -> PictureStream:
        """Raises DeviceError `camera_missing` or `camera_busy`. The stream tells the size that the camera chose."""
        if sys.platform == "linux" and query_capability(camera.id) is None:
            raise DeviceError("camera_missing", f"The camera {camera.name} is not connected.")
        source: int | str = int(camera.id) if camera.id.isdecimal() else camera.id
        capture = cv2.VideoCapture(source, _backend(), _parameters(width, height, per_s))
        if not capture.isOpened():
            capture.release()
            raise DeviceError("camera_busy", f"The camera {camera.name} is in use by another program.")
        with contextlib.suppress(cv2.error):
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 2)
        return OpenCvStream(capture, per_s, self._clock)


def _parameters(width: int, height: int, per_s: int) -> list[int]:
    size = [cv2.CAP_PROP_FRAME_WIDTH, width, cv2.CAP_PROP_FRAME_HEIGHT, height]
    if sys.platform == "linux" and width * height > MJPEG_FROM_PIXELS:
        size = [cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"), *size]
    return [*size, cv2.CAP_PROP_FPS, per_s]
