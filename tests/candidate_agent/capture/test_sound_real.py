"""The lane of sound on a real sound server: the usual microphone changes, and the one in use is taken away."""

import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.events import CaptureEvent, MicrophoneSwitched
from candidate_agent.capture.sound import SoundLane
from candidate_agent.platforms.portable import devices
from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import Shelf, decode_sound, loudest_hz, until
from tests.rig.microphone import MicrophoneRig

pytestmark = pytest.mark.real
HEADSET = "headset_microphone"


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MicrophoneRig]:
    """Its microphone is the usual one; a second one, at 8 kHz, hears another tone."""
    made = MicrophoneRig(tmp_path)
    made.start()
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULSE_SOURCE")
    yield made
    made.stop()


def pactl(*words: str) -> str:
    return subprocess.run(["pactl", *words], capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def heard_hz(shelf: Shelf) -> float:
    """Of the last second that was recorded, 0 for silence."""
    sound = decode_sound([item.media.data for item in shelf.of(Track.AUDIO)[-18:]])[-40_000:]
    return loudest_hz(sound) if np.abs(sound).max() > 0.02 else 0.0


def test_the_recording_follows_the_usual_microphone_and_goes_on_when_it_is_taken_away(rig: MicrophoneRig) -> None:
    sink = pactl("load-module", "module-null-sink", "sink_name=headset", "rate=8000", "channels=1")
    pactl("load-module", "module-remap-source", "master=headset.monitor", f"source_name={HEADSET}")
    rig.play_tone(440, seconds=60)
    rig.play_tone(1000, seconds=60, sink="headset")
    port, shelf, events = devices.microphone_port(), Shelf(), list[CaptureEvent]()
    sound = SoundLane(port, port.microphones()[0], shelf.media, SystemClock(), events.append)
    sound.start()
    try:
        until(lambda: abs(heard_hz(shelf) - 440) < 5 if len(shelf.of(Track.AUDIO)) > 20 else False, 20)
        pactl("set-default-source", HEADSET)
        until(lambda: abs(heard_hz(shelf) - 1000) < 5, 20)
        assert events == [MicrophoneSwitched()]
        pactl("unload-module", sink)
        until(lambda: abs(heard_hz(shelf) - 440) < 5, 20)
    finally:
        sound.stop()
    kept = shelf.of(Track.AUDIO)
    assert {late.taken_us - early.taken_us for early, late in pairwise(kept)} == {60_000}
    assert events.count(MicrophoneSwitched()) >= 2
