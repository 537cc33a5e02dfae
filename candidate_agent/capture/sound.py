"""The microphone to Opus packets: blocks are laid on the clock, holes are filled with silence, a lost device reopened.

Where the chosen microphone is gone, or another became the usual one, the lane goes on with that and says so.
`sound_clock` decides where each block stands; `SoundLane` is the thread. Built by the pipeline.
"""

import threading
from collections.abc import Callable

import numpy as np

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.capture.encode import SOUND_FRAME, SOUND_RATE, SoundEncoder
from candidate_agent.capture.events import (
    CaptureFailed,
    MicrophoneSwitched,
    SoundBack,
    SoundHeard,
    SoundLost,
    SoundSilent,
)
from candidate_agent.capture.lanes import Deliver
from candidate_agent.capture.preview import SILENCE_DBFS, level_dbfs
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.sound_clock import Samples, SoundClock, stretched
from candidate_agent.capture.workers import Emit, Worker
from candidate_agent.platforms.ports import Closer, Microphone, MicrophonePort, Sound
from exam_protocol.records import Codec, Media, Track

Tap = Callable[[Samples, int], None]
"""Hears each piece as it is laid down, silence too: samples and when the first was taken. On the lane's thread."""

QUEUE_BLOCKS = 64
WAKE_S = 0.25
BLOCK = 3 * SOUND_FRAME
"""What a device is asked for at once: 0.18 s. Smaller ones wake three threads each, for the work of a moment."""
SOUND_FRAME_US = SOUND_FRAME * 1_000_000 // SOUND_RATE
LOST_AFTER_US = 4_000_000  # PortAudio's first block may take two seconds
RETRY_US = 1_000_000
SILENT_AFTER_S = 10.0


class SilenceWatch:
    """Tells when a microphone has given nothing but zeros for ten seconds, and when it is heard again."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._silent_s = 0.0

    def take(self, samples: Samples) -> None:
        silent_before = self._silent_s >= SILENT_AFTER_S
        self._silent_s = 0.0 if samples.any() else self._silent_s + samples.size / SOUND_RATE
        silent = self._silent_s >= SILENT_AFTER_S
        if silent and not silent_before:
            self._emit(SoundSilent(self._silent_s))
        if silent_before and not silent:
            self._emit(SoundHeard())


class SoundLane:
    def __init__(
        self, port: MicrophonePort, microphone: Microphone, deliver: Deliver, clock: Clock, emit: Emit,
        tap: Tap | None = None,
    ) -> None:  # fmt: skip
        self._port = port
        self._microphone = microphone
        self._deliver = deliver
        self._clock = clock
        self._emit = emit
        self._tap = tap
        self._queue: Latest[Sound] = Latest(QUEUE_BLOCKS)
        self._worker = Worker("capture-sound", self._run, emit)
        self._encoder = SoundEncoder()
        self._silence = SilenceWatch(emit)
        self._pending: Samples = np.empty(0, np.int16)
        self._place = SoundClock(0, SOUND_RATE)
        self._start_us = 0
        self._sent = 0
        self._laid = 0
        self._close_device: Closer | None = None
        self._came_us = 0
        self._retry_us = 0
        self._lost = False
        self._another = threading.Event()  # the usual microphone is another one now
        self.blocks = 0
        self.filled = 0  # samples of silence that no microphone gave
        self.left_out = 0  # samples that stood where silence had been laid already
        self.level_dbfs = SILENCE_DBFS

    @property
    def dropped(self) -> int:
        return self._queue.dropped

    def start(self) -> None:
        self._start_us = self._clock.monotonic_us()
        self._place = SoundClock(self._start_us, SOUND_RATE)
        self._worker.start()

    def stop(self) -> None:
        self._queue.close()
        self._worker.join()

    def _run(self) -> None:
        end_watch = self._port.watch(self._another.set)
        try:
            self._connect()
            while not self._queue.finished:
                sound = self._queue.get(WAKE_S)
                if sound is not None:
                    self._take(sound)
                else:
                    self._wait()
                if self._another.is_set():
                    self._follow()
        finally:
            end_watch()
            self._disconnect()
        self._finish()

    def _connect(self) -> None:
        self._retry_us = self._clock.monotonic_us() + RETRY_US
        try:
            self._open()
        except DeviceError:
            self._lose()
        else:
            self._came_us = self._clock.monotonic_us()
            self._place.fresh()

    def _open(self) -> None:
        """The chosen microphone, or where it is gone the usual one. Raises DeviceError."""
        try:
            self._close_device = self._port.open(self._microphone, SOUND_RATE, BLOCK, self._queue.put)
        except DeviceError:
            others = self._others()
            if not others:
                raise
            self._close_device = self._port.open(others[0], SOUND_RATE, BLOCK, self._queue.put)
            self._microphone = others[0]
            self._emit(MicrophoneSwitched())

    def _others(self) -> tuple[Microphone, ...]:
        return tuple(other for other in self._port.microphones() if other != self._microphone)

    def _follow(self) -> None:
        """Another microphone became the usual one: opened afresh, what comes is from that."""
        self._another.clear()
        self._disconnect()
        found = self._port.microphones()
        self._microphone = found[0] if found else self._microphone
        self._emit(MicrophoneSwitched())
        self._connect()

    def _disconnect(self) -> None:
        if self._close_device is not None:
            self._close_device()
            self._close_device = None

    def _lose(self) -> None:
        self._disconnect()
        if not self._lost:
            self._lost = True
            self._emit(SoundLost())

    def _wait(self) -> None:
        """Nothing came: fill up, and look after the device."""
        now_us = self._clock.monotonic_us()
        self._fill(self._place.idle(now_us))
        if self._close_device is not None and now_us - self._came_us > LOST_AFTER_US:
            self._lose()
        if self._close_device is None and now_us >= self._retry_us:
            self._connect()

    def _take(self, sound: Sound) -> None:
        self.blocks += 1
        self._came_us = self._clock.monotonic_us()
        if self._lost:
            self._lost = False
            self._emit(SoundBack())
        self.level_dbfs = level_dbfs(sound.samples)
        self._silence.take(sound.samples)
        placed = self._place.place(sound.taken_us, sound.samples.size)
        self._fill(placed.silence)
        self.left_out += placed.skip
        self._lay(stretched(sound.samples[placed.skip :], placed.length))

    def _fill(self, count: int) -> None:
        self.filled += count
        while count > 0:
            step = min(count, SOUND_RATE)
            self._lay(np.zeros(step, np.int16))
            count -= step

    def _lay(self, samples: Samples) -> None:
        self._let_hear(samples)
        self._pending = np.concatenate((self._pending, samples)) if self._pending.size else samples
        while self._pending.size >= SOUND_FRAME:
            frame, self._pending = self._pending[:SOUND_FRAME], self._pending[SOUND_FRAME:]
            self._send(frame)

    def _let_hear(self, samples: Samples) -> None:
        """Whoever listens fails alone: the recording goes on without."""
        taken_us = self._start_us + self._laid * 1_000_000 // SOUND_RATE
        self._laid += samples.size
        if self._tap is None or not samples.size:
            return
        try:
            self._tap(samples, taken_us)
        except Exception as error:
            self._tap = None
            self._emit(CaptureFailed("sound-tap", type(error).__name__))

    def _send(self, frame: Samples) -> None:
        data = self._encoder.encode(frame)
        media = Media(Codec.OPUS, 1, SOUND_RATE // 100, data)
        self._deliver(Track.AUDIO, media, key_frame=True, taken_us=self._start_us + self._sent * SOUND_FRAME_US)
        self._sent += 1

    def _finish(self) -> None:
        """The last part of a frame, filled up with silence."""
        if self._pending.size:
            self._lay(np.zeros(SOUND_FRAME - self._pending.size, np.int16))
