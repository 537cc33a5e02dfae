"""The one thread on which models look at the camera's newest picture and hear the microphone; observations come out.

Built by `app` beside the pipeline, which starts and stops it and feeds it the sound. It takes what the recording leaves
over: at most two pictures a second, fewer where the computer is busy, never a queue of them. Whatever goes wrong here
ends the group it belongs to, is told once as FindingsStopped, and touches neither the recording nor the other groups.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from candidate_agent.base.clock import Clock
from candidate_agent.capture import shape
from candidate_agent.capture.analysis.hearing import Hearing
from candidate_agent.capture.analysis.likeness import NOTHING, Likenesses
from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.analysis.sight import Sight
from candidate_agent.capture.analysis.tempo import Tempo
from candidate_agent.capture.events import CaptureEvent, EncoderBehind, EncoderRecovered, FindingsStopped
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.capture.sources import PictureSource
from candidate_agent.capture.workers import Emit, Worker
from candidate_agent.platforms.ports import Sound

WAKE_S = 0.5  # everything at once: each waking finds the models' memory cold
QUEUE_BLOCKS = 100  # eighteen seconds of sound; the oldest go first

Observe = Callable[[Observation], None]


def same(at_us: int) -> int:
    return at_us


class Analyst:
    """`observe` gets each observation, and `emit` FindingsStopped, on this thread.

    `media_time_us` turns the clock's time into the session's, which observations bear. `settle` is called first of all
    on the thread, to lower its priority, and `read` whenever a model was read.
    """

    def __init__(
        self, camera: PictureSource, models_dir: Path, clock: Clock, observe: Observe, emit: Emit,
        media_time_us: Callable[[int], int] = same, settle: Callable[[], object] = lambda: None,
        read: Callable[[], object] = lambda: None, likenesses: Likenesses = NOTHING,
    ) -> None:  # fmt: skip
        self._camera, self._clock, self._emit, self._settle, self._read = camera, clock, emit, settle, read
        self._sight = Sight(models_dir, observe, emit, media_time_us, likenesses.face)
        self._hearing = Hearing(models_dir, observe, emit, media_time_us, likenesses.voice)
        self._models = (*self._sight.models, *self._hearing.models)
        self._sound: Latest[Sound] = Latest(QUEUE_BLOCKS)
        self._tempo = Tempo()
        self._behind: frozenset[int] = frozenset()
        self._ended = threading.Event()
        self._resting = threading.Event()
        self._due_us = 0
        self._worker = Worker("capture-analyst", self._run, emit)
        self.looks = 0
        self.busy_us = 0

    def start(self) -> None:
        """Returns at once; models are read on the thread. Once only."""
        self._worker.start()

    def stop(self) -> None:
        """What is still open is told. May be called twice, and without a start."""
        self._ended.set()
        self._worker.join()

    def rest(self) -> None:
        """A break: nothing is looked at or listened to. Any thread; again and again does nothing."""
        self._resting.set()

    def resume(self) -> None:
        self._resting.clear()

    def hear(self, samples: Samples, taken_us: int) -> None:
        """int16, mono, 48 kHz, as it is recorded; `taken_us`: when its first sample was taken. Never blocks. Any
        thread: it is the tap of the sound lane."""
        if not self._resting.is_set():
            self._sound.put(Sound(samples, taken_us))

    def note(self, event: CaptureEvent) -> None:
        """What the recording says of itself: where an encoder is behind, fewer pictures are looked at. Any thread."""
        if isinstance(event, EncoderBehind):
            self._behind |= {event.track}
        elif isinstance(event, EncoderRecovered):
            self._behind -= {event.track}

    @property
    def per_s(self) -> float:
        """Pictures that are looked at in a second now."""
        return 1_000_000 / self._tempo.interval_us

    def stats(self) -> dict[str, float]:
        return {"looks": self.looks, "looks_per_s": self.per_s, "looks_busy_us": self.busy_us,
                "findings_sound_dropped": self._sound.dropped}  # fmt: skip

    def _run(self) -> None:
        try:
            self._settle()
            shape.one_thread_each()
            while not self._ended.wait(self._pause_s()):
                unread = self._unread
                self._turn()
                if self._unread < unread:
                    self._read()
            self._hearing.end()
        except Exception as error:  # of whoever listens: the recording goes on
            self._emit(FindingsStopped("all", f"The search on the device broke off: {type(error).__name__}."))
        finally:
            for model in self._models:
                model.close()

    @property
    def _unread(self) -> int:
        """Models that were not needed yet. A look that reads one says nothing about how long looks take."""
        return sum(model.reads_next for model in self._models)

    def _pause_s(self) -> float:
        """Until the next look, or the sound wants to be heard."""
        return min(WAKE_S, max(0.0, (self._due_us - self._clock.monotonic_us()) / 1_000_000))

    def _turn(self) -> None:
        if self._resting.is_set():
            self._forget()
            return
        while not self._ended.is_set() and (sound := self._sound.get(0)) is not None:
            self._hearing.take(sound)
        now_us = self._clock.monotonic_us()
        self._hearing.idle(now_us)
        if now_us >= self._due_us:
            self._look(now_us)

    def _look(self, now_us: int) -> None:
        picture = self._camera.latest()
        interval_us = self._tempo.interval_us
        self._due_us = max(self._due_us + interval_us, now_us + interval_us // 2)
        if picture is None:
            self._sight.forget()
            return
        unread = self._unread
        self._sight.look(picture, now_us)
        busy_us = self._clock.monotonic_us() - now_us
        self.looks, self.busy_us = self.looks + 1, self.busy_us + busy_us
        self._tempo.encoders_behind = bool(self._behind)
        if self._unread == unread:
            self._tempo.after(now_us + busy_us, busy_us)

    def _forget(self) -> None:
        while self._sound.get(0) is not None:
            pass
        self._hearing.forget()
        self._sight.forget()
