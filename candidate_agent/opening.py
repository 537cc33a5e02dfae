"""From the command to the first words on the screen: what must be right before there is a window, then the window, then
the rest of the program. Run by `cli`.

The libraries for pictures and sound, and all that records, watches and locks, take about as long to load as everything
before them. They are loaded with `app` on the event loop's thread, once the page has its first words.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import DeviceError, PlatformError, RestoreError, UnexpectedError, UsageError
from candidate_agent.base.logs import Log
from candidate_agent.config import Config, Launch
from candidate_agent.joining import Join, prepare
from candidate_agent.lockdown.restore import restore
from candidate_agent.platforms import select
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.ui import languages
from candidate_agent.ui.qt_language import system_languages
from candidate_agent.ui.windows import Windows
from exam_protocol.plain import plain

if TYPE_CHECKING:
    from candidate_agent.app import App

Load = Callable[[Config, Launch, Log, Join, Windows], "App"]


class Opening:
    """One run of the agent for one exam. `run` blocks the main thread and returns the exit status."""

    def __init__(self, config: Config, launch: Launch, log: Log, load: Load) -> None:
        """`load` brings the rest of the program; called once, on the event loop's thread."""
        self._config, self._launch, self._log, self._load = config, launch, log, load
        self._app: App | None = None
        self._is_over = False
        self._fault: BaseException | None = None
        self._looping = threading.Thread(target=self._loop, name="event-loop")
        self._leaving = threading.RLock()  # by the window's end, or by that of its connection: once

    def run(self) -> int:
        """Raises AgentError for what stops it before there is a session."""
        self._refuse_unsuitable()
        lock = InstanceLock(self._config.lock_path)
        if not lock.acquire():
            raise UsageError("agent_running", "The exam program is already running on this computer.")
        if not select.end_children_with_us():
            self._log.line("children_may_stay")
        try:
            self._give_back_leftovers()
            self._join = prepare(self._config, self._launch, SystemClock())
            self._show()
        finally:
            lock.release()
        if self._fault is not None:
            raise self._fault
        return self._status()

    def _refuse_unsuitable(self) -> None:
        facts = select.system().facts()
        if facts.administrator and not self._config.demo:
            text = "Please start this program as an ordinary user: as administrator the exam browser has no sandbox."
            raise PlatformError("administrator", text)
        if facts.session_type == "wayland":
            text = "Wayland lets no program record the screen reliably. Please choose an X11 session at login."
            raise PlatformError("wayland", f"{text} On Ubuntu: the gear at the login screen, then “Ubuntu on Xorg”.")
        if facts.session_type == "none":  # the window's library would end the program without a word of ours
            raise DeviceError("window_missing", "No desktop answers here. Please start this program from your desktop.")

    def _give_back_leftovers(self) -> None:
        report = restore(self._config.undo_log_path, select.settings(self._config.restore_arguments))
        if report.measures:
            self._log.line("leftovers", restored=report.restored, measures=len(report.measures))
        if not report.restored:
            raise RestoreError("restore_incomplete", "An earlier exam left settings behind that could not be put back.")

    def _show(self) -> None:
        package = self._join.package
        self._windows = Windows(
            title=plain(package.title),
            displays=package.policy.max_displays,
            on_closed=self._asked_to_close,
            policy=package.policy,
            on_let_go=self._let_go,
            language=first_language(self._config, self._join),
        )
        self._windows.run(self._begin)
        self._leave()

    def _begin(self) -> None:
        """The window is there, and with it all libraries that have a word of their own on the end of its connection."""
        select.leave_when_display_ends(self._without_display)
        self._looping.start()

    def _leave(self) -> None:
        with self._leaving:
            self._is_over = True
            if self._app is not None:
                self._app.window_gone()
            if self._looping.ident is not None:
                self._looping.join()

    def _without_display(self) -> int:
        """Any thread. The window's connection has ended: the rest leaves as it does after the window."""
        self._windows.gone()
        self._leave()
        if self._fault is not None:
            return int(getattr(self._fault, "exit_status", UnexpectedError.exit_status))
        return self._status()

    def _status(self) -> int:
        return self._app.status() if self._app is not None else 0

    # --- event loop's thread ------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        try:
            app = self._load(self._config, self._launch, self._log, self._join, self._windows)
            app.build()
            self._app = app
            if not self._is_over:
                app.run()
        except BaseException as error:  # told on the main thread, like all that goes wrong before
            self._fault = error
        finally:
            self._windows.close()

    # --- GUI thread ---------------------------------------------------------------------------------------------------

    def _asked_to_close(self) -> None:
        """Before the rest is there nothing was begun that would have to be ended."""
        if self._app is not None:
            self._app.asked_to_close()
        else:
            self._is_over = True
            self._windows.close()

    def _let_go(self) -> None:
        if self._app is not None:
            self._app.let_go()


def first_language(config: Config, join: Join) -> str:
    """As asked for, else as chosen the last time, else the system's."""
    return languages.best(config.language, join.file.kept.language, *system_languages())
