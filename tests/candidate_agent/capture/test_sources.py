"""One camera, one thread, many readers; check-in's pictures from it."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import id_card, room_scan
from candidate_agent.capture.events import CaptureEvent, CaptureFailed
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.ports import Picture
from tests.candidate_agent.capture.studio import CAMERA, Image, ScriptedDevice, until


def sharp_at(number: int) -> Image:
    """A chequered board, out of focus but for every third picture."""
    board = np.indices((240, 320)).sum(axis=0) // 8 % 2 * 255
    picture = board.astype(np.uint8)[:, :, None].repeat(3, axis=2)
    return picture if number % 3 == 0 else cv2.GaussianBlur(picture, (0, 0), 4).astype(np.uint8)


@pytest.fixture
def device() -> ScriptedDevice:
    return ScriptedDevice(sharp_at, per_s=100)


@pytest.fixture
def camera(device: ScriptedDevice) -> Iterator[CameraSource]:
    source = CameraSource(device, CAMERA)
    source.start()
    yield source
    source.stop()


def test_all_readers_see_the_same_pictures_until_they_leave(camera: CameraSource) -> None:
    one, other = list[Picture | None](), list[Picture | None]()
    leave = camera.subscribe(one.append)
    camera.subscribe(other.append)
    until(lambda: len(one) >= 3)
    leave()
    seen, more = len(one), len(other)
    until(lambda: len(other) >= more + 3)
    assert len(one) <= seen + 1
    assert [id(picture) for picture in one[1:3]] == [id(p) for p in other if any(p is q for q in one[1:3])]


def test_losing_the_camera_is_told_once_and_the_latest_picture_is_forgotten(
    camera: CameraSource, device: ScriptedDevice
) -> None:
    seen = list[Picture | None]()
    camera.subscribe(seen.append)
    until(lambda: camera.latest() is not None)
    device.present = False
    until(lambda: None in seen)
    assert camera.latest() is None
    device.present = True
    until(lambda: camera.latest() is not None)
    assert seen.count(None) == 1


def test_a_reader_that_fails_is_told_with_the_threads_name(device: ScriptedDevice) -> None:
    events = list[CaptureEvent]()
    source = CameraSource(device, CAMERA, emit=events.append)

    def fail(_: Picture | None) -> None:
        raise ValueError("no room")

    source.subscribe(fail)
    source.start()
    until(lambda: len(events) == 1)
    source.stop()
    assert events == [CaptureFailed("capture-camera", "ValueError: no room")]


def test_a_source_can_be_started_again(device: ScriptedDevice) -> None:
    source = CameraSource(device, CAMERA)
    for _ in range(2):
        source.start()
        until(lambda: source.latest() is not None)
        source.stop()
        assert source.latest() is None


def test_the_identity_picture_is_the_sharpest_of_the_burst_at_full_size(
    camera: CameraSource, device: ScriptedDevice
) -> None:
    until(lambda: camera.latest() is not None)
    card = id_card.take(camera)
    decoded = cv2.imdecode(np.frombuffer(card.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None and decoded.shape == (card.height, card.width, 3) == (240, 320, 3)
    assert (CameraSource.FULL_WIDTH, CameraSource.FULL_HEIGHT) in device.sizes_asked
    assert cv2.Laplacian(decoded, cv2.CV_64F).var() > 1000
    assert card.sharpness > 1000 and 100 < card.luma < 155
    until(lambda: device.sizes_asked[-1] == (640, 480))


def test_without_a_camera_there_is_no_identity_picture(camera: CameraSource, device: ScriptedDevice) -> None:
    device.present = False
    with pytest.raises(DeviceError) as failure:
        id_card.take(camera)
    assert failure.value.code == "camera_missing"


def test_a_room_scan_spreads_its_pictures_and_tells_how_far_it_is(camera: CameraSource) -> None:
    steps = list[tuple[int, int]]()
    pictures = room_scan.scan(camera, seconds=0.6, pictures=4, on_progress=lambda done, of: steps.append((done, of)))
    assert len(pictures) == 4 and all(picture.startswith(b"\xff\xd8") for picture in pictures)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_room_scan_without_a_camera_ends_with_a_reason(
    device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_scan, "PATIENCE_S", 0.2)
    with pytest.raises(DeviceError) as failure:
        room_scan.scan(CameraSource(device, CAMERA))
    assert failure.value.code == "camera_missing"
