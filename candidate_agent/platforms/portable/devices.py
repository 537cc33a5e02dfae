"""The screen, camera and microphone of any desktop system, each behind its port. Called by `platforms.select` alone.

Imports happen inside: loading PortAudio asks the sound server for its devices, which the keeper need not pay for.
"""

import sys

from candidate_agent.base.clock import Clock, SystemClock
from candidate_agent.platforms.ports import CameraPort, MicrophonePort, ScreenPort, SpeakerPort


def screen_port(clock: Clock | None = None) -> ScreenPort:
    from candidate_agent.platforms.portable.screen import MssScreen

    return MssScreen(clock or SystemClock())


def camera_port(clock: Clock | None = None) -> CameraPort:
    from candidate_agent.platforms.portable.camera import OpenCvCamera

    return OpenCvCamera(clock or SystemClock())


def microphone_port(clock: Clock | None = None) -> MicrophonePort:
    _before_portaudio()
    from candidate_agent.platforms.portable.microphone import PortAudioMicrophone

    return PortAudioMicrophone(clock or SystemClock())


def _before_portaudio() -> None:
    if sys.platform == "linux":
        from candidate_agent.platforms.linux import alsa

        alsa.load_less()


def sound_ports(clock: Clock | None = None) -> tuple[MicrophonePort, SpeakerPort]:
    """Both directions of one sound library."""
    _before_portaudio()
    from candidate_agent.platforms.portable.microphone import PortAudioMicrophone
    from candidate_agent.platforms.portable.speaker import PortAudioSpeaker

    microphones = PortAudioMicrophone(clock or SystemClock())
    return microphones, PortAudioSpeaker(microphones)
