"""Check-in's devices: who connects or changes one is not made to start again."""

from collections.abc import Callable

import numpy as np

from candidate_agent.base.clock import ManualClock
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.preview import SILENCE_DBFS
from candidate_agent.platforms.ports import Camera, Closer, Microphone, PictureStream, Sound
from tests.candidate_agent.capture.studio import MICROPHONE, ScriptedDevice, ScriptedMicrophone, until

ONE, OTHER, VIRTUAL = Camera("1", "one", False), Camera("2", "another", False), Camera("3", "made up", True)


class Cameras:
    """A port on which cameras come and go."""

    def __init__(self, *found: Camera) -> None:
        self.found = found
        self.opened: list[str] = []
        self.device = ScriptedDevice(lambda number: np.full((48, 64, 3), number % 250, np.uint8), per_s=50)

    def cameras(self) -> tuple[Camera, ...]:
        return self.found

    def open(self, camera: Camera, width: int, height: int, per_s: int) -> PictureStream:
        self.opened.append(camera.id)
        return self.device.open(camera, width, height, per_s)


class Microphones(ScriptedMicrophone):
    """A port on which microphones come and go."""

    def __init__(self, *found: Microphone) -> None:
        super().__init__()
        self.found = found
        self.opened: list[str] = []

    def microphones(self) -> tuple[Microphone, ...]:
        return self.found

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        self.opened.append(microphone.id)
        return super().open(microphone, rate, block, emit)


def shows(booth: Booth) -> Callable[[], bool]:
    return lambda: booth.picture() is not None


def test_devices_that_are_connected_later_are_opened_when_they_are_checked_again() -> None:
    cameras, microphones = Cameras(), Microphones()
    booth = Booth(cameras, microphones)
    booth.open()
    assert booth.problems == ("camera_missing", "microphone_missing")
    cameras.found, microphones.found = (ONE,), (MICROPHONE,)
    booth.open()
    until(shows(booth))
    until(lambda: booth.samples().size > 0)
    assert booth.problems == ()
    booth.close()


def test_a_camera_that_works_is_not_opened_again() -> None:
    cameras = Cameras(ONE)
    booth = Booth(cameras, Microphones(MICROPHONE))
    booth.open()
    until(shows(booth))
    booth.open()
    assert cameras.opened == ["1"]
    booth.close()


def test_a_camera_that_was_exchanged_gives_way_to_the_one_that_is_there() -> None:
    cameras = Cameras(ONE)
    booth = Booth(cameras, Microphones(MICROPHONE))
    booth.open()
    until(shows(booth))
    cameras.found = (OTHER,)
    booth.open()
    until(shows(booth))
    assert cameras.opened == ["1", "2"]
    booth.close()


def test_a_real_camera_takes_the_place_of_a_virtual_one() -> None:
    cameras = Cameras(VIRTUAL)
    booth = Booth(cameras, Microphones(MICROPHONE))
    booth.open()
    until(shows(booth))
    cameras.found = (VIRTUAL, ONE)
    booth.open()
    until(shows(booth))
    assert cameras.opened == ["3", "1"]
    booth.close()


def test_another_microphone_is_heard_when_it_is_checked_again() -> None:
    microphones = Microphones(MICROPHONE)
    booth = Booth(Cameras(ONE), microphones)
    booth.open()
    microphones.found = (Microphone("other", "another"),)
    booth.open()
    assert microphones.opened == [MICROPHONE.id, "other"] and booth.microphone == microphones.found[0]
    booth.close()


def test_somebody_who_pauses_is_still_heard_and_a_closed_microphone_hears_nothing() -> None:
    microphone = Microphones(MICROPHONE)
    booth = Booth(Cameras(), microphone)
    assert not booth.hears and booth.loudest_dbfs() == SILENCE_DBFS
    booth.open()
    until(lambda: booth.loudest_dbfs() > -20)
    assert booth.hears
    booth._heard(Sound(np.zeros(24_000, np.int16), 0))
    assert booth.loudest_dbfs() > -20
    booth.close()
    assert not booth.hears


def test_a_microphone_that_was_pulled_out_hears_nothing_and_is_opened_anew_when_it_is_checked_again() -> None:
    microphone, clock = Microphones(MICROPHONE), ManualClock()
    booth = Booth(Cameras(), microphone, clock)
    booth.open()
    until(lambda: booth.samples().size > 0)
    booth.open()
    assert booth.hears and microphone.opened == ["default"]
    microphone.present = False
    until(lambda: not _hears_after(booth, clock, 5))
    microphone.present = True
    booth.open()
    assert booth.hears and microphone.opened == ["default", "default"]
    booth.close()


def test_what_one_microphone_heard_is_not_taken_for_the_next_ones_sound() -> None:
    microphone = Microphones(MICROPHONE)
    booth = Booth(Cameras(ONE), microphone)
    booth.open()
    until(lambda: booth.samples().size > 0)
    microphone.present, microphone.source = True, "headset"
    microphone._hz = 0  # it hears nothing
    booth.open()
    assert booth.loudest_dbfs() == SILENCE_DBFS
    booth.close()


def _hears_after(booth: Booth, clock: ManualClock, seconds: float) -> bool:
    """A block that was under way may still come."""
    clock.advance(seconds)
    return booth.hears
