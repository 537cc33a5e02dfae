"""The microphone port on a real sound server."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Microphone, MicrophonePort, Sound
from tests.candidate_agent.capture.studio import loudest_hz, until
from tests.rig.microphone import MicrophoneRig

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MicrophoneRig]:
    made = MicrophoneRig(tmp_path_factory.mktemp("sound"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def port(rig: MicrophoneRig, monkeypatch: pytest.MonkeyPatch) -> Iterator[MicrophonePort]:
    for name, value in rig.environment().items():
        monkeypatch.setenv(name, value)
    yield devices.microphone_port()
    rig.mute(False)
    rig.silence()


def test_the_default_microphone_is_listed_first(port: MicrophonePort) -> None:
    assert port.microphones()[0].name == "default"


def test_a_tone_in_the_room_is_in_the_blocks(port: MicrophonePort, rig: MicrophoneRig) -> None:
    blocks: list[Sound] = []
    close = port.open(port.microphones()[0], 48_000, 2880, blocks.append)
    rig.play_tone(440)
    until(lambda: sum(1 for block in blocks if np.abs(block.samples).max(initial=0) > 5000) > 10)
    close()
    close()
    loud = np.concatenate([block.samples for block in blocks if np.abs(block.samples).max() > 5000])
    assert abs(loudest_hz(loud.astype(np.float32)) - 440) < 4
    assert {block.samples.size for block in blocks} == {2880}
    assert all(late.taken_us >= early.taken_us for early, late in pairwise(blocks))


def test_muting_is_told_and_gives_exact_silence(port: MicrophonePort, rig: MicrophoneRig) -> None:
    microphone = port.microphones()[0]
    assert port.muted(microphone) is False
    rig.mute()
    assert port.muted(microphone) is True
    blocks: list[Sound] = []
    close = port.open(microphone, 48_000, 2880, blocks.append)
    until(lambda: len(blocks) > 5)
    close()
    assert not any(block.samples.any() for block in blocks[2:])


def test_an_unknown_microphone_is_missing(port: MicrophonePort) -> None:
    with pytest.raises(DeviceError) as failure:
        port.open(Microphone("attic", "attic"), 48_000, 2880, lambda sound: None)
    assert failure.value.code == "microphone_missing"
