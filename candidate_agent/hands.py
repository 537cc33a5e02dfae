"""Carries out the orders of the session machine with the parts that `app` gives it. No decisions.

`ORDERS`, at the end, says who does what, one line per order. Runs on the event loop; what may take long goes to a
thread or a task of its own, and comes back as an event.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from candidate_agent.base.errors import AgentError
from candidate_agent.base.logs import carrying_on
from candidate_agent.base.tasks import Beside
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.enrolling import Enrolling
from candidate_agent.locking import Locking
from candidate_agent.looking import Looking
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.noting import Noting
from candidate_agent.parts import Parts
from candidate_agent.picturing import Picturing
from candidate_agent.recording import Recording
from candidate_agent.reporting import Reporting
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Backlog
from candidate_agent.uplink.sender import Uplink
from exam_protocol.records import Entry, FlagEntry, Track

CUE_STOP_S = 2.0


@dataclass(slots=True)
class Hands:
    parts: Parts
    post: Callable[[ev.Event], None]
    uplink: Uplink | None = None
    draining: bool = False
    own_data: str = ""  # "", saving, saved, failed
    beside: Beside = field(default_factory=Beside)
    noting: Noting = field(init=False)
    enrolling: Enrolling = field(init=False)
    picturing: Picturing = field(init=False)
    looking: Looking = field(init=False)
    recording: Recording = field(init=False)
    locking: Locking = field(init=False)
    reporting: Reporting = field(init=False)
    _cue: threading.Thread | None = None

    def __post_init__(self) -> None:
        parts, post, beside = self.parts, self.post, self.beside
        self.noting = Noting(parts, post)
        self.enrolling = Enrolling(parts, post, self.noting)
        self.picturing = Picturing(parts, post, self.noting, beside)
        self.looking = Looking(parts, self.noting)
        self.recording = Recording(parts, post, beside, self.looking, self.noting)
        self.locking = Locking(parts, post)
        self.reporting = Reporting(parts, post)

    async def perform(self, effect: fx.Effect) -> None:
        doing = ORDERS[type(effect)](self, effect)
        if doing is not None:
            await doing

    async def close(self) -> None:
        """Ends everything that still runs, in order; what is in the spool stays there."""
        log = self.parts.log
        self.picturing.stop()
        await self.beside.close()
        with carrying_on(log):
            await self.parts.tryout.stop()
        with carrying_on(log):
            await self.stop_recording()
        if self._cue is not None:
            await asyncio.to_thread(self._cue.join, CUE_STOP_S)  # the library it plays by ends with the program
        for end in (self.parts.lockdown.revert, self.parts.booth.close, self.parts.spool.close):
            with carrying_on(log):
                await asyncio.to_thread(end)

    # --- for ears, housekeeping and showing ---------------------------------------------------------------------------

    @property
    def pipeline(self) -> Pipeline | None:
        """None: nothing is recorded now."""
        return self.recording.pipeline

    @property
    def monitor(self) -> Monitor | None:
        """None: nobody watches the computer now."""
        return self.locking.monitor

    def record(self, track: Track, entry: Entry) -> None:
        self.noting.record(track, entry)

    def raise_flag(
        self, code: str, reason: str, severity: str = "", *, count: int = 1, span_us: tuple[int, int] | None = None
    ) -> None:
        self.noting.raise_flag(code, reason, severity, count=count, span_us=span_us)

    def flag(self, entry: FlagEntry) -> None:
        self.noting.flag(entry)

    def backlog(self) -> Backlog:
        return Backlog(*self.parts.spool.backlog())

    # --- orders that are nobody else's --------------------------------------------------------------------------------

    def connect(self) -> None:
        self.parts.log.line("session", session_id=self.parts.join.file.session_id.hex())
        self.uplink = self.parts.make_uplink()
        self.beside.start(self.uplink.run())

    async def probe_line(self) -> None:
        up_bps = 0.0
        try:
            up_bps = await self.uplink.probe() if self.uplink is not None else 0.0
        finally:
            self.post(ev.LineProbed(up_bps))

    async def check(self, only: str) -> None:
        try:
            await self.parts.run_checks(only)
        finally:
            self.post(ev.ChecksFinished())

    async def close_program(self, name: str) -> None:
        closed = False
        try:
            closed = await self.parts.make_running().close(name)
        finally:
            self.post(ev.CloseProgramEnded(name, closed))

    async def stop_recording(self) -> None:
        """The watch over the computer ends, too."""
        with carrying_on(self.parts.log):
            await self.locking.stop_monitor()
        await self.recording.stop()

    def hide_exam(self, forget: bool) -> None:
        self.parts.stage.hide_exam() if forget else self.parts.stage.cover_exam()

    def drain(self) -> None:
        self.draining = True

    async def save_own_data(self) -> None:
        self.own_data = "saving"
        try:
            await asyncio.to_thread(self.parts.save_own_data, self.noting.diary)
            self.own_data = "saved"
        except AgentError as error:
            self.parts.log.line("own_data_failed", code=error.code)
            self.own_data = "failed"

    async def close_camera(self) -> None:
        await self.parts.tryout.stop()
        await asyncio.to_thread(self.parts.booth.close)

    def play_cue(self) -> None:
        """On a thread of its own that nobody waits for: sound systems can hang. One at a time."""
        if self._cue is None or not self._cue.is_alive():
            self._cue = threading.Thread(target=self._cue_played, name="cue", daemon=True)
            self._cue.start()

    def _cue_played(self) -> None:
        if not self.parts.play_cue():
            self.parts.log.line("cue_failed")


# --- who does what ----------------------------------------------------------------------------------------------------

_E = TypeVar("_E", bound=fx.Effect)
_Doing = Awaitable[object] | None  # None: done


def _now(kind: type[_E], do: Callable[[Hands, _E], _Doing]) -> tuple[type, Callable[[Hands, Any], _Doing]]:
    """The next order waits until this one is carried out."""
    return kind, do


def _beside(kind: type[_E], do: Callable[[Hands, _E], Any]) -> tuple[type, Callable[[Hands, Any], _Doing]]:
    """The next order does not wait; `do` gives the coroutine."""

    def begin(hands: Hands, effect: _E) -> None:
        hands.beside.start(do(hands, effect))

    return kind, begin


ORDERS: dict[type, Callable[[Hands, Any], _Doing]] = dict((
    # joining and records
    _now(fx.Enrol, lambda hands, _: hands.enrolling.enrol()),
    _now(fx.Connect, lambda hands, _: hands.connect()),
    _now(fx.Record, lambda hands, order: hands.noting.record(order.track, order.entry)),
    _now(fx.SignState, lambda hands, order: hands.parts.recorder.state(order.state, order.reason)),
    _now(fx.RaiseFlag, lambda hands, order: hands.noting.raise_flag(order.code, order.reason, order.severity)),
    # checks and trying
    _beside(fx.RunChecks, lambda hands, order: hands.check(order.only)),
    _beside(fx.AskToClose, lambda hands, order: hands.close_program(order.name)),
    _beside(fx.OpenSettings, lambda hands, order: hands.parts.tryout.open_settings(order.page)),
    _beside(fx.PlayTone, lambda hands, _: hands.parts.tryout.play_tone()),
    _now(fx.Rehearse, lambda hands, _: hands.parts.tryout.rehearse()),
    _now(fx.StopRehearsal, lambda hands, _: hands.parts.tryout.stop()),
    # pictures
    _now(fx.OpenPreview, lambda hands, _: asyncio.to_thread(hands.parts.booth.open)),
    _now(fx.OpenCamera, lambda hands, _: asyncio.to_thread(hands.parts.booth.open_camera)),
    _now(fx.CloseCamera, lambda hands, _: hands.close_camera()),
    _now(fx.CaptureStep, lambda hands, order: hands.picturing.begin(order.step, order.manner)),
    _now(fx.DirectCapture, lambda hands, order: hands.picturing.direct(order.step, order.stop)),
    _now(fx.SendStep, lambda hands, order: hands.picturing.send(order.step, order.attempt)),
    # the sitting
    _now(fx.StartRecording, lambda hands, _: hands.recording.start()),
    _now(fx.StopRecording, lambda hands, _: hands.stop_recording()),
    _now(fx.PauseRecording, lambda hands, _: hands.recording.pause()),
    _now(fx.ResumeRecording, lambda hands, _: hands.recording.resume()),
    _now(fx.SetProfile, lambda hands, order: hands.recording.set_profile(order.name)),
    _beside(fx.ProbeLine, lambda hands, _: hands.probe_line()),
    _now(fx.ApplyLockdown, lambda hands, _: hands.locking.apply()),
    _now(fx.RestoreComputer, lambda hands, _: hands.locking.restore()),
    _now(fx.ShowExam, lambda hands, order: hands.parts.stage.show_exam(order.access, hands.parts.blocked)),
    _now(fx.HideExam, lambda hands, order: hands.hide_exam(order.forget)),
    _now(fx.PlayCue, lambda hands, _: hands.play_cue()),
    # reports
    _now(fx.SendReport, lambda hands, order: hands.reporting.send(order.entry, order.with_picture)),
    _now(fx.FollowReports, lambda hands, order: hands.reporting.follow(order.report_ids)),
    _beside(fx.TakeScreenshot, lambda hands, _: hands.reporting.take()),
    _now(fx.DropScreenshot, lambda hands, _: hands.reporting.drop()),
    # the end
    _now(fx.SignEnd, lambda hands, order: asyncio.to_thread(hands.parts.recorder.end, order.reason, order.restored)),
    _now(fx.Drain, lambda hands, _: hands.drain()),
    _now(fx.OpenReceipt, lambda hands, _: asyncio.to_thread(hands.parts.open_receipt)),
    _beside(fx.SaveOwnData, lambda hands, _: hands.save_own_data()),
    _now(fx.OpenReport, lambda hands, _: asyncio.to_thread(hands.parts.open_report)),
    _now(fx.CloseWindow, lambda hands, _: hands.parts.close_window()),
))  # fmt: skip
