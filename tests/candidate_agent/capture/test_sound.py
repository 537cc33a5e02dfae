"""The lane of sound: packets, silence, a microphone that goes, comes, or is another one; whoever listens in."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.encode import SOUND_RATE
from candidate_agent.capture.events import (
    CaptureEvent,
    CaptureFailed,
    MicrophoneSwitched,
    SoundBack,
    SoundHeard,
    SoundLost,
    SoundSilent,
)
from candidate_agent.capture.sound import SilenceWatch, SoundLane
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.platforms.ports import Closer, Microphone, Sound
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


def test_ten_seconds_of_zeros_are_told_once_and_so_is_the_next_sound() -> None:
    events: list[CaptureEvent] = []
    watch = SilenceWatch(events.append)
    for _ in range(25):
        watch.take(np.zeros(SOUND_RATE, np.int16))
    watch.take(tone(440, 480))
    assert [type(event) for event in events] == [SoundSilent, SoundHeard]


def lane(
    port: ScriptedMicrophone,
    shelf: Shelf,
    events: list[CaptureEvent],
    tap: Callable[[Samples, int], None] | None = None,
) -> SoundLane:
    return SoundLane(port, MICROPHONE, shelf.media, SystemClock(), events.append, tap)


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

    def watch(self, emit: object) -> Closer:
        return lambda: None

    def open(self, microphone: object, rate: int, block: int, emit: object) -> object:
        assert callable(emit)
        self.opened += 1
        emit(Sound(tone(440, block), SystemClock().monotonic_us()))
        return lambda: None


def test_a_microphone_that_falls_silent_for_four_seconds_is_opened_again() -> None:
    events, port = list[CaptureEvent](), Once()
    sound = SoundLane(port, MICROPHONE, Shelf().media, SystemClock(), events.append)  # type: ignore[arg-type]
    sound.start()
    until(lambda: port.opened == 2 and len(events) >= 2)
    sound.stop()
    assert events[:2] == [SoundLost(), SoundBack()]


TONES_HZ = {"desk": 440.0, "headset": 1000.0}


class TwoMicrophones(ScriptedMicrophone):
    """`usual` gives its own tone; `switch` makes the other one usual, `unplug` takes the first away."""

    def __init__(self) -> None:
        super().__init__()
        self.names = ["desk", "headset"]
        self.switched: Callable[[], None] = lambda: None
        self.watched = False

    def microphones(self) -> tuple[Microphone, ...]:
        return tuple(Microphone(name, name) for name in self.names)

    def watch(self, emit: Callable[[], None]) -> Closer:
        self.switched, self.watched = emit, True

        def end() -> None:
            self.watched = False

        return end

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        self._hz = TONES_HZ.get(microphone.id, 0.0)
        self.present = microphone.id in self.names
        return super().open(microphone, rate, block, emit)


def test_where_another_microphone_becomes_the_usual_one_that_is_recorded_and_told() -> None:
    shelf, events, port = Shelf(), list[CaptureEvent](), TwoMicrophones()
    sound = SoundLane(port, Microphone("desk", "desk"), shelf.media, SystemClock(), events.append)
    sound.start()
    until(lambda: sound.blocks > 5)
    port.names.reverse()
    port.switched()
    until(lambda: MicrophoneSwitched() in events)
    before = len(shelf.of(Track.AUDIO))
    until(lambda: len(shelf.of(Track.AUDIO)) > before + 12)
    sound.stop()
    kept = shelf.of(Track.AUDIO)
    assert abs(loudest_hz(decode_sound([item.media.data for item in kept[-8:]])) - 1000) < 5
    assert {late.taken_us - early.taken_us for early, late in pairwise(kept)} == {BLOCK_US}
    assert events == [MicrophoneSwitched()] and not port.watched


def test_where_the_chosen_microphone_is_gone_the_usual_one_is_recorded() -> None:
    shelf, events, port = Shelf(), list[CaptureEvent](), TwoMicrophones()
    sound = SoundLane(port, Microphone("gone", "gone"), shelf.media, SystemClock(), events.append)
    sound.start()
    until(lambda: sound.blocks > 5)
    sound.stop()
    assert events == [MicrophoneSwitched()]


def test_whoever_listens_hears_every_sample_in_order_silence_too() -> None:
    heard: list[tuple[int, int]] = []
    shelf, events, port = Shelf(), list[CaptureEvent](), ScriptedMicrophone()
    port.present = False
    sound = lane(port, shelf, events, lambda samples, taken_us: heard.append((taken_us, samples.size)))
    sound.start()
    until(lambda: len(heard) > 2)
    port.present = True
    until(lambda: sound.blocks > 5)
    sound.stop()
    assert all(abs(late[0] - early[0] - early[1] * 1_000_000 / SOUND_RATE) <= 1 for early, late in pairwise(heard))
    assert heard[0][0] == shelf.of(Track.AUDIO)[0].taken_us


def test_a_listener_that_fails_is_told_once_and_the_recording_goes_on() -> None:
    def fails(samples: Samples, taken_us: int) -> None:
        raise ValueError("no")

    shelf, events = Shelf(), list[CaptureEvent]()
    sound = lane(ScriptedMicrophone(), shelf, events, fails)
    sound.start()
    until(lambda: len(shelf.of(Track.AUDIO)) > 5)
    sound.stop()
    assert events == [CaptureFailed("sound-tap", "ValueError")]
