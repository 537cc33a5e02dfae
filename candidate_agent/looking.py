"""What models see and hear while the exam is recorded, judged by the rules and raised as flags. Used by `recording`.

Observations come on the analyst's thread, `tick` once a second on the event loop. A flag is all that comes of them.
"""

import asyncio
import threading
from dataclasses import dataclass, field

from candidate_agent.base.logs import carrying_on
from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.analysis.rules.findings import Findings
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.noting import Noting
from candidate_agent.parts import Looker, Parts
from candidate_agent.session import events as ev
from exam_protocol.records import FlagEntry


@dataclass(slots=True)
class Looking:
    """One for a whole session: what is known of how somebody sits outlives a break."""

    parts: Parts
    noting: Noting
    _looker: Looker | None = None  # None: nothing is looked for now
    _findings: Findings | None = None  # made when muted flags are known
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rests: bool = False
    _standing: frozenset[str] = frozenset()  # what the candidate was given a hint on, and still is

    def start(self) -> None:
        """With the recording; returns at once. Does nothing where the policy wants no findings."""
        policy = self.parts.join.package.policy
        if not policy.findings:
            return
        if self._findings is None:
            self._findings = Findings(self.noting.muted, self.parts.opted_in())
        with carrying_on(self.parts.log):  # the recording does not depend on it
            self._looker = self.parts.make_looker(self.observe)
            if self._looker is not None:
                self._looker.start()

    async def stop(self) -> None:
        """The recording ends: what was counted is told."""
        looker, self._looker = self._looker, None
        if looker is not None:
            with carrying_on(self.parts.log):
                await asyncio.to_thread(looker.stop)
            self._rest()
            self._raise(self._findings.end() if self._findings is not None else ())
            self._hint()

    def observe(self, observation: Observation) -> None:
        """On the analyst's thread."""
        if self._findings is None:
            return
        with self._lock:
            flags = self._findings.take(observation, self._now_us())
        self._raise(flags)

    def tick(self, *, on_break: bool) -> None:
        """Once a second. In a break nothing is looked at, whether it is recorded or not."""
        if self._findings is None or self._looker is None:
            return
        if on_break != self._rests:
            self._looker.rest() if on_break else self._looker.resume()
            self._rest() if on_break else self._resume()
        with self._lock:
            flags = self._findings.tick(self._now_us())
        self._raise(flags)
        self._hint()

    def hear(self, samples: Samples, taken_us: int) -> None:
        """What the microphone gives, on a capture thread; never blocks."""
        looker = self._looker
        if looker is not None:
            looker.hear(samples, taken_us)

    def note(self, event: CaptureEvent) -> None:
        """What the recording says of itself. Any thread."""
        looker = self._looker
        if looker is not None:
            looker.note(event)

    def stats(self) -> dict[str, float]:
        looker = self._looker
        return looker.stats() if looker is not None else {}

    def _hint(self) -> None:
        """The flag comes first; the candidate can do something about some of them."""
        if self._findings is None:
            return
        with self._lock:
            standing = self._findings.standing(self._now_us())
        if standing != self._standing:
            self._standing = standing
            self.noting.post(ev.HintsChanged(tuple(sorted(standing))))

    def _rest(self) -> None:
        self._rests = True
        with self._lock:
            if self._findings is not None:
                self._findings.rest(self._now_us())

    def _resume(self) -> None:
        self._rests = False
        with self._lock:
            if self._findings is not None:
                self._findings.resume(self._now_us())

    def _raise(self, flags: tuple[FlagEntry, ...]) -> None:
        for flag in flags:
            self.noting.flag(flag)

    def _now_us(self) -> int:
        return self.parts.recorder.media_time_us(self.parts.clock.monotonic_us())
