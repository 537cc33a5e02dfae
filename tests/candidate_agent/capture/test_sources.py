"""One camera, one thread, many readers; check-in's pictures from it."""

import threading
from collections.abc import Iterator
from typing import NoReturn

import cv2
import numpy as np
import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import id_card, preview, room_scan
from candidate_agent.capture.events import CaptureEvent, CaptureFailed
from candidate_agent.capture.sources import CameraSource, _Burst
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


def still(number: int) -> Image:
    """A camera at rest before a room: noise and nothing else."""
    random = np.random.default_rng(number)
    room = (np.indices((240, 320)).sum(axis=0) // 24 % 2 * 120 + 60).astype(np.uint8)[:, :, None].repeat(3, axis=2)
    return np.clip(room + random.normal(0, 3, room.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def quick() -> Iterator[CameraSource]:
    """Ten pictures a second by their own times, a hundred by the wall's."""
    source = CameraSource(ScriptedDevice(still, per_s=100, shift_us=lambda number: number * 90_000), CAMERA)
    source.start()
    yield source
    source.stop()


def test_a_room_scan_of_a_camera_that_does_not_turn_ends_by_time_and_says_so(quick: CameraSource) -> None:
    seen = list[room_scan.Progress]()
    made = room_scan.scan(quick, on_progress=seen.append)
    assert made is not None and (made.manner, made.covered, len(made.pictures)) == ("timed", 0, 8)
    assert all(picture.startswith(b"\xff\xd8") for picture in made.pictures)
    assert seen[-1].share == 1 and any(progress.still for progress in seen)
    assert preview.sheet(made.pictures).startswith(b"\xff\xd8")


def test_a_room_is_shown_by_hand_one_press_for_each_picture(quick: CameraSource) -> None:
    pressed, parts = threading.Event(), list[str]()

    def press(progress: room_scan.Progress) -> None:
        parts.append(progress.part)
        pressed.set()

    made = room_scan.scan(quick, by_hand=True, pressed=pressed, on_progress=press)
    assert made is not None and (made.manner, len(made.pictures)) == ("desk_only", 3)
    assert parts == ["desk", "left", "right", "done"]


def test_a_room_scan_that_is_stopped_gives_nothing(quick: CameraSource) -> None:
    stopped = threading.Event()
    assert room_scan.scan(quick, cancelled=stopped, on_progress=lambda progress: stopped.set()) is None


def test_a_room_scan_of_a_frozen_camera_ends_with_a_reason() -> None:
    device = ScriptedDevice(lambda number: still(0), per_s=100, shift_us=lambda number: number * 90_000)
    source = CameraSource(device, CAMERA)
    source.start()
    with pytest.raises(DeviceError) as failure:
        room_scan.scan(source)
    source.stop()
    assert failure.value.code == "camera_frozen"


def test_a_room_scan_without_a_camera_ends_with_a_reason(
    device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_scan, "PATIENCE_S", 0.2)
    with pytest.raises(DeviceError) as failure:
        room_scan.scan(CameraSource(device, CAMERA))
    assert failure.value.code == "camera_missing"


def test_a_camera_that_another_program_took_is_named_so(camera: CameraSource, device: ScriptedDevice) -> None:
    until(lambda: camera.latest() is not None)

    def taken(*_: object) -> NoReturn:
        raise DeviceError("camera_busy", "The camera is in use by another program.")

    device.open = taken  # type: ignore[method-assign]
    with pytest.raises(DeviceError) as failure:
        id_card.take(camera)
    assert failure.value.code == "camera_busy"


def test_a_camera_that_is_unplugged_in_the_middle_of_a_picture_is_asked_no_more() -> None:
    asked = list[int]()

    def make(number: int) -> Image | None:
        asked.append(number)
        return still(number) if number < 6 else None

    source = CameraSource(ScriptedDevice(make, per_s=100), CAMERA)
    order = _Burst(5)
    source._take(order)
    assert order.done.is_set() and len(order.pictures) == 2 and asked.count(6) == 1
