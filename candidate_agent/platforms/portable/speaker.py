"""SpeakerPort by PortAudio: the system's usual output.

PortAudio is started afresh to find new devices (`microphone`); while something plays here, that waits.
"""

import contextlib
from typing import Any

import numpy as np
import numpy.typing as npt
import sounddevice

from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable.microphone import PortAudioMicrophone


class PortAudioSpeaker:
    def __init__(self, library: PortAudioMicrophone) -> None:
        """`library`: whoever may start PortAudio afresh."""
        self._library = library

    def play(self, samples: npt.NDArray[np.int16], rate: int) -> None:
        with self._library.in_use():
            try:
                self._play(samples, rate)
            except (sounddevice.PortAudioError, ValueError) as error:
                raise DeviceError("speaker_missing", "No sound can be played.") from error

    def _play(self, samples: npt.NDArray[np.int16], rate: int) -> None:
        stream: Any = sounddevice.RawOutputStream(rate, channels=1, dtype="int16")
        with contextlib.closing(stream):
            stream.start()
            stream.write(samples.tobytes())
            stream.stop()  # returns when the last sample was played
