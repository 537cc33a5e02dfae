"""Composition root: the only file that builds the parts and wires them to each other.

Three threads matter: the main thread belongs to the window, one runs the event loop with driver, hands and uplink; the
keeper is a process. Everything else (encoders, watches) is a thread of the part that needs it.
"""

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Awaitable
from pathlib import Path

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import DeviceError, PlatformError, RestoreError, UsageError, status_of
from candidate_agent.base.files import private_dir, replace_file
from candidate_agent.base.logs import Log
from candidate_agent.base.tasks import repeat
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.preview import jpeg
from candidate_agent.checks import runner
from candidate_agent.checks.base import Context, Line
from candidate_agent.config import Config, Launch
from candidate_agent.driver import Driver
from candidate_agent.ears import Ears, read_receipt
from candidate_agent.hands import Hands, Parts
from candidate_agent.joining import prepare
from candidate_agent.lockdown.restore import restore
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.lockdown.upkeep import PERIOD_S, Upkeep
from candidate_agent.monitor.programs import ProgramList
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms import keeper_process, select
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.platforms.portable.machine import asleep_us
from candidate_agent.platforms.ports import ClipboardTaken, Display, Microphone, MicrophonePort, Unsupported
from candidate_agent.session import events as ev
from candidate_agent.session.states import BEFORE_EXAM, OVER, Phase, Session
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.ui import receipt as receipt_page
from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from candidate_agent.ui.words import CapturedTrack, Live
from candidate_agent.uplink.commands import CommandGate, Counters
from candidate_agent.uplink.sender import Uplink
from exam_protocol import codec

PREVIEW_EVERY_S = 0.2
HOUSE_EVERY_S = 1.0
UPKEEP_US = int(PERIOD_S * 1_000_000)
LAST_WORDS_S = 5.0  # how long a closing agent still tries to send
PLANNED_BYTES_PER_S = 60_000  # 480 kbit/s, for the disk check


class App:
    """One run of the agent for one exam. `run` blocks the main thread and returns the exit status."""

    def __init__(self, config: Config, launch: Launch, log: Log) -> None:
        self._config, self._launch, self._log = config, launch, log
        self._clock = SystemClock()
        self._platform = select.load(restore_arguments=("--home", str(config.home_dir)))
        self._settings = self._platform.settings
        self._closed = threading.Event()
        self._phase = Phase.IDLE
        self._looked_us = 0  # after the lockdown, last time
        self._line: tuple[float, float] | None = None  # rtt_ms, up_bps
        self._sent: tuple[int, dict[str, float]] = (0, {})
        self._rates: tuple[CapturedTrack, ...] = ()

    # --- main thread --------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Raises AgentError for what stops it before there is a session."""
        self._refuse_unsuitable()
        lock = InstanceLock(self._config.lock_path)
        if not lock.acquire():
            raise UsageError("agent_running", "The exam program is already running on this computer.")
        try:
            self._give_back_leftovers()
            self._join = prepare(self._config, self._launch, self._clock)
            self._build()
            self._windows.run(self._start_loop)
            self._loop_thread.join()
        finally:
            lock.release()
        return self._status()

    def _refuse_unsuitable(self) -> None:
        facts = self._platform.system.facts()
        if facts.administrator and not self._config.demo:
            text = "Please start this program as an ordinary user: as administrator the exam browser has no sandbox."
            raise PlatformError("administrator", text)
        if facts.session_type == "wayland":
            text = "Wayland lets no program record the screen reliably. Please choose an X11 session at login."
            raise PlatformError("wayland", f"{text} On Ubuntu: the gear at the login screen, then “Ubuntu on Xorg”.")

    def _give_back_leftovers(self) -> None:
        report = restore(self._config.undo_log_path, self._settings)
        if report.measures:
            self._log.line("leftovers", restored=report.restored, measures=len(report.measures))
        if not report.restored:
            raise RestoreError("restore_incomplete", "An earlier exam left settings behind that could not be put back.")

    def _status(self) -> int:
        """Of a session that never reached the exam because of a problem; a sitting that ended in order is 0."""
        session = self._driver.session
        return status_of(session.problem[0]) if session.problem and session.phase not in OVER else 0

    # --- building -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        join, clock = self._join, self._clock
        self._driver = Driver(clock, self._perform, self._publish, self._order_failed)
        self._bridge = Bridge(self._driver.post)
        self._windows = Windows(
            self._bridge, title=join.package.title, on_closed=lambda: self._driver.post(ev.WindowClosed())
        )
        spool = Spool(join.directory / "spool", on_fault=self._spool_fault, on_synced=self._wake)
        recorder = Recorder(spool, join.file.device(), clock, join.file.session_id, on_resumed=self._resumed)
        self._lockdown = Lockdown(
            self._settings,
            self._platform.clipboard,
            UndoLog(self._config.undo_log_path),
            lambda: keeper_process.start(self._config.undo_log_path),
            self._clipboard_taken,
        )
        self._upkeep = Upkeep(self._lockdown)
        parts = Parts(
            join=join,
            clock=clock,
            log=self._log,
            spool=spool,
            recorder=recorder,
            booth=Booth(self._platform.cameras, self._platform.microphones),
            stage=self._windows,
            lockdown=self._lockdown,
            machine_name=self._machine_name(),
            zone=time.strftime("%Z %z"),
            make_uplink=self._make_uplink,
            make_pipeline=self._make_pipeline,
            make_monitor=self._make_monitor,
            run_checks=self._run_checks,
            close_window=self._closed.set,
            blocked=self._blocked,
        )
        self._hands = Hands(parts, self._driver.post)
        counters = Counters(lambda proctor: join.file.counters.get(proctor, 0), self._count)
        self._gate = CommandGate(join.package, join.file.session_id, join.file.wrap(), self._server_now_ms, counters)
        self._ears = Ears(join, self._gate, self._hands, self._driver.post, self._log)

    def _count(self, proctor: str, counter: int) -> None:
        """Kept over a restart, so that an old command cannot be played again."""
        self._keep(counters={**self._join.file.counters, proctor: counter})

    def _keep(self, **changes: object) -> None:
        if not self._join.keep(**changes):
            self._log.line("session_not_saved")

    def _machine_name(self) -> str:
        demo = " (demonstration: may run as administrator, inspection allowed)" if self._config.demo else ""
        return self._platform.name + demo

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
            clock=self._clock,
            on_damaged=parts.recorder.declare_damaged,
        )

    def _make_pipeline(self) -> Pipeline:
        """Raises DeviceError `camera_missing`, `microphone_missing`, `display_missing`."""
        booth, screen = self._hands.parts.booth, self._platform.screen
        if isinstance(screen, Unsupported):
            raise DeviceError("display_missing", screen.reason)
        return Pipeline(
            screen=screen,
            display=self._primary_display(),
            camera=booth.require_camera(),
            microphone=self._microphone(booth),
            sink=self._hands.parts.recorder,
            profile=self._join.package.policy.profile,
            emit=self._ears.capture,
            clock=self._clock,
        )

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
        recorder, session = self._hands.parts.recorder, self._driver.session
        muted = frozenset(session.accommodations.muted_flags)
        return Monitor(
            self._platform,
            self._clock,
            Rules(max_displays=self._join.package.policy.max_displays, muted=muted),
            self._hands.flag,
            self._windows.window_id,
            self._windows.take_front,
            allowed=self._allowed_programs(),
            muted=muted,
            session_us=recorder.media_time_us,
            asleep_us=asleep_us,
            on_fault=lambda code, text: self._log.line(code, error=text),
        )

    def _allowed_programs(self) -> frozenset[str]:
        policy, extra = self._join.package.policy, self._driver.session.accommodations
        return frozenset(policy.allowed_programs) | frozenset(extra.allowed_programs)

    # --- event loop ---------------------------------------------------------------------------------------------------

    def _start_loop(self) -> None:
        self._loop_thread = threading.Thread(target=self._run_loop, name="event-loop")
        self._loop_thread.start()

    def _run_loop(self) -> None:
        try:
            asyncio.run(self._main())
        finally:
            self._windows.close()

    async def _main(self) -> None:
        driving = asyncio.create_task(self._driver.run())
        driving.add_done_callback(lambda _: self._closed.set())  # nobody decides any more: nobody is kept, either
        helping = [
            asyncio.create_task(repeat(HOUSE_EVERY_S, self._keep_house, self._look_failed)),
            asyncio.create_task(repeat(PREVIEW_EVERY_S, self._show_previews, self._look_failed)),
        ]
        await asyncio.sleep(0)
        self._driver.post(ev.PackageOpened(self._join.package, self._config.language))
        await asyncio.to_thread(self._closed.wait)
        try:
            await self._last_words()
            self._finish_if_complete()
        finally:
            for task in (*helping, driving):
                task.cancel()
            await asyncio.gather(*helping, driving, return_exceptions=True)
            await self._hands.close()
            if self._receipt_path().exists():
                shutil.rmtree(self._join.directory, ignore_errors=True)

    async def _perform(self, effect: object) -> None:
        await self._hands.perform(effect)  # type: ignore[arg-type]

    def _order_failed(self, effect: object, error: Exception) -> None:
        """Recording or lockdown that breaks in an unforeseen way ends the exam in order; the rest is noted."""
        self._log.line("order_failed", order=type(effect).__name__, error=type(error).__name__)
        if effect is not None and self._driver.session.phase is Phase.LOCKING:
            self._driver.post(ev.LockdownFailed("order_failed", "Something in the preparation of the exam failed."))

    async def _last_words(self) -> None:
        """What is still in the spool stays there; what can be sent quickly is sent."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._driver.settled()
                while self._sending():  # noqa: ASYNC110  the spool has no event for "empty"
                    await asyncio.sleep(0.05)

    def _sending(self) -> bool:
        session = self._driver.session
        waits_for_receipt = self._hands.draining and not session.receipt_complete
        return session.link_up and (waits_for_receipt or self._hands.backlog().records > 0)

    async def _keep_house(self) -> None:
        """Once a second: checkpoints, backlog, upkeep of the lockdown, countdowns on the screen, the receipt."""
        if self._driver.session.lockdown_held and self._clock.monotonic_us() >= self._looked_us + UPKEEP_US:
            self._looked_us = self._clock.monotonic_us()
            await self._look_after_lockdown()
        if self._hands.uplink is None:
            return
        await asyncio.to_thread(self._hands.follow_duty)
        await asyncio.to_thread(self._hands.parts.recorder.tick)
        self._driver.post(ev.BacklogChanged(self._hands.backlog()))
        self._publish(self._driver.session)
        self._finish_if_complete()

    def _look_failed(self, name: str, error: Exception) -> None:
        self._log.line("look_failed", look=name, error=type(error).__name__)

    async def _look_after_lockdown(self) -> None:
        report = await asyncio.to_thread(self._upkeep.look)
        for name in report.held_again:
            self._log.line("held_again", setting=name)
        if report.failed:
            self._driver.post(ev.LockdownFailed("measure_failed", report.failed))

    async def _show_previews(self) -> None:
        if self._driver.session.phase in BEFORE_EXAM - {Phase.CONSENTING}:
            picture = self._hands.parts.booth.picture()
            if picture is not None:
                self._windows.preview("camera", await asyncio.to_thread(jpeg, picture, 640))
            self._publish(self._driver.session)

    def _finish_if_complete(self) -> None:
        """The server has everything: the receipt is written; keys and spool go when the program ends."""
        session, document = self._driver.session, self._ears.receipt
        if not (self._hands.draining and session.receipt_complete and document) or self._receipt_path().exists():
            return
        if self._hands.backlog().records:
            return
        path = self._receipt_path()
        private_dir(path.parent)
        replace_file(path.with_suffix(".json"), codec.encode(document))
        sitting = receipt_page.Sitting(
            self._join.package, session.candidate_name, session.reason, bool(session.restored), session.restore_report,
            path.with_suffix(".json").name,
        )  # fmt: skip
        replace_file(path, receipt_page.page(read_receipt(document), sitting).encode())
        self._log.line("receipt", complete=True)

    def _receipt_path(self) -> Path:
        return self._config.receipts_dir / f"{self._join.file.session_id.hex()}.html"

    # --- callbacks of the parts ---------------------------------------------------------------------------------------

    def _publish(self, session: Session) -> None:
        if session.phase is not self._phase:
            self._phase = session.phase
            self._log.line("phase", phase=session.phase.value, reason=session.reason)
            if self._join.file.enrolled and self._join.directory.exists():
                self._keep(phase=session.phase.value, reason=session.reason)
        now_us, wall_ms = self._clock.monotonic_us(), self._clock.wall_ms()
        self._windows.publish(view(session, now_us=now_us, wall_ms=wall_ms, live=self._live(session)))

    def _live(self, session: Session) -> Live:
        receipt = self._receipt_path()
        rtt_ms, up_bps = self._line or (None, None)
        return Live(
            previews=frozenset({"camera", *self._hands.taken}),
            microphone_dbfs=self._hands.parts.booth.level_dbfs() if session.phase in BEFORE_EXAM else None,
            rtt_ms=rtt_ms,
            up_bps=up_bps,
            captured=self._captured(),
            capturing=self._hands.capturing,
            capture_progress=self._hands.capture_progress,
            receipt_path=str(receipt) if session.phase in OVER and receipt.exists() else "",
        )

    def _captured(self) -> tuple[CapturedTrack, ...]:
        """Mean bytes a second since the last look, per track."""
        now_us, figures = self._clock.monotonic_us(), self._hands.captured()
        sent = {name: figures.get(f"{name}_bytes", 0.0) for name in ("screen", "webcam", "audio") if figures}
        then_us, before = self._sent
        if now_us - then_us >= 1_000_000:
            self._sent = (now_us, sent)
            seconds = (now_us - then_us) / 1_000_000
            self._rates = tuple(
                CapturedTrack(name, round(max(0.0, count - before.get(name, 0.0)) / seconds))
                for name, count in sent.items()
            )
        return self._rates

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

    def _blocked(self, kind: str, origin: str) -> None:
        self._log.line("exam_request_blocked", kind=kind)

    # --- checks -------------------------------------------------------------------------------------------------------

    def _run_checks(self, only: str) -> Awaitable[object]:
        return runner.run(self._check_context(), only, lambda row: self._driver.post(ev.CheckMeasured(row)))

    def _check_context(self) -> Context:
        policy, booth = self._join.package.policy, self._hands.parts.booth
        programs = ProgramList(allowed=self._allowed_programs(), categories=frozenset(policy.blocked_categories))

        def category_of(names: tuple[str, ...]) -> str | None:
            match = programs.match(names)
            return match.category if match else None

        return Context(
            platform=self._platform,
            policy=policy,
            spool_dir=self._join.directory,
            planned_spool_bytes=policy.duration_s * PLANNED_BYTES_PER_S,
            picture=booth.picture,
            sound=lambda: booth.samples() if booth.microphone else None,
            line=self._measure_line,
            category_of=category_of,
            allowed_programs=self._allowed_programs(),
        )

    async def _measure_line(self) -> Line:
        if self._hands.uplink is None:
            raise UsageError("not_connected", "There is no line to the server yet.")
        figures = await self._hands.uplink.measure()
        self._line = (figures.rtt_ms, figures.up_bps)
        return figures
