"""Laying sound on the clock, silence, a microphone that goes and comes."""

from itertools import pairwise

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.encode import SOUND_FRAME, SOUND_RATE
from candidate_agent.capture.events import CaptureEvent, SoundBack, SoundHeard, SoundLost, SoundSilent
from candidate_agent.capture.sound import SilenceWatch, SoundClock, SoundLane
from candidate_agent.platforms.ports import Sound
from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import (
    MICROPHONE,
    ScriptedMicrophone,
    Shelf,
    decode_sound,
    loudest_hz,
    tone,
    until,
)

BLOCK_US = 60_000


def test_steady_blocks_need_no_silence() -> None:
    clock = SoundClock(0)
    assert [clock.place(n * BLOCK_US, SOUND_FRAME) for n in range(100)] == [0] * 100


def test_the_time_before_the_first_block_is_silence() -> None:
    assert SoundClock(0).place(1_500_000, SOUND_FRAME) == 72_000


def test_blocks_that_come_late_in_a_bunch_are_no_hole() -> None:
    clock = SoundClock(0)
    late = [n * BLOCK_US + (400_000 if 20 <= n < 26 else 0) for n in range(60)]
    assert sum(clock.place(us, SOUND_FRAME) or 0 for us in late) == 0


@pytest.mark.parametrize("hole_us", [300_000, 2_500_000])
def test_a_real_hole_is_filled_within_a_second_by_its_length(hole_us: int) -> None:
    clock = SoundClock(0)
    for n in range(20):
        clock.place(n * BLOCK_US, SOUND_FRAME)
    filled = sum(clock.place(n * BLOCK_US + hole_us, SOUND_FRAME) or 0 for n in range(20, 40))
    assert filled == pytest.approx(hole_us * SOUND_RATE / 1_000_000, abs=10)


def test_while_nothing_comes_silence_follows_the_clock_a_second_behind() -> None:
    clock = SoundClock(0)
    clock.place(0, SOUND_FRAME)
    assert clock.idle(500_000) == 0
    assert clock.idle(5_060_000) == 4 * SOUND_RATE
    assert clock.idle(5_060_000) == 0


def test_sound_that_runs_a_second_ahead_is_left_out() -> None:
    clock = SoundClock(0)
    placed = [clock.place(0, SOUND_FRAME) for _ in range(30)]
    assert placed[:17] == [0] * 17 and placed[-1] is None


def test_ten_seconds_of_zeros_are_told_once_and_so_is_the_next_sound() -> None:
    events: list[CaptureEvent] = []
    watch = SilenceWatch(events.append)
    for _ in range(25):
        watch.take(np.zeros(SOUND_RATE, np.int16))
    watch.take(tone(440, 480))
    assert [type(event) for event in events] == [SoundSilent, SoundHeard]


def lane(port: ScriptedMicrophone, shelf: Shelf, events: list[CaptureEvent]) -> SoundLane:
    return SoundLane(port, MICROPHONE, shelf.media, SystemClock(), events.append)


def test_a_tone_is_in_the_packets_and_they_follow_each_other_by_60_ms() -> None:
    shelf, events = Shelf(), list[CaptureEvent]()
    sound = lane(ScriptedMicrophone(), shelf, events)
    sound.start()
    until(lambda: len(shelf.of(Track.AUDIO)) > 15)
    sound.stop()
    kept = shelf.of(Track.AUDIO)
    assert abs(loudest_hz(decode_sound([item.media.data for item in kept])) - 440) < 3
    assert {late.taken_us - early.taken_us for early, late in pairwise(kept)} == {BLOCK_US}
    assert events == []


def test_without_a_microphone_silence_is_recorded_until_it_is_there() -> None:
    shelf, events, port = Shelf(), list[CaptureEvent](), ScriptedMicrophone()
    port.present = False
    sound = lane(port, shelf, events)
    sound.start()
    until(lambda: len(shelf.of(Track.AUDIO)) > 5)
    port.present = True
    until(lambda: sound.blocks > 3)
    sound.stop()
    assert events == [SoundLost(), SoundBack()]
    assert sound.filled > 0


class Once:
    """Gives one block and then no more."""

    def __init__(self) -> None:
        self.opened = 0

    def open(self, microphone: object, rate: int, block: int, emit: object) -> object:
        assert callable(emit)
        self.opened += 1
        emit(Sound(tone(440, block), SystemClock().monotonic_us()))
        return lambda: None


def test_a_microphone_that_falls_silent_for_four_seconds_is_opened_again() -> None:
    events, port = list[CaptureEvent](), Once()
    sound = SoundLane(port, MICROPHONE, Shelf().media, SystemClock(), events.append)  # type: ignore[arg-type]
    sound.start()
    until(lambda: port.opened == 2)
    sound.stop()
    assert events[:2] == [SoundLost(), SoundBack()]
