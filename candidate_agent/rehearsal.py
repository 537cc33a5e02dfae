"""Thirty seconds of the exam before the exam: recorded by the real pipeline, sealed, sent, acknowledged, thrown away.

Each record is sealed under a key that lives for this rehearsal alone and is wrapped to nobody, opened once more to see
that it can be, and sent on the measuring line; nothing is written to a disk (docs/adr/0014). Run by `tryout`.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable

from candidate_agent.base.clock import Clock
from candidate_agent.capture.pipeline import MediaSink, Pipeline
from candidate_agent.checks.rehearsal import Rehearsed
from candidate_agent.uplink.delivery import Delivery
from exam_protocol.keys import EPOCH_KEY_BYTES
from exam_protocol.records import Media, RecordFlag, Track, pack_media
from exam_protocol.sealing import EpochSealer

REHEARSAL_S = 30.0
LATE_S = 20.0  # for what is still on its way when the recording ends
PARTS = {"screen_in": "screen", "camera_in": "camera", "sound_blocks": "sound"}  # by a figure of the pipeline

MakePipeline = Callable[[MediaSink], Pipeline]


class Sealing:
    """A sink in place of the recorder; called on the pipeline's writer thread alone."""

    def __init__(self, send: Callable[[bytes], None], random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._sealer = EpochSealer(random_bytes(16), 1, random_bytes(EPOCH_KEY_BYTES))
        self._send = send
        self._began_us: int | None = None
        self.records: Counter[Track] = Counter()

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        self._began_us = taken_us if self._began_us is None else self._began_us
        flags = RecordFlag.KEY_FRAME if key_frame else RecordFlag.NONE
        at_us, plaintext = max(0, taken_us - self._began_us), pack_media(media)
        record = self._sealer.seal(track, self.records[Track(track)], at_us, flags, plaintext)
        _, opened = self._sealer.open(record)
        if opened == plaintext:
            self.records[Track(track)] += 1
            self._send(record)


class Rehearsal:
    """One of them. `share` and `left_s` are for the candidate's eyes; `sound_dbfs` while the microphone is ours."""

    def __init__(self, make_pipeline: MakePipeline, delivery: Delivery, clock: Clock, seconds: float) -> None:
        self._make_pipeline, self._delivery, self._clock = make_pipeline, delivery, clock
        self._seconds = seconds
        self._began_us: int | None = None
        self._pipeline: Pipeline | None = None

    @property
    def share(self) -> float:
        """0..1 of the time that is recorded."""
        if self._began_us is None:
            return 0.0
        return min(1.0, (self._clock.monotonic_us() - self._began_us) / 1e6 / self._seconds)

    @property
    def left_s(self) -> int:
        return round(self._seconds * (1 - self.share))

    @property
    def sound_dbfs(self) -> float | None:
        return self._pipeline.stats()["sound_dbfs"] if self._pipeline is not None else None

    async def run(self) -> Rehearsed:
        """Raises DeviceError where a device is missing. Cancelled: everything is let go of."""
        loop, delivery = asyncio.get_running_loop(), self._delivery
        sealing = Sealing(lambda record: _hand_over(loop, delivery, record))
        pipeline = self._make_pipeline(sealing)
        delivery.start()
        try:
            await self._record(pipeline)
            await delivery.finish(LATE_S)
        finally:
            await delivery.close()
        figures = pipeline.stats()
        missing = tuple(name for figure, name in PARTS.items() if not figures[figure])
        return Rehearsed(delivery.pieces, delivery.acknowledged, delivery.again, missing)

    async def _record(self, pipeline: Pipeline) -> None:
        try:
            pipeline.start()
            self._pipeline, self._began_us = pipeline, self._clock.monotonic_us()
            await asyncio.sleep(self._seconds)
        finally:
            self._pipeline = None
            await asyncio.to_thread(pipeline.stop)


def _hand_over(loop: asyncio.AbstractEventLoop, delivery: Delivery, record: bytes) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(delivery.put, record)
