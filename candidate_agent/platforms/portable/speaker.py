"""SpeakerPort by PortAudio: a short sound through the system's usual output. Waits until it is played: not for a loop.

PortAudio is one library for both directions: while this plays, the microphones' side must not start it afresh.
"""

import numpy as np
import numpy.typing as npt
import sounddevice

from candidate_agent.platforms.portable.microphone import PortAudioMicrophone

RATE = 48_000
NOTES_HZ, NOTE_S, FADE_S, LEVEL = (523.25, 659.25), 0.5, 0.05, 0.25


def chime() -> npt.NDArray[np.int16]:
    """Two soft notes, a second together, faded at both ends so that nothing clicks."""
    times_s = np.arange(int(NOTE_S * RATE)) / RATE
    fade = np.clip(np.minimum(times_s, NOTE_S - times_s) / FADE_S, 0, 1)
    notes = [LEVEL * fade * np.sin(2 * np.pi * hz * times_s) for hz in NOTES_HZ]
    return (np.concatenate(notes) * 32767).astype(np.int16)


class PortAudioSpeaker:
    def __init__(self, library: PortAudioMicrophone) -> None:
        self._library = library

    def play_tone(self) -> bool:
        with self._library.borrowed():
            try:
                with sounddevice.RawOutputStream(RATE, channels=1, dtype="int16") as stream:
                    stream.write(chime().tobytes())
            except (sounddevice.PortAudioError, ValueError):
                return False
        return True
