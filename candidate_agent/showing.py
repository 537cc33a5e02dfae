"""From a new session to what the candidate sees and what a restart will know: drawn, logged and kept. Built by `app`.

Called by the driver after every step, and by `housekeeping` for what changes without a step (countdown, levels, rates).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.logs import Log
from candidate_agent.hands import Hands
from candidate_agent.joining import Join
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import BEFORE_EXAM, OVER, Phase, Session
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from candidate_agent.ui.words import CapturedTrack, Live
from exam_protocol.records import FlagEntry

RATE_US = 1_000_000
SHOWN_TRACKS = ("screen", "webcam", "audio")


class Witness(Protocol):
    """Who looks on while a session runs: `practice.Notebook`. Without one it is an exam."""

    @property
    def report_path(self) -> str: ...

    def saw(self, session: Session, now_us: int) -> None: ...

    def flagged(self, flag: FlagEntry) -> None: ...


class Showing:
    """`clock` is the exam's: it counts the time that the computer sleeps."""

    def __init__(
        self, join: Join, hands: Hands, windows: Windows, clock: Clock, log: Log, keep: Callable[..., None],
        receipt_path: Path, witness: Witness | None = None,
    ) -> None:  # fmt: skip
        self._witness = witness
        self._join, self._hands, self._windows, self._clock, self._log = join, hands, windows, clock, log
        self._keep, self._receipt_path = keep, receipt_path
        self._phase = Phase.IDLE
        self._sent: tuple[int, dict[str, float]] = (0, {})
        self._rates: tuple[CapturedTrack, ...] = ()
        self.line: tuple[float, float] | None = None  # rtt_ms, up_bps of the last measurement

    def publish(self, session: Session) -> None:
        """How far the sitting has come is on the disk before the orders that follow from it are carried out."""
        if session.phase is not self._phase:
            self._phase = session.phase
            self._log.line("phase", phase=session.phase.value, reason=session.reason)
        now = kept(session)
        if now is not None and now != self._join.file.kept and self._join.file.enrolled:
            self._keep(kept=now)
        now_us, wall_ms = self._clock.monotonic_us(), self._clock.wall_ms()
        if self._witness is not None:
            self._witness.saw(session, now_us)
        self._windows.publish(view(session, now_us=now_us, wall_ms=wall_ms, live=self._live(session, now_us)))

    def _live(self, session: Session, now_us: int) -> Live:
        rtt_ms, up_bps = self.line or (None, None)
        receipt = self._receipt_path if session.phase in OVER and self._receipt_path.exists() else None
        return Live(
            previews=frozenset({"camera", *self._hands.taken}),
            microphone_dbfs=self._hands.parts.booth.level_dbfs() if session.phase in BEFORE_EXAM else None,
            rtt_ms=rtt_ms,
            up_bps=up_bps,
            captured=self._captured(now_us),
            capturing=self._hands.capturing,
            capture_progress=self._hands.capture_progress,
            receipt_path=str(receipt or ""),
            practice=self._witness is not None,
            report_path=self._witness.report_path if self._witness is not None else "",
        )

    def _captured(self, now_us: int) -> tuple[CapturedTrack, ...]:
        """Mean bytes a second since the last look, per track."""
        figures = self._hands.captured()
        sent = {name: figures.get(f"{name}_bytes", 0.0) for name in SHOWN_TRACKS if figures}
        then_us, before = self._sent
        if now_us - then_us >= RATE_US:
            seconds, self._sent = (now_us - then_us) / 1_000_000, (now_us, sent)
            self._rates = tuple(
                CapturedTrack(name, round(max(0.0, count - before.get(name, 0.0)) / seconds))
                for name, count in sent.items()
            )
        return self._rates
