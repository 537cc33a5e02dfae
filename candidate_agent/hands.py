"""Carries out the orders of the session machine with the parts that `app` gives it. One method per order, no decisions.

Runs on the event loop; what may take long goes to a thread or a task of its own, and comes back as an event.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import AgentError, StorageError
from candidate_agent.base.files import storing
from candidate_agent.base.logs import Log
from candidate_agent.capture import id_card, room_scan
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.joining import Join, enrol
from candidate_agent.lockdown.restore import RestoreReport
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Backlog
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.uplink.sender import Uplink
from exam_protocol import policy
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import ExamAccess
from exam_protocol.records import Entry, FlagEntry, PictureEntry, Track
from exam_protocol.version import BUILD

STOP_S = 2.0
ROOM_SECONDS = 8
ROOM_PICTURES = 8


class Stage(Protocol):
    """What the hands ask of the window; `ui.windows.Windows` fits."""

    def show_exam(self, access: ExamAccess, on_blocked: Callable[[str, str], None]) -> None: ...

    def cover_exam(self) -> None: ...

    def hide_exam(self) -> None: ...

    def enter_exam(self) -> None: ...

    def leave_exam(self) -> None: ...

    def preview(self, name: str, jpeg: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Built by `app`. Factories make what must be new each time, or what is known only after joining."""

    join: Join
    clock: Clock
    log: Log
    spool: Spool
    recorder: Recorder
    booth: Booth
    stage: Stage
    lockdown: Lockdown
    machine_name: str
    zone: str
    make_uplink: Callable[[], Uplink]
    make_pipeline: Callable[[], Pipeline]
    make_monitor: Callable[[], Monitor]
    make_running: Callable[[], RunningPrograms]
    run_checks: Callable[[str], Awaitable[object]]
    close_window: Callable[[], None]
    blocked: Callable[[str, str], None]  # (kind, origin) of a request the exam page was denied
    open_report: Callable[[], object] = field(default=lambda: None, kw_only=True)  # of a practice; may block


@dataclass(slots=True)
class Hands:
    parts: Parts
    post: Callable[[ev.Event], None]
    uplink: Uplink | None = None
    pipeline: Pipeline | None = None
    monitor: Monitor | None = None
    draining: bool = False
    capturing: str = ""  # step that is being taken now
    capture_progress: float = 0.0
    taken: dict[str, tuple[bytes, ...]] = field(default_factory=dict)  # pictures not yet sent, by step
    _spool_is_open: bool = False
    muted: frozenset[str] = frozenset()  # flags that an accommodation leaves out
    _recipients: dict[str, bytes] | None = None  # of the epoch that runs
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def perform(self, effect: fx.Effect) -> None:
        match effect:
            case fx.Enrol():
                await self._enrol()
            case fx.Connect():
                self._connect()
            case fx.Record(track, entry):
                self.record(track, entry)
            case fx.SignState(state, reason):
                self.parts.recorder.state(state, reason)
            case fx.RaiseFlag(code, reason, severity):
                self.raise_flag(code, reason, severity)
            case fx.RunChecks(only):
                self._start(self._check(only))
            case fx.AskToClose(name):
                self._start(self._close_program(name))
            case fx.OpenPreview():
                await asyncio.to_thread(self.parts.booth.open)
            case fx.CaptureStep(step, _attempt):
                self._begin_capture(step)
            case fx.SendStep(step, attempt):
                self._send_step(step, attempt)
            case fx.StartRecording():
                await self._start_recording()
            case fx.StopRecording():
                await self._stop_recording()
            case fx.ApplyLockdown():
                await self._apply_lockdown()
            case fx.RestoreComputer():
                await self._restore()
            case fx.ShowExam(access):
                self.parts.stage.show_exam(access, self.parts.blocked)
            case fx.HideExam(forget):
                self.parts.stage.hide_exam() if forget else self.parts.stage.cover_exam()
            case fx.SignEnd(reason, restored):
                await asyncio.to_thread(self.parts.recorder.end, reason, restored)
            case fx.Drain():
                self.draining = True
            case fx.CloseWindow():
                self.parts.close_window()
            case fx.OpenReport():
                await asyncio.to_thread(self.parts.open_report)
            case fx.CloseCamera():
                await asyncio.to_thread(self.parts.booth.close)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ends everything that still runs, in order; what is in the spool stays there."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with self._carrying_on():
            await self._stop_recording()
        for end in (self.parts.lockdown.revert, self.parts.booth.close, self.parts.spool.close):
            with self._carrying_on():
                await asyncio.to_thread(end)

    # --- joining ------------------------------------------------------------------------------------------------------

    async def _enrol(self) -> None:
        join = self.parts.join
        was_enrolled = join.file.enrolled
        try:
            await self._open_spool()  # a full disk is told before the launch code is used
            if not was_enrolled:
                await enrol(join)
            self._open_records()
        except AgentError as error:
            self.post(ev.EnrolFailed(error.code, error.text))
            return
        ticket = join.ticket
        self.muted = frozenset(ticket.accommodations.muted_flags)
        if was_enrolled:
            self.post(ev.Resumed(join.file.kept, ticket.candidate_name, ticket.accommodations))
        else:
            self.post(ev.Enrolled(ticket.candidate_name, ticket.accommodations))

    async def _open_spool(self) -> None:
        if not self._spool_is_open:
            with storing():
                await asyncio.to_thread(self.parts.spool.open)
            self._spool_is_open = True

    def _connect(self) -> None:
        self.parts.log.line("session", session_id=self.parts.join.file.session_id.hex())
        self.uplink = self.parts.make_uplink()
        self._start(self.uplink.run())

    def _open_records(self) -> None:
        join, clock = self.parts.join, self.parts.clock
        self.parts.recorder.open_session(
            ticket_hash=policy.document_hash(join.file.ticket) if join.file.ticket else b"",
            wrap_key=join.file.wrap().public_key,
            build=BUILD,
            machine=self.parts.machine_name,
            package_hash=policy.document_hash(join.file.package),
            roster_version=join.roster.version,
            zone=self.parts.zone,
            wall_ms=clock.wall_ms(),
        )
        self.new_epoch()

    def new_epoch(self) -> None:
        """For everybody on duty now in the roster that was last signed."""
        join = self.parts.join
        if join.file.roster is None:
            return
        recipients = self._on_duty()
        self.parts.recorder.new_epoch(recipients, join.roster.version, policy.document_hash(join.file.roster))
        self._recipients = recipients

    def follow_duty(self) -> None:
        """Called once a second: where a shift began or ended, a new epoch leaves out who went."""
        if self._recipients is not None and self._on_duty() != self._recipients:
            self.new_epoch()

    def _on_duty(self) -> dict[str, bytes]:
        join = self.parts.join
        return policy.wrap_recipients(join.package, join.roster, self.parts.clock.wall_ms())

    # --- records ------------------------------------------------------------------------------------------------------

    def record(self, track: Track, entry: Entry) -> None:
        """Into the spool. A full disk is told, not raised: the recorder declares the gap."""
        try:
            self.parts.recorder.entry(track, entry)
        except StorageError as error:
            self.parts.log.line("record_failed", code=error.code)

    def raise_flag(
        self, code: str, reason: str, severity: str = "", *, count: int = 1, span_us: tuple[int, int] | None = None
    ) -> None:
        """`span_us`: first and last time on the monotonic clock; None: now."""
        now_us = self.parts.clock.monotonic_us()
        first_us, last_us = (self.parts.recorder.media_time_us(at_us) for at_us in span_us or (now_us, now_us))
        self.flag(FlagEntry(code, severity or FLAGS[code].severity.value, reason, count, first_us, last_us))

    def flag(self, entry: FlagEntry) -> None:
        """Spool first, then the session hears of it; a muted one is never made. Any thread."""
        if entry.code in self.muted:
            return
        self.record(Track.FLAGS, entry)
        self.post(ev.FlagRaised(entry))

    def captured(self) -> dict[str, float]:
        """Figures of what leaves the computer now; empty while nothing is recorded."""
        return self.pipeline.stats() if self.pipeline is not None else {}

    def backlog(self) -> Backlog:
        return Backlog(*self.parts.spool.backlog())

    # --- check-in -----------------------------------------------------------------------------------------------------

    async def _check(self, only: str) -> None:
        try:
            await self.parts.run_checks(only)
        finally:
            self.post(ev.ChecksFinished())

    async def _close_program(self, name: str) -> None:
        closed = False
        try:
            closed = await self.parts.make_running().close(name)
        finally:
            self.post(ev.CloseProgramEnded(name, closed))

    def _begin_capture(self, step: str) -> None:
        """There is one camera: a second click while it is taking pictures changes nothing."""
        if not self.capturing:
            self.capturing, self.capture_progress = step, 0.0
            self._start(self._capture(step))

    async def _capture(self, step: str) -> None:
        try:
            pictures = await asyncio.to_thread(self._take, step)
        except AgentError as error:
            self.post(ev.StepFailed(step, error.code, error.text))
            return
        finally:
            self.capturing = ""
        self.taken[step] = pictures
        self.parts.stage.preview(step, pictures[0])
        self.post(ev.StepCaptured(step))

    def _take(self, step: str) -> tuple[bytes, ...]:
        self.parts.booth.open()  # the camera may have been exchanged since the check
        camera = self.parts.booth.require_camera()
        if step == "id_card":
            return (id_card.take(camera).jpeg,)
        return room_scan.scan(camera, ROOM_SECONDS, ROOM_PICTURES, self._progress)

    def _progress(self, taken: int, pictures: int) -> None:
        self.capture_progress = taken / pictures

    def _send_step(self, step: str, attempt: int) -> None:
        pictures = self.taken.pop(step, ())
        self.parts.stage.preview(step, b"")
        for index, data in enumerate(pictures):
            entry = PictureEntry(step, attempt, index, len(pictures), "image/jpeg", data, self.parts.clock.wall_ms())
            self.record(Track.IDENTITY, entry)

    # --- the sitting --------------------------------------------------------------------------------------------------

    async def _start_recording(self) -> None:
        self.parts.booth.leave_microphone()
        try:
            self.pipeline = self.parts.make_pipeline()
            await asyncio.to_thread(self.pipeline.start)
        except AgentError as error:
            self.post(ev.RecordingFailed(error.code, error.text))
            return
        self.post(ev.RecordingStarted())

    async def _stop_recording(self) -> None:
        """A device that does not let go must not keep the computer from being restored: it is left to end by itself."""
        with self._carrying_on():
            await self._stop_monitor()
        if self.pipeline is not None:
            pipeline, self.pipeline = self.pipeline, None
            stopping = asyncio.create_task(asyncio.to_thread(pipeline.stop))
            self._tasks.add(stopping)
            stopping.add_done_callback(self._tasks.discard)
            await asyncio.wait([stopping], timeout=STOP_S)

    async def _stop_monitor(self) -> None:
        if self.monitor is not None:
            monitor, self.monitor = self.monitor, None
            await asyncio.to_thread(monitor.stop)

    async def _apply_lockdown(self) -> None:
        try:
            await asyncio.to_thread(self.parts.lockdown.apply)
            await asyncio.to_thread(self.parts.stage.enter_exam)
            self.monitor = self.parts.make_monitor()
            await asyncio.to_thread(self.monitor.start)
        except AgentError as error:
            self.post(ev.LockdownFailed(error.code, error.text))
            return
        self.post(ev.LockdownApplied())

    async def _restore(self) -> None:
        """Whatever breaks, the next step is taken, and the session hears what is left."""
        report = RestoreReport(False, {"computer": "could not be put back"})
        with self._carrying_on():
            await self._stop_monitor()
        with self._carrying_on():
            self.parts.stage.leave_exam()
        with self._carrying_on():
            report = await asyncio.to_thread(self.parts.lockdown.revert)
        self.post(ev.ComputerRestored(report.restored, tuple(report.measures.items())))

    @contextlib.contextmanager
    def _carrying_on(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.parts.log.line("step_failed", error=type(error).__name__)
