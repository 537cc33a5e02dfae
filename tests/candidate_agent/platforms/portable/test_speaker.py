"""The sound to hear, on a real sound server: what is played is what a microphone beside the loudspeaker gets."""

import os
import subprocess
import sys

import numpy as np
import pytest

from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.portable.speaker import NOTES_HZ, RATE, chime
from candidate_agent.platforms.ports import Sound
from tests.candidate_agent.capture.studio import loudest_hz, until
from tests.candidate_agent.platforms.portable.test_microphone import rig
from tests.rig.microphone import MicrophoneRig

__all__ = ["rig"]
NOBODY = "from candidate_agent.platforms.portable import devices\nprint(devices.sound_ports()[1].play_tone())"


def test_the_sound_is_two_soft_notes_that_begin_and_end_in_silence() -> None:
    wave = chime()
    assert wave.size == RATE and wave[0] == 0 and abs(int(wave[-1])) < 200
    assert 6000 < np.abs(wave).max() < 10_000


@pytest.mark.real
def test_the_sound_is_heard_beside_a_microphone_that_stays_open(
    rig: MicrophoneRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in rig.environment().items():
        monkeypatch.setenv(name, value)
    microphones, speakers = devices.sound_ports()
    blocks: list[Sound] = []
    close = microphones.open(microphones.microphones()[0], RATE, 2880, blocks.append)
    assert speakers.play_tone()
    until(lambda: sum(1 for block in blocks if np.abs(block.samples).max(initial=0) > 4000) > 10)
    count = len(blocks)
    until(lambda: len(blocks) > count)
    close()
    loud = np.concatenate([block.samples for block in blocks if np.abs(block.samples).max() > 4000])
    assert min(abs(loudest_hz(loud.astype(np.float32)) - hz) for hz in NOTES_HZ) < 6


@pytest.mark.real
def test_without_an_output_it_is_told() -> None:
    """In a program of its own: ALSA says at length on standard error what it lacks."""
    lonely = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}
    done = subprocess.run([sys.executable, "-c", NOBODY], env=lonely, capture_output=True, text=True, timeout=60)
    assert done.stdout.split()[-1:] == ["False"]
