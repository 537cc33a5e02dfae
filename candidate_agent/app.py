"""Composition root: the only file that builds the parts and wires them to each other. Loaded by `opening`'s caller
once there is a window.

Three threads matter: the main thread belongs to the window, one runs the event loop with driver, hands and uplink; the
keeper is a process. Everything else (encoders, watches) is a thread of the part that needs it.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from candidate_agent import own_data
from candidate_agent.base.clock import SleeplessClock, SystemClock
from candidate_agent.base.errors import DeviceError, UnexpectedError, UsageError, status_of
from candidate_agent.base.files import storing
from candidate_agent.base.logs import Log
from candidate_agent.capture import trial
from candidate_agent.capture.analysis.analyst import Analyst
from candidate_agent.capture.analysis.likeness import Likenesses
from candidate_agent.capture.analysis.models.files import MODELS_DIR
from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.pipeline import MediaSink, Pipeline
from candidate_agent.capture.preview import jpeg
from candidate_agent.capture.regions import EXAM_DISPLAY, Regions
from candidate_agent.capture.screens import Allowed
from candidate_agent.capture.shape import Rect
from candidate_agent.capture.sound import Tap
from candidate_agent.checks import disk, runner
from candidate_agent.checks.base import Context, FoundProgram, Line
from candidate_agent.config import Config, Launch
from candidate_agent.device_look import WATCHED, DeviceLook
from candidate_agent.diary import Diary
from candidate_agent.driver import Driver
from candidate_agent.ears import Ears
from candidate_agent.guard import Guard
from candidate_agent.hands import Hands
from candidate_agent.housekeeping import Housekeeping
from candidate_agent.joining import Join
from candidate_agent.monitor import assistive
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.parts import Looker, Parts
from candidate_agent.platforms import large_memory, select, viewer
from candidate_agent.platforms.low_priority import stand_back
from candidate_agent.platforms.portable.machine import asleep_us
from candidate_agent.platforms.ports import ClipboardTaken, Display, Microphone, MicrophonePort, Unsupported
from candidate_agent.session import events as ev
from candidate_agent.session.adapting import profile_now, stays_here
from candidate_agent.session.consent import compared
from candidate_agent.session.effects import Effect
from candidate_agent.session.states import OVER, Phase, ProgramState, Session
from candidate_agent.showing import Showing, Witness
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.tryout import Tryout
from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.password_fields import Place
from candidate_agent.ui.removal import Removal, way_of
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.windows import Windows
from candidate_agent.uplink.commands import CommandGate, Counters
from candidate_agent.uplink.delivery import Delivery
from candidate_agent.uplink.fetch import fetch_package, is_package
from candidate_agent.uplink.sender import Uplink
from exam_protocol.records import LogEntry, Track

LET_GO_S = 1.0  # how long a candidate who left still waits for the note of it
SCREENSHOT_WIDTH = 1280  # of the picture in a report


class App:
    """What runs behind the window of one exam, from the launch to its end. Made and run on the event loop's thread."""

    def __init__(
        self, config: Config, launch: Launch, log: Log, join: Join, windows: Windows, *,
        preloads: tuple[str, ...] = (), witness: Witness | None = None,
    ) -> None:  # fmt: skip
        """`preloads`: names of variables that may have loaded something into this program before it could look.
        `witness`: it is a practice, and this is who looks on."""
        self._config, self._launch, self._log, self._preloads = config, launch, log, preloads
        self._join, self._windows = join, windows
        self._witness = witness
        self._clock = SystemClock()
        self._exam_clock = SleeplessClock(self._clock, asleep_us)  # of leases, deadlines and the time that is left
        self._platform = select.load(restore_arguments=config.restore_arguments)
        self._closed = threading.Event()
        self._likenesses: Likenesses | None = None

    def run(self) -> None:
        """Until the session is over."""
        asyncio.run(self._main())

    def status(self) -> int:
        """Of a session that never reached the exam because of a problem; a sitting that ended in order is 0, and so is
        one that somebody closed at a step of check-in, whatever a banner said of their devices."""
        session = self._driver.session
        return status_of(session.problem[0]) if session.problem and session.phase not in OVER | WATCHED else 0

    # --- GUI thread ---------------------------------------------------------------------------------------------------

    def asked_to_close(self) -> None:
        self._driver.post(ev.WindowClosed())

    def window_gone(self) -> None:
        """By our own word, or because the X server or another program took it: then the exam ends, and nobody waits."""
        self._driver.post(ev.WindowClosed())
        self._closed.set()

    def let_go(self) -> None:
        """The candidate left, and the event loop did not follow: noted if that can be; the keeper does the rest."""
        said = ("EXIT_EARLY", "The candidate left before the end; the program did not answer and ended itself.")
        noting = threading.Thread(target=self._hands.raise_flag, args=said, daemon=True)
        noting.start()
        noting.join(LET_GO_S)
        self._log.line("let_go", noted=not noting.is_alive())
        os._exit(UnexpectedError.exit_status)

    # --- building -----------------------------------------------------------------------------------------------------

    def build(self) -> None:
        """In this order: each step uses what the ones before it made."""
        self._driver = Driver(self._exam_clock, self._perform, self._publish, self._order_failed)
        self._windows.bridge = Bridge(self._driver.post)
        self._build_lockdown()
        self._hands = Hands(self._parts(), self._heard)
        self._build_ears()
        self._build_showing()

    def _build_lockdown(self) -> None:
        policy, undo_log_path = self._join.package.policy, self._config.undo_log_path
        self._regions = Regions(self._clock, policy.blackouts, follows=policy.blackout_passwords)
        self._fields_known = True
        self._windows.on_places = self._fields_seen
        self._guard = Guard(self._platform, policy, self._windows, self._driver, undo_log_path, self._log)
        self._lockdown = self._guard.lockdown(self._clipboard_taken)

    def _parts(self) -> Parts:
        join = self._join
        spool = Spool(join.directory / "spool", on_fault=self._spool_fault, on_synced=self._wake)
        booth = Booth(self._platform.cameras, self._platform.microphones)
        return Parts(
            join=join,
            clock=self._clock,
            log=self._log,
            spool=spool,
            recorder=Recorder(spool, join.file.device(), self._clock, join.file.session_id, on_resumed=self._resumed),
            booth=booth,
            stage=self._windows,
            tryout=self._tryout(booth),
            lockdown=self._lockdown,
            machine_name=self._machine_name(),
            zone=time.strftime("%Z %z"),
            make_uplink=self._make_uplink,
            make_pipeline=self._make_pipeline,
            make_looker=self._make_looker,
            opted_in=lambda: compared(self._driver.session),
            make_monitor=self._make_monitor,
            make_running=self._guard.running,
            run_checks=self._run_checks,
            close_window=self._closed.set,
            blocked=self._blocked,
            screenshot=self._screenshot,
            play_cue=self._play_cue,
            letters=select.letters,
            open_receipt=self._open_receipt,
            save_own_data=self._save_own_data,
            open_report=self._open_report,
        )

    def _tryout(self, booth: Booth) -> Tryout:
        return Tryout(
            self._platform, booth, self._clock, self._log, self._driver.post, self._rehearsal_pipeline, self._delivery
        )

    def _build_ears(self) -> None:
        join = self._join
        counters = Counters(lambda proctor: join.file.counters.get(proctor, 0), self._count)
        self._gate = CommandGate(join.package, join.file.session_id, join.file.wrap(), self._server_now_ms, counters)
        self._ears = Ears(join, self._gate, self._hands, self._driver.post, self._log)

    def _build_showing(self) -> None:
        session = self._join.file.session_id.hex()
        receipt_path = self._receipt_path = self._config.receipts_dir / f"{session}.html"
        self._showing = Showing(
            self._join, self._hands, self._windows, self._exam_clock, self._log, self._keep, receipt_path,
            self._config.own_data_path(session), self._removal(), self._witness,
        )  # fmt: skip
        self._house = Housekeeping(
            self._driver, self._hands, self._ears, self._showing, self._guard.upkeep(self._lockdown), self._clock,
            self._log, receipt_path,
        )  # fmt: skip

    def _count(self, proctor: str, counter: int) -> None:
        """Kept over a restart, so that an old command cannot be played again."""
        self._keep(counters={**self._join.file.counters, proctor: counter})

    def _keep(self, **changes: object) -> None:
        if not self._join.keep(**changes):
            self._log.line("session_not_saved")

    def _machine_name(self) -> str:
        demo = " (demonstration: may run as administrator, inspection allowed)" if self._config.demo else ""
        practice = " (practice: institution and proctor are stand-ins)" if self._witness else ""
        return self._platform.name + demo + practice

    def _server_now_ms(self) -> int:
        uplink = self._hands.uplink
        return uplink.server_clock.now_ms() if uplink else self._clock.wall_ms()

    def _make_uplink(self) -> Uplink:
        join, parts = self._join, self._hands.parts
        if join.file.roster is not None:
            self._gate.set_roster(join.file.roster)
        return Uplink(
            server_url=join.package.server_url,
            server_key=join.package.server_key,
            session_id=join.file.session_id,
            token=join.file.token,
            device=join.file.device(),
            outbox=parts.spool,
            emit=self._ears.uplink,
            clock=self._exam_clock,
            on_damaged=parts.recorder.declare_damaged,
            media_stays=lambda: stays_here(self._driver.session),
        )

    def _make_pipeline(self) -> Pipeline:
        return self._pipeline_into(self._hands.parts.recorder, self._ears.capture, self._hands.looking.hear)

    def _make_looker(self, observe: Callable[[Observation], None]) -> Looker:
        """Raises DeviceError `camera_missing`."""
        parts = self._hands.parts
        if self._likenesses is None:  # of the whole sitting: a break makes a new looker
            self._likenesses = Likenesses(parts.opted_in())
        return Analyst(
            parts.booth.require_camera(), MODELS_DIR, self._clock, observe, self._ears.capture,
            parts.recorder.media_time_us, settle=self._stand_back, read=large_memory.in_large_pages,
            likenesses=self._likenesses,
        )  # fmt: skip

    def _stand_back(self) -> None:
        if not stand_back():
            self._log.line("search_not_lowered")

    def _rehearsal_pipeline(self, sink: MediaSink) -> Pipeline:
        """What goes wrong in a rehearsal is in its result, and no flag."""
        return self._pipeline_into(sink, lambda _: None)

    def _pipeline_into(self, sink: MediaSink, emit: Callable[[CaptureEvent], None], tap: Tap | None = None) -> Pipeline:
        """Raises DeviceError `camera_missing`, `microphone_missing`, `display_missing`."""
        booth, screen = self._hands.parts.booth, self._platform.screen
        if isinstance(screen, Unsupported):
            raise DeviceError("display_missing", screen.reason)
        return Pipeline(
            screen=screen,
            display=Allowed(self._primary_display(), self._platform.displays, self._join.package.policy.max_displays),
            camera=booth.require_camera(),
            microphone=self._microphone(booth),
            sink=sink,
            profile=profile_now(self._driver.session),
            emit=emit,
            clock=self._clock,
            tap=tap,
            regions=self._regions,
        )

    def _delivery(self) -> Delivery | None:
        return self._hands.uplink.delivery() if self._hands.uplink is not None else None

    def _microphone(self, booth: Booth) -> tuple[MicrophonePort, Microphone]:
        port = self._platform.microphones
        if isinstance(port, Unsupported) or booth.microphone is None:
            raise DeviceError("microphone_missing", "No microphone was found.")
        return port, booth.microphone

    def _primary_display(self) -> Display:
        port = self._platform.displays
        displays = () if isinstance(port, Unsupported) else port.displays()
        if not displays:
            raise DeviceError("display_missing", "No display was found.")
        return next((display for display in displays if display.primary), displays[0])

    def _make_monitor(self) -> Monitor:
        recorder = self._hands.parts.recorder
        return self._guard.monitor(self._clock, self._hands.flag, recorder.media_time_us, self._preloads)

    # --- event loop ---------------------------------------------------------------------------------------------------

    async def _main(self) -> None:
        driving = asyncio.create_task(self._driver.run())
        driving.add_done_callback(lambda _: self._closed.set())  # nobody decides any more: nobody is kept, either
        devices = DeviceLook(self._driver, self._hands, self._clock, self._log)
        helping = [*self._house.start(), *devices.start(self._house.look_failed)]
        await asyncio.sleep(0)
        self._driver.post(ev.PackageOpened(self._join.package, self._windows.language, self._join.has_sat))
        await asyncio.to_thread(self._closed.wait)
        try:
            await self._house.last_words()
        finally:
            for task in (*helping, driving):
                task.cancel()
            await asyncio.gather(*helping, driving, return_exceptions=True)
            await self._house.close()

    async def _perform(self, effect: Effect) -> None:
        await self._hands.perform(effect)

    def _publish(self, session: Session) -> None:
        self._showing.publish(session)

    def _order_failed(self, effect: object, error: Exception) -> None:
        """Recording or lockdown that breaks in an unforeseen way ends the exam in order; the rest is noted."""
        self._log.line("order_failed", order=type(effect).__name__, error=type(error).__name__)
        phase, said = self._driver.session.phase, ("order_failed", "Something in the preparation of the exam failed.")
        if effect is not None and phase is Phase.LOCKING:
            self._driver.post(ev.LockdownFailed(*said))
        elif phase is Phase.JOINING:
            self._driver.post(ev.EnrolFailed(*said))

    # --- callbacks of the parts ---------------------------------------------------------------------------------------

    def _heard(self, event: ev.Event) -> None:
        """What the hands bring back. Any thread."""
        if self._witness is not None and isinstance(event, ev.FlagRaised):
            self._witness.flagged(event.flag)
        self._driver.post(event)

    def _wake(self) -> None:
        if self._hands.uplink is not None:
            self._hands.uplink.wake()

    def _resumed(self, track: int) -> None:
        if self._hands.pipeline is not None:
            self._hands.pipeline.key_frame(track)

    def _spool_fault(self, code: str, text: str) -> None:
        self._log.line("spool", code=code)

    def _clipboard_taken(self, taken: ClipboardTaken) -> None:
        if self._hands.monitor is not None:
            self._hands.monitor.note(taken)

    def _fields_seen(self, places: tuple[Place, ...], known: bool) -> None:
        """GUI thread. That a field cannot be made black is on record; the rest of the page stays visible."""
        self._regions.fields(tuple(Rect(place.left, place.top, place.right, place.bottom) for place in places))
        if known != self._fields_known:
            self._fields_known = known
            said = "password fields are recorded as black" if known else "a password field of another site cannot be"
            self._hands.record(Track.LOG, LogEntry("blackout", said, self._clock.wall_ms()))

    def _screenshot(self) -> bytes:
        """Raises DeviceError `display_missing`."""
        screen = self._platform.screen
        if isinstance(screen, Unsupported):
            raise DeviceError("display_missing", screen.reason)
        stream = screen.open(self._primary_display())
        try:
            picture = stream.read()
        finally:
            stream.close()
        if picture is None:
            raise DeviceError("display_missing", "The screen gives no picture.")
        masked = self._regions.masked(EXAM_DISPLAY, picture.pixels)
        return jpeg(replace(picture, pixels=masked), SCREENSHOT_WIDTH)

    def _play_cue(self) -> bool:
        speakers = self._platform.speakers
        return not isinstance(speakers, Unsupported) and speakers.play_tone()

    def _open_receipt(self) -> None:
        if not (self._receipt_path.exists() and viewer.open_file(self._receipt_path)):
            self._log.line("receipt_not_opened")

    def _save_own_data(self, diary: Diary) -> None:
        """A later copy takes the place of an earlier one."""
        session, parts = self._join.file.session_id.hex(), self._hands.parts
        out_path = self._config.own_data_path(session)
        with storing():
            out_path.unlink(missing_ok=True)
        texts = Texts(self._driver.session.language)
        spool = parts.spool
        own_data.save(out_path, self._config.receipts_dir, session, texts, join=self._join, spool=spool, diary=diary)

    def _removal(self) -> Removal:
        frozen = bool(getattr(sys, "frozen", False))
        way = way_of(sys.platform, sys.executable, frozen=frozen, program=str(Path(__file__).parent))
        return Removal(way, str(self._config.home_dir))

    def _blocked(self, kind: str, origin: str) -> None:
        self._log.line("exam_request_blocked", kind=kind)

    def _open_report(self) -> None:
        """Of a practice that wrote one."""
        if self._witness is not None and self._witness.report_path:
            opened = viewer.open_file(Path(self._witness.report_path))
            self._log.line("report_opened", opened=opened)

    # --- checks -------------------------------------------------------------------------------------------------------

    def _run_checks(self, only: str) -> Awaitable[object]:
        return runner.run(self._check_context(), only, lambda row: self._driver.post(ev.CheckMeasured(row)))

    def _check_context(self) -> Context:
        package, booth = self._join.package, self._hands.parts.booth
        policy = package.policy
        return Context(
            platform=self._platform,
            policy=policy,
            spool_dir=self._join.directory,
            planned_spool_bytes=policy.duration_s * disk.PLANNED_BYTES_PER_S,
            picture=booth.picture,
            camera_problem=booth.camera_problem,
            sound=lambda: booth.samples() if booth.microphone else None,
            line=self._measure_line,
            programs=self._found_programs,
            allows=self._guard.programs().allows,
            assistive=partial(assistive.count, self._platform, self._guard.programs().allows),
            download=partial(fetch_package, package.server_url, package.exam_id),
            opens=partial(is_package, root=self._launch.root),
            encoder=None if isinstance(self._platform.screen, Unsupported) else partial(trial.speed, policy.profile),
            window=(package.opens_ms, package.closes_ms),
            wall_ms=self._clock.wall_ms,
        )

    def _found_programs(self) -> tuple[FoundProgram, ...]:
        names = tuple(program.name for program in self._guard.running().now())
        stay = {known.name for known in self._driver.session.programs if known.state is ProgramState.STAYS}
        self._driver.post(ev.ProgramsSeen(names))
        return tuple(FoundProgram(name, name in stay) for name in names)

    async def _measure_line(self) -> Line:
        if self._hands.uplink is None:
            raise UsageError("not_connected", "There is no line to the server yet.")
        figures = await self._hands.uplink.measure()
        self._showing.line = (figures.rtt_ms, figures.up_bps)
        return figures
