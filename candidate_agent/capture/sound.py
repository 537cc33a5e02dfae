"""The microphone to Opus packets: blocks are laid on the clock, holes are filled with silence, a lost device reopened.

`SoundClock` decides and is pure; `SoundLane` is the thread. Built by the pipeline.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import DeviceError
from candidate_agent.capture.encode import SOUND_FRAME, SOUND_RATE, SoundEncoder
from candidate_agent.capture.events import SoundBack, SoundHeard, SoundLost, SoundSilent
from candidate_agent.capture.lanes import Deliver
from candidate_agent.capture.preview import SILENCE_DBFS, level_dbfs
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.workers import Emit, Worker
from candidate_agent.platforms.ports import Closer, Microphone, MicrophonePort, Sound
from exam_protocol.records import Codec, Media, Track

Samples = npt.NDArray[np.int16]

QUEUE_BLOCKS = 64
WAKE_S = 0.25
SOUND_FRAME_US = SOUND_FRAME * 1_000_000 // SOUND_RATE
LOST_AFTER_US = 4_000_000  # PortAudio's first block may take two seconds
RETRY_US = 1_000_000
SILENT_AFTER_S = 10.0


def _samples(duration_us: int) -> int:
    return max(0, duration_us) * SOUND_RATE // 1_000_000


class SoundClock:
    """How much silence stands before a block. Callbacks come late in bunches on a busy machine: that is no hole.

    A hole is a lag that lasts: the smallest lag of a second. Silence is only ever added, sound only ever dropped when
    it runs a second ahead of the clock.
    """

    WINDOW_US = 1_000_000
    TOLERANCE_US = 60_000

    def __init__(self, start_us: int) -> None:
        self._start_us = start_us
        self._position = 0
        self._lags: deque[tuple[int, int]] = deque()
        self._begun = False

    @property
    def next_us(self) -> int:
        """When the next sample to be laid down was taken."""
        return self._start_us + self._position * 1_000_000 // SOUND_RATE

    def place(self, taken_us: int, count: int) -> int | None:
        """Samples of silence before a block of `count`; None: leave the block out."""
        lag_us = taken_us - self.next_us
        if lag_us < -self.WINDOW_US:
            return None
        fill = _samples(self._hole_us(taken_us, lag_us))
        self._position += fill + count
        return fill

    def _hole_us(self, taken_us: int, lag_us: int) -> int:
        if not self._begun or lag_us > self.WINDOW_US:
            self._begun = True
            self._lags.clear()
            return lag_us
        self._lags.append((taken_us, lag_us))
        if taken_us - self._lags[0][0] < self.WINDOW_US:
            return 0
        smallest_us = min(lag for _, lag in self._lags)
        if smallest_us > self.TOLERANCE_US:
            self._lags.clear()
            return smallest_us
        self._lags.popleft()
        return 0

    def idle(self, now_us: int) -> int:
        """Samples of silence while nothing comes: up to a second ago, which may still come late."""
        fill = _samples(now_us - self.WINDOW_US - self.next_us)
        self._position += fill
        return fill


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
        self, port: MicrophonePort, microphone: Microphone, deliver: Deliver, clock: Clock, emit: Emit
    ) -> None:
        self._port = port
        self._microphone = microphone
        self._deliver = deliver
        self._clock = clock
        self._emit = emit
        self._queue: Latest[Sound] = Latest(QUEUE_BLOCKS)
        self._worker = Worker("capture-sound", self._run, emit)
        self._encoder = SoundEncoder()
        self._silence = SilenceWatch(emit)
        self._pending: Samples = np.empty(0, np.int16)
        self._place = SoundClock(0)
        self._start_us = 0
        self._sent = 0
        self._close_device: Closer | None = None
        self._came_us = 0
        self._retry_us = 0
        self._lost = False
        self.blocks = 0
        self.filled = 0  # samples of silence that no microphone gave
        self.level_dbfs = SILENCE_DBFS

    @property
    def dropped(self) -> int:
        return self._queue.dropped

    def start(self) -> None:
        self._start_us = self._clock.monotonic_us()
        self._place = SoundClock(self._start_us)
        self._worker.start()

    def stop(self) -> None:
        self._queue.close()
        self._worker.join()

    def _run(self) -> None:
        try:
            self._connect()
            while not self._queue.finished:
                sound = self._queue.get(WAKE_S)
                if sound is not None:
                    self._take(sound)
                else:
                    self._wait()
        finally:
            self._disconnect()
        self._finish()

    def _connect(self) -> None:
        now_us = self._clock.monotonic_us()
        self._retry_us = now_us + RETRY_US
        try:
            self._close_device = self._port.open(self._microphone, SOUND_RATE, SOUND_FRAME, self._queue.put)
        except DeviceError:
            self._lose()
        else:
            self._came_us = self._clock.monotonic_us()

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
        fill = self._place.place(sound.taken_us, sound.samples.size)
        if fill is not None:
            self._fill(fill)
            self._lay(sound.samples)

    def _fill(self, count: int) -> None:
        self.filled += count
        while count > 0:
            step = min(count, SOUND_RATE)
            self._lay(np.zeros(step, np.int16))
            count -= step

    def _lay(self, samples: Samples) -> None:
        self._pending = np.concatenate((self._pending, samples)) if self._pending.size else samples
        while self._pending.size >= SOUND_FRAME:
            frame, self._pending = self._pending[:SOUND_FRAME], self._pending[SOUND_FRAME:]
            self._send(frame)

    def _send(self, frame: Samples) -> None:
        data = self._encoder.encode(frame)
        media = Media(Codec.OPUS, 1, SOUND_RATE // 100, data)
        self._deliver(Track.AUDIO, media, key_frame=True, taken_us=self._start_us + self._sent * SOUND_FRAME_US)
        self._sent += 1

    def _finish(self) -> None:
        """The last part of a frame, filled up with silence."""
        if self._pending.size:
            self._lay(np.zeros(SOUND_FRAME - self._pending.size, np.int16))
