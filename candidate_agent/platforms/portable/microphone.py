"""MicrophonePort by PortAudio. On Linux the sound server (PulseAudio, or PipeWire in its place) also tells about mute
and about another default source. A microphone that refuses the rate is opened at its own and resampled here.

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
import numpy.typing as npt
import sounddevice

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable.resample import Resampler
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


def _ways(device: dict[str, Any] | None, rate: int) -> list[tuple[int, int]]:
    """(samples a second, channels) to try: as asked, then as the device says that it is."""
    if device is None:
        return [(rate, 1)]
    own_rate, channels = int(device["default_samplerate"]), min(2, int(device["max_input_channels"]))
    return list(dict.fromkeys([(rate, 1), (own_rate, 1), (rate, channels), (own_rate, channels)]))


def _mono(samples: npt.NDArray[np.int16], channels: int) -> npt.NDArray[np.int16]:
    if channels == 1:
        return samples
    mixed: npt.NDArray[np.int16] = samples.reshape(-1, channels).mean(axis=1).astype(np.int16)
    return mixed


def _nothing() -> None:
    """For whom nothing is watched."""


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

    def watch(self, emit: Callable[[], None]) -> Closer:
        """On Linux by the sound server. Elsewhere PortAudio does not tell while a microphone is open."""
        if sys.platform == "linux":
            from candidate_agent.platforms.linux.audio_route import watch_default_source

            return watch_default_source(emit) or _nothing
        return _nothing

    def _stream(self, microphone: Microphone, rate: int, block: int, emit: Callable[[Sound], None]) -> Any:
        device = next((d for d in _inputs() if d["name"] == microphone.id), None)
        if device is None and microphone.id != DEFAULT:
            raise DeviceError("microphone_missing", f"The microphone {microphone.name} is not connected.")
        refused: Exception | None = None
        for device_rate, channels in _ways(device, rate):
            try:
                return self._begin(device, (device_rate, channels), rate, block, emit)
            except (sounddevice.PortAudioError, ValueError) as error:
                refused = error
        raise DeviceError("microphone_missing", f"The microphone {microphone.name} gives no sound.") from refused

    def _begin(
        self, device: dict[str, Any] | None, way: tuple[int, int], rate: int, block: int, emit: Callable[[Sound], None]
    ) -> Any:
        (device_rate, channels), clock = way, self._clock
        block_us = block * 1_000_000 // rate
        resampler = Resampler(device_rate, rate, block) if device_rate != rate else None

        def arrived(data: Any, frames: int, times: Any, status: Any) -> None:
            now_us = clock.monotonic_us()
            samples = _mono(np.frombuffer(bytes(data), np.int16), channels)
            blocks = resampler.feed(samples) if resampler else (samples,)
            waiting = resampler.waiting if resampler else 0
            begun_us = now_us - (waiting * 1_000_000 // rate) - len(blocks) * block_us
            for number, part in enumerate(blocks):
                emit(Sound(part, begun_us + number * block_us))

        index = device["index"] if device else None
        frames = block * device_rate // rate
        stream = sounddevice.RawInputStream(device_rate, frames, index, channels, "int16", callback=arrived)
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close(ignore_errors=True)
            raise
        return stream

    def _closer(self, stream: Any) -> Closer:
        def close() -> None:
            with self._lock:
                if not stream.closed:
                    stream.close(ignore_errors=True)
                    self._open -= 1

        return close
