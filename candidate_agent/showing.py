"""From a new session to what the candidate sees and what a restart will know: drawn, logged and kept. Built by `app`.

Called by the driver after every step, and by `housekeeping` for what changes without a step (countdown, levels, rates).
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.logs import Log
from candidate_agent.capture.scan_plan import HAND
from candidate_agent.checks import light
from candidate_agent.hands import Hands
from candidate_agent.joining import Join
from candidate_agent.platforms.ports import Picture
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import BEFORE_EXAM, OVER, Phase, Session
from candidate_agent.ui.removal import Removal
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from candidate_agent.ui.words import CapturedTrack, CardSeen, Live, RoomSeen, ZoneSeen
from candidate_agent.uplink.pace import Pace
from exam_protocol.records import FlagEntry

RATE_US = LOOK_US = 1_000_000
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
        receipt_path: Path, own_data_path: Path, removal: Removal, witness: Witness | None = None,
    ) -> None:  # fmt: skip
        self._own_data_path, self._removal = own_data_path, removal
        self._witness = witness
        self._join, self._hands, self._windows, self._clock, self._log = join, hands, windows, clock, log
        self._keep, self._receipt_path = keep, receipt_path
        self._phase = Phase.IDLE
        self._sent: tuple[int, dict[str, float]] = (0, {})
        self._rates: tuple[CapturedTrack, ...] = ()
        self._light, self._looked_us = "", 0
        self._pace = Pace()
        self._paced_us = 0
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
        self._follow_upload(session, now_us)
        if self._witness is not None:
            self._witness.saw(session, now_us)
        self._windows.publish(view(session, now_us=now_us, wall_ms=wall_ms, live=self._live(session, now_us)))

    def _follow_upload(self, session: Session, now_us: int) -> None:
        """From the record's end on nothing is added, so that what grows less has been acknowledged."""
        if self._hands.draining and now_us - self._paced_us >= RATE_US:
            self._paced_us = now_us
            backlog = self._hands.backlog()
            self._pace.look(now_us, backlog.records, backlog.bytes, link_up=session.link_up)

    def _live(self, session: Session, now_us: int) -> Live:
        rtt_ms, up_bps = self.line or (None, None)
        receipt = self._receipt_path if session.phase in OVER and self._receipt_path.exists() else None
        return Live(
            previews=frozenset({"camera", *self._hands.picturing.taken, *(("screen",) if session.recording else ())}),
            **self._heard(session),
            light=self._light,
            **self._rehearsed(),
            rtt_ms=rtt_ms,
            up_bps=up_bps,
            captured=self._captured(now_us),
            capturing=self._hands.picturing.capturing,
            capture_progress=self._hands.picturing.capture_progress,
            card=self._card(session),
            zone=self._zone(),
            room=self._room(),
            receipt_path=str(receipt or ""),
            drained_records=self._pace.sent_records,
            drained_bytes=self._pace.sent_bytes,
            left_s=self._pace.left_s,
            own_data=self._hands.own_data,
            own_data_path=str(self._own_data_path),
            removal=self._removal,
            practice=self._witness is not None,
            report_path=self._witness.report_path if self._witness is not None else "",
        )

    def _heard(self, session: Session) -> dict[str, Any]:
        """Level of the microphone that is open before the exam; a rehearsal has it for itself meanwhile."""
        parts = self._hands.parts
        if session.phase not in BEFORE_EXAM:
            return {}
        if parts.tryout.rehearsal is not None:
            return {"microphone_dbfs": parts.tryout.rehearsal.sound_dbfs}
        if not parts.booth.hears:
            return {}
        return {"microphone_dbfs": parts.booth.level_dbfs(), "voice_dbfs": parts.booth.loudest_dbfs()}

    def _rehearsed(self) -> dict[str, Any]:
        tryout = self._hands.parts.tryout
        going, whole = tryout.rehearsal, {"rehearsal_s": round(tryout.rehearsal_s)}
        return whole if going is None else {**whole, "rehearsal_left_s": going.left_s, "rehearsal_share": going.share}

    def look(self, picture: Picture | None) -> None:
        """At the light, once a second at most: a hint that changes with each picture helps nobody."""
        now_us = self._clock.monotonic_us()
        if picture is None or now_us - self._looked_us >= LOOK_US or not self._light:
            self._looked_us = now_us
            self._light = light.word(*light.luma(picture.pixels)) if picture is not None else ""

    def _card(self, session: Session) -> CardSeen | None:
        card = self._hands.picturing.card
        if session.phase is not Phase.IDENTIFYING or not card.hint:
            return None
        return CardSeen(card.hint, card.corners, card.size, card.ready)

    def _zone(self) -> ZoneSeen | None:
        """Neither number nor date of birth is in it: the parser leaves them behind."""
        read = self._hands.picturing.zone
        if read is None or read.mrz is None:
            return ZoneSeen(read.outcome) if read else None
        name = f"{read.mrz.given} {read.mrz.surname}".strip()
        expires = read.mrz.expires
        noon = datetime.combine(expires, time(12), UTC) if expires else None
        return ZoneSeen(read.outcome, read.mrz.kind, name, int(noon.timestamp() * 1000) if noon else 0)

    def _room(self) -> RoomSeen | None:
        scan = self._hands.picturing.scan
        if scan is None:
            return None
        return RoomSeen(scan.part, scan.manner == HAND, scan.covered, scan.here, scan.still, scan.left_s)

    def _captured(self, now_us: int) -> tuple[CapturedTrack, ...]:
        """Mean bytes a second since the last look, per track."""
        figures = self._hands.recording.captured()
        sent = {name: figures.get(f"{name}_bytes", 0.0) for name in SHOWN_TRACKS if figures}
        then_us, before = self._sent
        if now_us - then_us >= RATE_US:
            seconds, self._sent = (now_us - then_us) / 1_000_000, (now_us, sent)
            self._rates = tuple(
                CapturedTrack(name, round(max(0.0, count - before.get(name, 0.0)) / seconds))
                for name, count in sent.items()
            )
        return self._rates
