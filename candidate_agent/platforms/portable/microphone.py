"""MicrophonePort by PortAudio. On Linux the sound server (PulseAudio, or PipeWire in its place) also tells about mute.

PortAudio lists devices once per start of the library; `microphones` starts it afresh while nothing is open.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import sounddevice

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.ports import Closer, Microphone, Sound

DEFAULT = "default"


def _inputs() -> list[dict[str, Any]]:
    return [device for device in sounddevice.query_devices() if device["max_input_channels"] > 0]


def _pactl(*words: str) -> str:
    """What the sound server answers; "" without `pactl` or without a server."""
    program = shutil.which("pactl")
    if program is None:
        return ""
    try:
        answer = subprocess.run(  # noqa: S603  # fixed commands, nobody's input
            [program, *words], capture_output=True, text=True, timeout=5, check=False,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def _pulse_mute() -> bool | None:
    """Whether the sound server's default source is muted. None without `pactl` or without a server."""
    return {"Mute: yes": True, "Mute: no": False}.get(_pactl("get-source-mute", "@DEFAULT_SOURCE@"))


class PortAudioMicrophone:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open = 0

    def microphones(self) -> tuple[Microphone, ...]:
        """The system's default first. Empty where there is none."""
        with self._lock:
            self._rescan()
            names = [str(device["name"]) for device in _inputs()]
            if not names:
                return ()
            try:
                chosen = str(sounddevice.query_devices(kind="input")["name"])
            except (sounddevice.PortAudioError, ValueError):
                chosen = names[0]
        ordered = [chosen, *(name for name in dict.fromkeys(names) if name != chosen)]
        return tuple(Microphone(name, name) for name in ordered)

    def muted(self, microphone: Microphone) -> bool | None:
        return _pulse_mute() if sys.platform == "linux" else None

    def usual(self) -> str:
        return _pactl("get-default-source") if sys.platform == "linux" else ""

    def open(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Closer:
        """Raises DeviceError `microphone_missing`."""
        with self._lock:
            self._rescan()
            stream = self._stream(microphone, rate, block, emit)
            self._open += 1
        return self._closer(stream)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[None]:
        """The library with the devices of now, which stays as it is until the block is left."""
        with self._lock:
            self._rescan()
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def _rescan(self) -> None:
        if self._open == 0:
            sounddevice._terminate()
            sounddevice._initialize()

    def _stream(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Any:
        block_us = block * 1_000_000 // rate

        def arrived(data: Any, frames: int, times: Any, status: Any) -> None:
            samples = np.frombuffer(bytes(data), np.int16)
            emit(Sound(samples, self._clock.monotonic_us() - block_us))

        index = next((d["index"] for d in _inputs() if d["name"] == microphone.id), None)
        if index is None and microphone.id != DEFAULT:
            raise DeviceError("microphone_missing", f"The microphone {microphone.name} is not connected.")
        try:
            stream = sounddevice.RawInputStream(rate, block, index, 1, "int16", callback=arrived)
            stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError("microphone_missing", f"The microphone {microphone.name} gives no sound.") from error
        return stream

    def _closer(self, stream: Any) -> Closer:
        def close() -> None:
            with self._lock:
                if not stream.closed:
                    stream.close(ignore_errors=True)
                    self._open -= 1

        return close
