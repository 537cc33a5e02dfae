"""What holds and watches this computer during one exam: keeper, lockdown, upkeep, monitor and the list of programs,
made from what the policy asks and the platform offers. Built by `app`, which gives the parts to each other.
"""

import contextlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import PlatformError
from candidate_agent.base.logs import Log
from candidate_agent.driver import Driver
from candidate_agent.lockdown.measures.grips import Grip
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.lockdown.upkeep import Upkeep, Watched
from candidate_agent.monitor.programs import SIGNED_SYSTEMS, ProgramList, Terms, types_for_a_person
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms import keeper_process
from candidate_agent.platforms.portable.machine import asleep_us
from candidate_agent.platforms.ports import (
    AssessmentPort,
    CaptureExclusionPort,
    ClipboardTaken,
    Closer,
    Platform,
    Unsupported,
)
from candidate_agent.session import events as ev
from candidate_agent.ui.windows import Windows
from exam_protocol.policy import Policy
from exam_protocol.records import FlagEntry


class Guard:
    def __init__(
        self, platform: Platform, policy: Policy, windows: Windows, driver: Driver, undo_log_path: Path, log: Log
    ) -> None:
        self._platform, self._policy = platform, policy
        self._windows, self._driver, self._log = windows, driver, log
        self._undo_log_path = undo_log_path

    # --- holds --------------------------------------------------------------------------------------------------------

    def lockdown(self, on_clipboard: Callable[[ClipboardTaken], None]) -> Lockdown:
        return Lockdown(
            self._platform.settings,
            self._platform.clipboard,
            UndoLog(self._undo_log_path),
            self._start_keeper,
            on_clipboard,
            grips=self._grips(),
        )

    def _start_keeper(self) -> keeper_process.KeeperProcess:
        """It ends a program whose event loop or window hangs while the computer is locked."""
        return keeper_process.start(self._undo_log_path, asks=(self._driver.ask, self._windows.ask))

    def _grips(self) -> tuple[Grip, ...]:
        """What the system cannot do is left out: the check `protection` has told it to candidate and proctor."""
        awake, hidden, mode = self._platform.awake, self._platform.capture_exclusion, self._platform.assessment
        grips: tuple[Grip, ...] = ()
        if not isinstance(awake, Unsupported):
            grips += (Grip("staying awake", awake.stay_awake, awake.awake),)
        if self._policy.hide_from_recordings and not isinstance(hidden, Unsupported):
            grips += (Grip("hidden from recordings", partial(self._hide, hidden), lambda: True),)
        if self._policy.assessment_mode and not isinstance(mode, Unsupported):
            grips += (Grip("assessment mode", partial(self._enter_assessment, mode), mode.held),)
        return grips

    def _hide(self, port: CaptureExclusionPort) -> Closer:
        window_id = self._windows.window_id()
        port.exclude(window_id, True)
        return partial(port.exclude, window_id, False)

    def _enter_assessment(self, port: AssessmentPort) -> Closer:
        return port.hold(lambda reason: self._log.line("assessment_interrupted", error=reason))

    # --- looks after --------------------------------------------------------------------------------------------------

    def upkeep(self, lockdown: Lockdown) -> Upkeep:
        return Upkeep(lockdown, self._held_by_window())

    def _held_by_window(self) -> tuple[Watched, ...]:
        keys, front = self._platform.keys, self._windows.take_front
        watched: tuple[Watched, ...] = (Watched("fullscreen", self._windows.fills_screen, front),)
        if not isinstance(keys, Unsupported):
            watched += (Watched("keyboard", keys.held, front),)
        if not isinstance(self._platform.windows, Unsupported):
            # asked of the desktop: the toolkit does not notice when another program destroys its window, and nobody is
            # to be kept in front of nothing
            back = partial(self._take_front, self._windows.window_id)
            watched += (Watched("exam window", self._is_seen, back, lost=self._windows.close),)
        return watched

    def _is_seen(self) -> bool:
        port, ours = self._platform.windows, self._windows.window_id()
        return isinstance(port, Unsupported) or any(window.id == ours for window in port.windows())

    def _take_front(self, window_id: Callable[[], int]) -> None:
        """By the toolkit and by the system: a window that hangs cannot raise itself, but can be raised."""
        self._windows.take_front()
        if not isinstance(self._platform.windows, Unsupported):
            with contextlib.suppress(PlatformError):
                self._platform.windows.bring_to_front(window_id())

    # --- watches ------------------------------------------------------------------------------------------------------

    def monitor(
        self,
        clock: Clock,
        flag: Callable[[FlagEntry], None],
        session_us: Callable[[int], int],
        preloads: tuple[str, ...],
    ) -> Monitor:
        window_id = cache(self._windows.window_id)  # asked once: later the window may not answer
        return Monitor(
            self._platform,
            clock,
            self._rules(),
            flag,
            window_id,
            partial(self._take_front, window_id),
            programs=self.programs(),
            running=self.running(),
            on_programs=lambda names: self._driver.post(ev.ProgramsSeen(names)),
            preloads=preloads,
            session_us=session_us,
            asleep_us=asleep_us,
            on_fault=lambda code, text: self._log.line(code, error=text),
        )

    def _rules(self) -> Rules:
        return Rules(
            max_displays=self._policy.max_displays,
            muted=frozenset(self._driver.session.accommodations.muted_flags),
            typed_for=types_for_a_person(self._allowed_programs()),
            virtual_allowed=self._policy.virtual_machine == "allow",
        )

    def running(self) -> RunningPrograms:
        """Of the categories that the exam asks to be closed."""
        return RunningPrograms(self._platform, self.programs(frozenset[str](self._policy.blocked_categories)))

    def programs(self, categories: frozenset[str] | None = None) -> ProgramList:
        policy = self._policy
        terms = Terms(
            categories=categories,
            allowed=self._allowed_programs(),
            blocked=frozenset(policy.blocked_programs),
            allowed_hashes=frozenset(policy.allowed_hashes),
            blocked_hashes=frozenset(policy.blocked_hashes),
            allowed_signers=frozenset(policy.allowed_signers),
        )
        return ProgramList(terms, signed=self._platform.name in SIGNED_SYSTEMS)

    def _allowed_programs(self) -> frozenset[str]:
        extra = self._driver.session.accommodations
        return frozenset(self._policy.allowed_programs) | frozenset(extra.allowed_programs)
