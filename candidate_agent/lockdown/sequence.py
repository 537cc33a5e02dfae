"""Changes the computer for the exam and gives it back. Built by `app`, told by `driver`.

Per setting: read the old value, note it in the undo log (on the disk), change, look whether it holds. Whatever fails,
what was changed before is put back. The clipboard's old text is kept in memory alone: here and in the keeper.
Upkeep looks on a thread of its own: one lock keeps it from changing anything once giving back has begun.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from candidate_agent.base.errors import LockdownError
from candidate_agent.lockdown.measures.settings import PUT_BACK, hold, holds
from candidate_agent.lockdown.plan import Act, Step, plan
from candidate_agent.lockdown.restore import RestoreReport, restore
from candidate_agent.lockdown.undo_log import Entry, UndoLog
from candidate_agent.platforms.ports import (
    RESTORE_AT_LOGIN,
    ClipboardPort,
    ClipboardTaken,
    Closer,
    SettingPort,
    Unsupported,
)

HELD_NO_TEXT = "held no text to put back"


class KeeperHandle(Protocol):
    """The second process that gives the computer back when this one dies."""

    @property
    def alive(self) -> bool: ...

    def keep_clipboard(self, text: str) -> None: ...

    def done(self) -> None: ...


class Lockdown:
    def __init__(
        self,
        settings: Sequence[SettingPort],
        clipboard: ClipboardPort | Unsupported,
        undo_log: UndoLog,
        spawn_keeper: Callable[[], KeeperHandle],
        on_clipboard: Callable[[ClipboardTaken], None] = lambda taken: None,
    ) -> None:
        self._settings = {setting.name: setting for setting in settings}
        self._clipboard = clipboard
        self._log = undo_log
        self._spawn_keeper = spawn_keeper
        self._on_clipboard = on_clipboard
        self._keeper: KeeperHandle | None = None
        self._free_clipboard: Closer | None = None
        self._clipboard_text: str | None = None
        self._changing = threading.RLock()
        self._is_on = False  # from the first change until giving back begins
        self.held: tuple[str, ...] = ()

    def apply(self) -> None:
        """Gives back first what is held or was left behind.

        Raises LockdownError; the computer is then as it was before, or `restore` finds what is left in the log.
        """
        with self._changing:
            leftovers = self.revert()
            if not leftovers.restored:
                raise LockdownError("measure_failed", "What an earlier exam left behind could not be put back.")
            names, has_clipboard = tuple(self._settings), not isinstance(self._clipboard, Unsupported)
            self._is_on = True
            try:
                for step in plan(names, RESTORE_AT_LOGIN, clipboard=has_clipboard):
                    self._perform(step)
            except BaseException:
                self.revert()
                raise

    def revert(self) -> RestoreReport:
        """Newest first; one that fails never stops the rest. May be called twice."""
        with self._changing:
            self._is_on = False
            clipboard = self._release_clipboard()
            report = self.restore()
            self.held = ()
            self._dismiss_keeper()
        measures = {**clipboard, **report.measures}
        restored = report.restored and all(outcome in (PUT_BACK, HELD_NO_TEXT) for outcome in clipboard.values())
        return RestoreReport(restored, measures)

    def restore(self) -> RestoreReport:
        """Puts back what stands in the undo log, whoever wrote it there."""
        return restore(self._log.path, tuple(self._settings.values()), self._log.disk)

    def verify(self) -> tuple[str, ...]:
        """Names of measures that no longer hold."""
        return tuple(name for name in self.held if not self._still_holds(name))

    def hold_again(self, name: str) -> None:
        """For `upkeep`. The old value is in the undo log already. Raises LockdownError."""
        setting = self._settings[name]
        with self._changing:
            if self._is_on:
                hold(setting, setting.read())

    @property
    def keeper_alive(self) -> bool:
        return self._keeper is not None and self._keeper.alive

    def start_keeper(self) -> None:
        """Also for `upkeep`, after a keeper died. Raises LockdownError."""
        with self._changing:
            if not self._is_on:
                return
            self._dismiss_keeper()
            self._keeper = self._spawn_keeper()
            if self._clipboard_text is not None:
                self._keeper.keep_clipboard(self._clipboard_text)

    def _dismiss_keeper(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.done()

    def _perform(self, step: Step) -> None:
        if step.act is Act.START_KEEPER:
            self.start_keeper()
        elif step.act is Act.HOLD_SETTING:
            self._hold(self._settings[step.name])
        else:
            self._isolate_clipboard()

    def _hold(self, setting: SettingPort) -> None:
        try:
            old = setting.read()
        except Exception as error:
            raise LockdownError("measure_failed", f"The setting “{setting.name}” could not be read.") from error
        self._log.note(Entry(setting.name, old))
        hold(setting, old)
        self.held = (*self.held, setting.name)

    def _still_holds(self, name: str) -> bool:
        try:
            return holds(self._settings[name])
        except Exception:
            return False  # what cannot be read is not known to hold

    def _isolate_clipboard(self) -> None:
        assert not isinstance(self._clipboard, Unsupported)
        self._clipboard_text = self._clipboard.read_text()
        if self._clipboard_text is not None and self._keeper is not None:
            self._keeper.keep_clipboard(self._clipboard_text)
        self._free_clipboard = self._clipboard.isolate(self._on_clipboard)

    def _release_clipboard(self) -> dict[str, str]:
        if self._free_clipboard is None or isinstance(self._clipboard, Unsupported):
            return {}
        free, text = self._free_clipboard, self._clipboard_text
        self._free_clipboard = self._clipboard_text = None
        try:
            free()
            if text is not None:
                self._clipboard.put_back(text)
        except Exception as error:
            return {"clipboard": f"could not be put back: {error}"}
        return {"clipboard": PUT_BACK if text is not None else HELD_NO_TEXT}
