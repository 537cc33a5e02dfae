"""Starts and ends the recording of screen, camera and sound, and declares the time of a break that is left out.

Used by `hands`; `ears`, `showing` and `housekeeping` look at what is recorded now.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from candidate_agent.base.errors import AgentError
from candidate_agent.base.logs import carrying_on
from candidate_agent.base.tasks import Beside
from candidate_agent.capture.losses import Losses
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.summary import summary
from candidate_agent.looking import Looking
from candidate_agent.noting import Noting
from candidate_agent.parts import Parts
from candidate_agent.platforms.ports import Picture
from candidate_agent.session import events as ev
from candidate_agent.session.states import Backlog
from exam_protocol.records import MEDIA_TRACKS, Lane, LogEntry, Track

STOP_S = 2.0


@dataclass(slots=True)
class Recording:
    parts: Parts
    post: Callable[[ev.Event], None]
    beside: Beside
    looking: Looking
    noting: Noting
    pipeline: Pipeline | None = None
    _muted_since_us: int = 0  # a break that is not recorded; 0: none
    _losses: Losses = field(default_factory=Losses)

    def captured(self) -> dict[str, float]:
        """Figures of what leaves the computer now; empty while nothing is recorded."""
        return self.pipeline.stats() | self.looking.stats() if self.pipeline is not None else {}

    def pictures(self) -> dict[str, Picture]:
        """The newest of what is recorded now, as `Stage.preview` calls it."""
        if self.pipeline is None:
            return {}
        newest = {"screen": self.pipeline.screen_source().latest(), "camera": self.parts.booth.picture()}
        return {name: picture for name, picture in newest.items() if picture is not None}

    async def start(self) -> None:
        self.parts.booth.leave_microphone()
        try:
            self.pipeline = self.parts.make_pipeline()
            self._losses = Losses()
            await asyncio.to_thread(self.pipeline.start)
        except AgentError as error:
            self.post(ev.RecordingFailed(error.code, error.text))
            return
        self.looking.start()
        self.post(ev.RecordingStarted())

    async def stop(self) -> None:
        await self._stop_pipeline()
        self._declare_muted()

    async def _stop_pipeline(self) -> None:
        """A device that does not let go must not keep the computer from being restored: it is left to end by itself."""
        if self.pipeline is not None:
            pipeline, self.pipeline = self.pipeline, None
            stopping = [self.beside.start(self.looking.stop()), self.beside.start(asyncio.to_thread(pipeline.stop))]
            await asyncio.wait(stopping, timeout=STOP_S)
            self._note(pipeline)

    def _note(self, pipeline: Pipeline) -> None:
        """What it took and what it lost, into the session log."""
        with carrying_on(self.parts.log):
            self._tell_losses(pipeline, last=True)
            came_to = summary(pipeline.stats())
            if came_to:
                self.parts.recorder.entry(Track.LOG, LogEntry("recording", came_to, self.parts.clock.wall_ms()))

    def look(self) -> None:
        """Once a second: what was lost inside the program is a flag at once, not only a count at the end."""
        if self.pipeline is not None:
            self._tell_losses(self.pipeline)

    def _tell_losses(self, pipeline: Pipeline, *, last: bool = False) -> None:
        news = self._losses.news(pipeline.stats(), self.parts.clock.monotonic_us(), last=last)
        if news is not None:
            count, reason = news
            self.noting.raise_flag("STREAM_GAP", reason, count=count)

    def set_profile(self, name: str) -> None:
        if self.pipeline is not None:
            self.pipeline.set_profile(name)

    def backlog(self) -> Backlog:
        """With the age of the oldest picture or sound that waits; asks the disk."""
        spool, recorder = self.parts.spool, self.parts.recorder
        waiting = Backlog(*spool.backlog())
        oldest = spool.describe(Lane.MEDIA, spool.freed_position(Lane.MEDIA) + 1)
        if oldest is None:
            return waiting
        now_us = recorder.media_time_us(self.parts.clock.monotonic_us())
        return replace(waiting, age_s=max(0, now_us - oldest.media_time_us) / 1_000_000)

    async def pause(self) -> None:
        """Camera, screen and sound end, and the camera's lamp goes out; the watch over the computer goes on."""
        self._muted_since_us = self.parts.clock.monotonic_us()
        await self._stop_pipeline()
        await asyncio.to_thread(self.parts.booth.close)

    async def resume(self) -> None:
        self._declare_muted()
        await asyncio.to_thread(self.parts.booth.open)
        await self.start()

    def _declare_muted(self) -> None:
        """The time of a break that the policy leaves out of the recording, as a gap of each track that there is."""
        since_us, self._muted_since_us = self._muted_since_us, 0
        if not since_us:
            return
        recorder = self.parts.recorder
        from_us, to_us = (recorder.media_time_us(at_us) for at_us in (since_us, self.parts.clock.monotonic_us()))
        tracks = [head.track for head in self.parts.spool.heads() if head.track in MEDIA_TRACKS]
        with carrying_on(self.parts.log):
            for track in tracks:
                recorder.gap(track, from_us, to_us, "muted_by_policy")
