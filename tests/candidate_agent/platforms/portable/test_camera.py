"""The camera port on the real V4L2 path: a child whose kernel calls the rig answers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from candidate_agent.platforms.portable.camera import parse_capability
from tests.rig.camera import CameraRig

pytestmark = pytest.mark.real

REPOSITORY = Path(__file__).parents[4]

PRELUDE = """
import json
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.ports import Camera
from candidate_agent.platforms.portable import devices
from tests.rig.camera import read_code
port = devices.camera_port()
def tell(**words): print(json.dumps(words))
"""


def child(rig: CameraRig, script: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **rig.environment()}
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> CameraRig:
    made = CameraRig(tmp_path_factory.mktemp("camera"), name="Desk Camera")
    made.build()
    return made


def test_the_camera_is_listed_with_its_name(rig: CameraRig) -> None:
    listed = child(rig, "tell(found=[(c.id, c.name, c.virtual) for c in port.cameras()])")
    assert listed["found"] == [["/dev/video0", "Desk Camera", False]]


@pytest.mark.parametrize(
    ("name", "driver"), [("OBS Virtual Camera", "uvcvideo"), ("Dummy video device (0x0000)", "v4l2 loopback")]
)
def test_a_virtual_camera_is_called_one(tmp_path: Path, name: str, driver: str) -> None:
    virtual = CameraRig(tmp_path, width=64, height=48, count=1, name=name, driver=driver)
    virtual.build()
    assert child(virtual, "tell(virtual=[c.virtual for c in port.cameras()])")["virtual"] == [True]


def test_pictures_come_at_the_asked_rate_and_size_while_the_camera_stays_listed(rig: CameraRig) -> None:
    seen = child(
        rig,
        "stream = port.open(port.cameras()[0], 640, 480, 10)\n"
        "pictures = [stream.read() for _ in range(20)]\n"
        "listed = len(port.cameras())\n"
        "stream.close()\n"
        "tell(size=[stream.width, stream.height], codes=[read_code(p.pixels, 16, 448, 16) for p in pictures],"
        " took_us=pictures[-1].taken_us - pictures[0].taken_us, listed=listed, shape=pictures[0].pixels.shape)",
    )
    assert seen["size"] == [640, 480] and seen["shape"] == [480, 640, 3] and seen["listed"] == 1
    assert None not in seen["codes"] and len(set(seen["codes"])) > 10
    assert 1_600_000 < seen["took_us"] < 2_600_000


def test_a_large_picture_is_given_at_the_cameras_own_size(rig: CameraRig) -> None:
    seen = child(
        rig,
        "stream = port.open(port.cameras()[0], 1920, 1440, 10)\n"
        "picture = stream.read()\n"
        "tell(shape=picture.pixels.shape, code=read_code(picture.pixels, 32, 896, 32))\n"
        "stream.close()",
    )
    assert seen["shape"] == [960, 1280, 3] and seen["code"] is not None


def test_a_camera_pulled_out_ends_its_stream_and_is_not_listed(rig: CameraRig) -> None:
    try:
        seen = child(
            rig,
            "import os, pathlib\n"
            "camera = port.cameras()[0]\n"
            "stream = port.open(camera, 640, 480, 10)\n"
            "before = stream.read() is not None\n"
            "pathlib.Path(os.environ['RIG_CAMERA_UNPLUGGED']).touch()\n"
            "gone = stream.read() is None\n"
            "stream.close()\n"
            "try: port.open(camera, 640, 480, 10)\n"
            "except DeviceError as error: code = error.code\n"
            "tell(before=before, gone=gone, listed=len(port.cameras()), code=code)",
        )
    finally:
        rig.plug()
    assert seen == {"before": True, "gone": True, "listed": 0, "code": "camera_missing"}


def test_a_camera_that_another_program_holds_is_busy(rig: CameraRig) -> None:
    rig.seize()
    try:
        seen = child(
            rig,
            "try: port.open(port.cameras()[0], 640, 480, 10)\nexcept DeviceError as error: tell(code=error.code)",
        )
    finally:
        rig.release()
    assert seen == {"code": "camera_busy"}


def test_other_programs_are_not_disturbed_by_the_rig(rig: CameraRig, tmp_path: Path) -> None:
    script = "echo text > made && cat made && stat -c %s made && wc -c < /dev/null && head -c5 /dev/zero | wc -c"
    listing = subprocess.run(
        ["sh", "-c", script],
        env={**os.environ, **rig.environment()}, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert listing.stdout.split() == ["text", "5", "0", "5"] and listing.stderr == ""


def test_a_node_that_only_carries_metadata_is_no_camera() -> None:
    raw = b"uvcvideo".ljust(16, b"\0") + b"Webcam".ljust(32, b"\0") + bytes(32)
    words = [0x060100, 0x84A00001, 0x04A00000]
    metadata = parse_capability(raw + b"".join(word.to_bytes(4, sys.byteorder) for word in words) + bytes(12))
    assert metadata.name == "Webcam" and not metadata.captures
