"""A microphone that refuses our rate or one channel, played by a scripted sound library."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable import microphone
from candidate_agent.platforms.ports import Microphone, Sound
from tests.candidate_agent.capture.studio import loudest_hz, tone

SLOW = {"name": "slow", "index": 3, "max_input_channels": 2, "default_samplerate": 8000.0}


class OwnWay:
    """Opens at 8 kHz in stereo and no other way; `start` gives a second of 440 Hz at once."""

    def __init__(
        self, rate: int, frames: int, index: int, channels: int, kind: str, callback: Callable[..., None]
    ) -> None:
        if (rate, channels) != (8000, 2):
            raise microphone.sounddevice.PortAudioError("Invalid sample rate")
        assert (frames, index) == (480, 3)
        self._callback = callback
        self.closed = False

    def start(self) -> None:
        for n in range(16):
            both = np.repeat(tone(440, 480, 8000, n * 480), 2)
            self._callback(both.tobytes(), 480, None, None)

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> microphone.PortAudioMicrophone:
    made = microphone.PortAudioMicrophone(SystemClock())
    monkeypatch.setattr(made, "_rescan", lambda: None)
    monkeypatch.setattr(microphone, "_inputs", lambda: [SLOW])
    return made


def test_it_is_opened_its_own_way_and_resampled(
    port: microphone.PortAudioMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(microphone.sounddevice, "RawInputStream", OwnWay)
    blocks: list[Sound] = []
    close = port.open(Microphone("slow", "slow"), 48_000, 2_880, blocks.append)
    close()
    assert len(blocks) == 15 and {block.samples.size for block in blocks} == {2_880}
    assert abs(loudest_hz(np.concatenate([block.samples for block in blocks]).astype(np.float32)) - 440) < 2


def test_one_that_opens_in_no_way_is_missing(
    port: microphone.PortAudioMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise microphone.sounddevice.PortAudioError("Device unavailable")

    monkeypatch.setattr(microphone.sounddevice, "RawInputStream", refuse)
    with pytest.raises(DeviceError) as failure:
        port.open(Microphone("slow", "slow"), 48_000, 2_880, lambda sound: None)
    assert failure.value.code == "microphone_missing"
