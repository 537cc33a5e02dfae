"""A camera that was exchanged is followed and told, and so is a program in its place; what stays the same is not."""

import pytest

from candidate_agent.capture.camera_facts import CameraFacts
from candidate_agent.capture.events import CameraSwitched, CameraVirtual, CaptureEvent
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.ports import Camera
from tests.candidate_agent.capture.studio import CAMERA, ScriptedDevice, until
from tests.candidate_agent.capture.test_sources import sharp_at

IN_ITS_PLACE = Camera(CAMERA.id, "Another", False)
BESIDE = Camera("/dev/video2", "Another", False)
PROGRAM = Camera("/dev/video4", "OBS Virtual Camera", True)


def exchanged(first: Camera, *later: Camera) -> tuple[list[CaptureEvent], Camera]:
    """What is told when the camera is lost and these are there afterwards; the camera that is open then."""
    device, events = ScriptedDevice(sharp_at, per_s=100), list[CaptureEvent]()
    device.listed = (first,)
    source = CameraSource(device, first)
    source.subscribe(CameraFacts(source, events.append).see)
    source.start()
    until(lambda: source.latest() is not None)
    device.present = False
    until(lambda: source.latest() is None)
    device.listed, device.present = later, True
    until(lambda: source.latest() is not None)
    source.stop()
    return events, source.device


@pytest.mark.parametrize(
    ("later", "told", "chosen"),
    [
        ((CAMERA,), [], CAMERA),
        ((BESIDE, CAMERA), [], CAMERA),
        ((IN_ITS_PLACE,), [CameraSwitched()], IN_ITS_PLACE),
        ((BESIDE,), [CameraSwitched()], BESIDE),
        ((PROGRAM, BESIDE), [CameraSwitched()], BESIDE),
        ((PROGRAM,), [CameraSwitched(), CameraVirtual()], PROGRAM),
    ],
)
def test_the_camera_that_is_there_afterwards_is_recorded_and_told(
    later: tuple[Camera, ...], told: list[CaptureEvent], chosen: Camera
) -> None:
    assert exchanged(CAMERA, *later) == (told, chosen)


def test_a_program_that_is_the_camera_from_the_start_is_told() -> None:
    assert exchanged(PROGRAM, PROGRAM) == ([CameraVirtual()], PROGRAM)
