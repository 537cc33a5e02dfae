"""A microphone for a machine without one: a real PulseAudio daemon of its own on a private socket.

A null sink plays into nothing; its monitor, remapped, is the microphone. What `play_tone` and `speak` play, a child
started with `environment()` records through PortAudio, ALSA and PulseAudio.
"""

import os
import subprocess
import time
import wave
from pathlib import Path

import numpy as np

RATE = 48_000
SINK, SOURCE = "rig_sink", "rig_microphone"
_ALSA = """pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
ctl.pulse { type pulse }
"""


class MicrophoneRig:
    """One sound server for the children of this program. `start` before anything else, `stop` at the end."""

    def __init__(self, directory: Path, rate: int = RATE) -> None:
        """`rate`: samples a second of the microphone itself."""
        self._directory, self._rate = directory, rate
        self._socket_path = directory / "pulse.socket"
        self._alsa_path = directory / "asound.conf"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._playing: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Returns when the microphone is there. Raises RuntimeError after 15 s."""
        self._alsa_path.write_text(_ALSA)
        self._daemon = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes",
             "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self._socket_path}",
             "-L", f"module-null-sink sink_name={SINK} rate={self._rate} channels=1",
             "-L", f"module-remap-source master={SINK}.monitor source_name={SOURCE}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=self._server_environment(),
        )  # fmt: skip
        deadline = time.monotonic() + 15
        while self._pactl("set-default-source", SOURCE).returncode != 0:
            if time.monotonic() > deadline or self._daemon.poll() is not None:
                self.stop()
                raise RuntimeError("The sound server did not start.")
            time.sleep(0.05)

    def _server_environment(self) -> dict[str, str]:
        """Folders of its own, so that it shares nothing with the sound server of a desktop."""
        runtime = self._directory / "pulse"
        runtime.mkdir(exist_ok=True, mode=0o700)
        return {
            **os.environ,
            "PULSE_RUNTIME_PATH": str(runtime),
            "PULSE_STATE_PATH": str(runtime),
            "HOME": str(runtime),
        }

    def environment(self) -> dict[str, str]:
        """What to add to a child's environment."""
        return {
            "PULSE_SERVER": f"unix:{self._socket_path}",
            "PULSE_SOURCE": SOURCE,
            "PULSE_COOKIE": str(self._directory / "pulse" / "cookie"),
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self._alsa_path}",
        }

    def _pactl(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *words], env={**os.environ, **self.environment()}, capture_output=True, text=True, timeout=10
        )

    def mute(self, muted: bool = True) -> None:
        self._pactl("set-source-mute", SOURCE, "1" if muted else "0").check_returncode()

    def plug_headset(self) -> str:
        """Another microphone, which hears nothing and becomes the usual one. Its number for `unplug_headset`."""
        loaded = self._pactl("load-module", "module-null-sink", "sink_name=rig_headset")
        self._pactl("set-default-source", "rig_headset.monitor").check_returncode()
        return loaded.stdout.strip()

    def unplug_headset(self, number: str) -> None:
        """The one from before becomes the usual one again."""
        self._pactl("unload-module", number).check_returncode()
        self._pactl("set-default-source", SOURCE).check_returncode()

    def play_tone(self, hz: float, seconds: float = 5.0, level: float = 0.4, sink: str = SINK) -> None:
        """Begins to play a sine; returns at once."""
        wave_form = np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)
        path = self._directory / f"tone-{hz:g}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((32767 * level * wave_form).astype("<i2").tobytes())
        self.play(path, sink)

    def speak(self, text: str) -> None:
        """Begins to speak; returns at once."""
        path = self._directory / "speech.wav"
        subprocess.run(["espeak-ng", "-w", str(path), text], check=True)
        self.play(path)

    def play(self, path: Path, sink: str = SINK) -> None:
        """Plays a sound file; returns at once."""
        self._playing.append(
            subprocess.Popen(["paplay", f"--device={sink}", str(path)], env={**os.environ, **self.environment()})
        )

    def silence(self) -> None:
        """Ends whatever plays."""
        for player in self._playing:
            player.terminate()
            player.wait(timeout=5)
        self._playing.clear()

    def stop(self) -> None:
        self.silence()
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait(timeout=10)
            self._daemon = None
