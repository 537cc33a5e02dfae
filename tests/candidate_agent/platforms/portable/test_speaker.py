"""The speaker port on a real sound server: what it plays is heard by a microphone."""

from collections.abc import Iterator

import numpy as np
import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Sound
from candidate_agent.ui import cue
from tests.candidate_agent.capture.studio import loudest_hz, until
from tests.rig.microphone import MicrophoneRig

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MicrophoneRig]:
    made = MicrophoneRig(tmp_path_factory.mktemp("sound"))
    made.start()
    yield made
    made.stop()


def test_both_tones_of_the_cue_are_heard_while_the_microphone_is_open(
    rig: MicrophoneRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in rig.environment().items():
        monkeypatch.setenv(name, value)
    microphones, speaker = devices.sound_ports()
    blocks: list[Sound] = []
    close = microphones.open(microphones.microphones()[0], 48_000, 2880, blocks.append)
    until(lambda: len(blocks) > 3)
    speaker.play(cue.samples(), cue.RATE)
    microphones.microphones()  # looks for devices again: not while anything is open
    until(lambda: _loud(blocks).size > 0.3 * cue.RATE)
    close()
    heard = _loud(blocks)
    halves = heard[: heard.size // 2], heard[heard.size // 2 :]
    assert [loudest_hz(half.astype(np.float32)) for half in halves] == pytest.approx(cue.TONES_HZ, abs=12)


def _loud(blocks: list[Sound]) -> np.ndarray:
    loud = [block.samples for block in list(blocks) if np.abs(block.samples).max(initial=0) > 1500]
    return np.concatenate(loud) if loud else np.zeros(0, np.int16)


def test_a_computer_without_sound_is_said(rig: MicrophoneRig, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**rig.environment(), "PULSE_SERVER": "unix:/nowhere"}.items():
        monkeypatch.setenv(name, value)
    microphones, speaker = devices.sound_ports()
    microphones.microphones()
    with pytest.raises(DeviceError) as failure:
        speaker.play(cue.samples(), cue.RATE)
    assert failure.value.code == "speaker_missing"
