"""Carries out the orders of the session machine with the parts that `app` gives it. One method per order, no decisions.

Runs on the event loop; what may take long goes to a thread or a task of its own, and comes back as an event.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import AgentError, StorageError
from candidate_agent.base.files import storing
from candidate_agent.base.logs import Log
from candidate_agent.capture import id_card, preview, room_scan, scan_plan
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.card_watch import CardWatch
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.summary import summary
from candidate_agent.capture.zone import ZoneRead, read
from candidate_agent.diary import Diary
from candidate_agent.joining import Join, enrol
from candidate_agent.lockdown.restore import RestoreReport
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms.ports import LetterPort, Picture, Unsupported
from candidate_agent.reporting import Reporting
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Backlog
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.tryout import Tryout
from candidate_agent.uplink.sender import Uplink
from exam_protocol import policy
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import ExamAccess
from exam_protocol.records import MEDIA_TRACKS, Entry, FlagEntry, Lane, LogEntry, PictureEntry, Track
from exam_protocol.version import BUILD

STOP_S = 2.0


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
    tryout: Tryout
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
    screenshot: Callable[[], bytes]  # JPEG of the exam screen; raises DeviceError
    play_cue: Callable[[], bool]  # returns when it was played; False: it could not be
    open_receipt: Callable[[], None]
    save_own_data: Callable[[Diary], None]  # blocks; raises StorageError
    open_report: Callable[[], object] = field(default=lambda: None, kw_only=True)  # of a practice; may block
    letters: Callable[[], LetterPort | Unsupported] = lambda: Unsupported("Nothing here reads letters.")


@dataclass(frozen=True, slots=True)
class Taken:
    """Pictures of a step; `verdict` and `covered` as in `events.StepCaptured`. `shown`: what the candidate looks at."""

    pictures: tuple[bytes, ...] = field(repr=False)
    verdict: str = ""
    covered: int = 0
    shown: bytes = field(default=b"", repr=False)
    zone: ZoneRead | None = field(default=None, repr=False)


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
    scan: room_scan.Progress | None = None  # of the room, while it is shown
    zone: ZoneRead | None = None  # of the identity picture that is looked at; for the candidate's eyes
    card: CardWatch = field(default_factory=CardWatch)  # what the preview says of the identity document
    _go_on: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    taken: dict[str, tuple[bytes, ...]] = field(default_factory=dict)  # pictures not yet sent, by step
    _spool_is_open: bool = False
    muted: frozenset[str] = frozenset()  # flags that an accommodation leaves out
    _recipients: dict[str, bytes] | None = None  # of the epoch that runs
    reporting: Reporting = field(init=False)
    _muted_since_us: int = 0  # a break that is not recorded; 0: none
    _cue: threading.Thread | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    diary: Diary = field(default_factory=Diary)
    own_data: str = ""  # "", saving, saved, failed

    def __post_init__(self) -> None:
        self.reporting = Reporting(self.parts, self.post)

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
            case fx.OpenSettings(page):
                self._start(self.parts.tryout.open_settings(page))
            case fx.PlayTone():
                self._start(self.parts.tryout.play_tone())
            case fx.Rehearse():
                self.parts.tryout.rehearse()
            case fx.StopRehearsal():
                await self.parts.tryout.stop()
            case fx.OpenPreview():
                await asyncio.to_thread(self.parts.booth.open)
            case fx.CaptureStep(step, _attempt, manner):
                self._begin_capture(step, manner)
            case fx.DirectCapture(step, stop):
                self._direct_capture(step, stop)
            case fx.OpenCamera():
                await asyncio.to_thread(self.parts.booth.open_camera)
            case fx.OpenReceipt():
                await asyncio.to_thread(self.parts.open_receipt)
            case fx.SaveOwnData():
                self._start(self._save_own_data())
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
            case fx.SetProfile(name):
                if self.pipeline is not None:
                    self.pipeline.set_profile(name)
            case fx.PauseRecording():
                await self._pause_recording()
            case fx.ResumeRecording():
                await self._resume_recording()
            case fx.SendReport(entry, with_picture):
                self.reporting.send(entry, with_picture)
            case fx.TakeScreenshot():
                self._start(self.reporting.take())
            case fx.DropScreenshot():
                self.reporting.drop()
            case fx.PlayCue():
                self._play_cue()
            case fx.CloseWindow():
                self.parts.close_window()
            case fx.OpenReport():
                await asyncio.to_thread(self.parts.open_report)
            case fx.CloseCamera():
                await self.parts.tryout.stop()
                await asyncio.to_thread(self.parts.booth.close)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ends everything that still runs, in order; what is in the spool stays there."""
        self._stop.set()  # a room scan's thread
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with self._carrying_on():
            await self.parts.tryout.stop()
        with self._carrying_on():
            await self._stop_recording()
        if self._cue is not None:
            await asyncio.to_thread(self._cue.join, STOP_S)  # the library it plays by ends with the program
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
            kept = join.file.kept
            self.post(ev.Resumed(kept, ticket.candidate_name, ticket.accommodations, ticket.candidate_id))
        else:
            self.post(ev.Enrolled(ticket.candidate_name, ticket.accommodations, ticket.candidate_id))

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
        self.diary.note(track, entry)
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

    def pictures(self) -> dict[str, Picture]:
        """The newest of what is recorded now, as `Stage.preview` calls it."""
        if self.pipeline is None:
            return {}
        newest = {"screen": self.pipeline.screen_source().latest(), "camera": self.parts.booth.picture()}
        return {name: picture for name, picture in newest.items() if picture is not None}

    def backlog(self) -> Backlog:
        return Backlog(*self.parts.spool.backlog())

    def aged_backlog(self) -> Backlog:
        """With the age of the oldest picture or sound that waits; asks the disk."""
        spool, recorder = self.parts.spool, self.parts.recorder
        oldest = spool.describe(Lane.MEDIA, spool.freed_position(Lane.MEDIA) + 1)
        if oldest is None:
            return self.backlog()
        now_us = recorder.media_time_us(self.parts.clock.monotonic_us())
        return replace(self.backlog(), age_s=max(0, now_us - oldest.media_time_us) / 1_000_000)

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

    def _begin_capture(self, step: str, manner: str) -> None:
        """There is one camera: a second click while it is taking pictures changes nothing."""
        if not self.capturing:
            self.capturing, self.capture_progress, self.scan = step, 0.0, None
            self._go_on.clear()
            self._stop.clear()
            self._start(self._capture(step, manner))

    def _direct_capture(self, step: str, stop: bool) -> None:
        if self.capturing == step:
            (self._stop if stop else self._go_on).set()

    async def _capture(self, step: str, manner: str) -> None:
        try:
            taken = await asyncio.to_thread(self._take, step, manner)
        except AgentError as error:
            self.post(ev.StepFailed(step, error.code, error.text))
            return
        except Exception as error:
            self.parts.log.line("step_failed", error=type(error).__name__)
            self.post(ev.StepFailed(step, "unexpected", "The picture could not be taken. Please try again."))
            return
        finally:
            self.capturing, self.scan, self.card = "", None, CardWatch()
        if taken is not None:
            self.taken[step] = taken.pictures
            self.parts.stage.preview(step, taken.shown)
            if step == "id_card":
                self.zone = taken.zone
            if taken.zone is not None:
                self.post(ev.ZoneLookedFor(taken.zone.outcome, taken.zone.detail))
            self.post(ev.StepCaptured(step, taken.verdict, taken.covered))

    def _take(self, step: str, manner: str) -> Taken | None:
        """None: it was stopped."""
        if step == "paper":
            self.parts.booth.open_camera()
            sheet = id_card.take(self.parts.booth.require_camera()).jpeg
            return Taken((sheet,), shown=sheet)
        self.parts.booth.open()  # the camera may have been exchanged since the check
        camera = self.parts.booth.require_camera()
        if step == "id_card":
            card = id_card.take(camera)
            return Taken((card.jpeg,), card.judgement.hint, shown=card.jpeg, zone=self._read_zone(card))
        by_hand = manner == scan_plan.HAND
        made = room_scan.scan(
            camera, by_hand=by_hand, pressed=self._go_on, cancelled=self._stop, on_progress=self._scanned
        )
        return Taken(made.pictures, made.manner, made.covered, preview.sheet(made.pictures)) if made else None

    def _read_zone(self, card: id_card.CardPicture) -> ZoneRead | None:
        if not self.parts.join.package.policy.read_mrz:
            return None
        return read(card.pixels, card.judgement, self.parts.letters())

    def _scanned(self, progress: room_scan.Progress) -> None:
        """On the scan's thread."""
        self.scan, self.capture_progress = progress, progress.share

    def _send_step(self, step: str, attempt: int) -> None:
        pictures = self.taken.pop(step, ())
        if step == "id_card":
            self.zone = None
        self.parts.stage.preview(step, b"")
        for index, data in enumerate(pictures):
            entry = PictureEntry(step, attempt, index, len(pictures), "image/jpeg", data, self.parts.clock.wall_ms())
            self.record(Track.IDENTITY, entry)

    # --- after the exam -----------------------------------------------------------------------------------------------

    async def _save_own_data(self) -> None:
        self.own_data = "saving"
        try:
            await asyncio.to_thread(self.parts.save_own_data, self.diary)
            self.own_data = "saved"
        except AgentError as error:
            self.parts.log.line("own_data_failed", code=error.code)
            self.own_data = "failed"

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
        await self._stop_pipeline()
        self._declare_muted()

    async def _stop_pipeline(self) -> None:
        if self.pipeline is not None:
            pipeline, self.pipeline = self.pipeline, None
            stopping = asyncio.create_task(asyncio.to_thread(pipeline.stop))
            self._tasks.add(stopping)
            stopping.add_done_callback(self._tasks.discard)
            await asyncio.wait([stopping], timeout=STOP_S)
            self._note_summary(pipeline)

    def _note_summary(self, pipeline: Pipeline) -> None:
        """What it took and what it lost, into the session log."""
        with self._carrying_on():
            came_to = summary(pipeline.stats())
            if came_to:
                self.record(Track.LOG, LogEntry("recording", came_to, self.parts.clock.wall_ms()))

    async def _pause_recording(self) -> None:
        """Camera, screen and sound end, and the camera's lamp goes out; the watch over the computer goes on."""
        self._muted_since_us = self.parts.clock.monotonic_us()
        await self._stop_pipeline()
        await asyncio.to_thread(self.parts.booth.close)

    async def _resume_recording(self) -> None:
        self._declare_muted()
        await asyncio.to_thread(self.parts.booth.open)
        await self._start_recording()

    def _declare_muted(self) -> None:
        """The time of a break that the policy leaves out of the recording, as a gap of each track that there is."""
        since_us, self._muted_since_us = self._muted_since_us, 0
        if not since_us:
            return
        recorder = self.parts.recorder
        from_us, to_us = (recorder.media_time_us(at_us) for at_us in (since_us, self.parts.clock.monotonic_us()))
        tracks = [head.track for head in self.parts.spool.heads() if head.track in MEDIA_TRACKS]
        with self._carrying_on():
            for track in tracks:
                recorder.gap(track, from_us, to_us, "muted_by_policy")

    def _play_cue(self) -> None:
        """On a thread of its own that nobody waits for: sound systems can hang. One at a time."""
        if self._cue is None or not self._cue.is_alive():
            self._cue = threading.Thread(target=self._cue_played, name="cue", daemon=True)
            self._cue.start()

    def _cue_played(self) -> None:
        if not self.parts.play_cue():
            self.parts.log.line("cue_failed")

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
