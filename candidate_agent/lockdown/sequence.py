"""Changes the computer for the exam and gives it back. Built by `app`, told by `driver`.

Per setting: read the old value, note it in the undo log (on the disk), change, look whether it holds. Whatever fails,
what was changed before is put back. What was on the clipboard is kept in memory alone: here and in the keeper.
Upkeep looks on a thread of its own: one lock keeps it from changing anything once giving back has begun.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from candidate_agent.base.errors import LockdownError
from candidate_agent.lockdown.measures.grips import Grip
from candidate_agent.lockdown.measures.settings import PUT_BACK, hold, holds
from candidate_agent.lockdown.plan import Act, Step, plan
from candidate_agent.lockdown.restore import RestoreReport, restore
from candidate_agent.lockdown.undo_log import Entry, UndoLog
from candidate_agent.platforms.ports import (
    RESTORE_AT_LOGIN,
    ClipboardContent,
    ClipboardPort,
    ClipboardTaken,
    Closer,
    SettingPort,
    Unsupported,
)

HELD_NOTHING = "held nothing to put back"
CLIPBOARD = "clipboard"


class KeeperHandle(Protocol):
    """The second process that gives the computer back when this one dies."""

    @property
    def alive(self) -> bool: ...

    @property
    def woken(self) -> int:
        """How often it found this process stopped and told it to go on."""

    @property
    def traced(self) -> int:
        """How often it saw a debugger attach to this process."""

    def keep_clipboard(self, content: ClipboardContent) -> None: ...

    def keep_old(self, name: str, old: Any) -> None: ...

    def done(self) -> None: ...


class Lockdown:
    def __init__(
        self,
        settings: Sequence[SettingPort],
        clipboard: ClipboardPort | Unsupported,
        undo_log: UndoLog,
        spawn_keeper: Callable[[], KeeperHandle],
        on_clipboard: Callable[[ClipboardTaken], None] = lambda taken: None,
        grips: Sequence[Grip] = (),
    ) -> None:
        self._settings = {setting.name: setting for setting in settings}
        self._clipboard = clipboard
        self._log = undo_log
        self._spawn_keeper = spawn_keeper
        self._on_clipboard = on_clipboard
        self._keeper: KeeperHandle | None = None
        self._offered = {grip.name: grip for grip in grips}
        self._grips: dict[str, Closer] = {}  # those taken, newest last
        self._content: ClipboardContent = ()
        self._changing = threading.RLock()
        self._is_on = False  # from the first change until giving back begins
        self._old: dict[str, Any] = {}  # the candidate's own values
        self.held: tuple[str, ...] = ()

    def apply(self) -> None:
        """Gives back first what is held or was left behind.

        Raises LockdownError; the computer is then as it was before, or `restore` finds what is left in the log.
        """
        with self._changing:
            leftovers = self.revert()
            if not leftovers.restored:
                raise LockdownError("measure_failed", "What an earlier exam left behind could not be put back.")
            self._is_on = True
            try:
                for step in self._plan():
                    self._perform(step)
            except BaseException:
                self.revert()
                raise

    def revert(self) -> RestoreReport:
        """Newest first; one that fails never stops the rest. May be called twice."""
        with self._changing:
            self._is_on = False
            grips = self._release_clipboard() | self._let_go()
            report = self.restore()
            self.held = ()
            self._dismiss_keeper()
        restored = report.restored and all(outcome in (PUT_BACK, HELD_NOTHING) for outcome in grips.values())
        return RestoreReport(restored, grips | report.measures)

    def restore(self) -> RestoreReport:
        """Puts back what stands in the undo log, whoever wrote it there, and what was held and is missing in it."""
        remembered = tuple(Entry(name, self._old[name]) for name in self.held)
        return restore(self._log.path, tuple(self._settings.values()), self._log.disk, remembered)

    def verify(self) -> tuple[str, ...]:
        """Names of measures that no longer hold, or whose entry is gone from the undo log."""
        noted = {entry.setting for entry in self._log.leftovers().entries}
        unnoted = [name for name in self.held if name not in noted]
        return (*unnoted, *(n for n in (*self.held, *self._grips) if n not in unnoted and not self._still_holds(n)))

    def hold_again(self, name: str) -> None:
        """For `upkeep`. What slipped may have been restored by hand, and the undo log with it: then the old value is
        noted anew. Raises LockdownError."""
        with self._changing:
            if not self._is_on:
                return
            if name in self._grips:
                self._grips.pop(name)()
                self._grip(name)
                return
            self._hold_setting_again(self._settings[name])

    def _hold_setting_again(self, setting: SettingPort) -> None:
        with self._others_kept_off():
            if setting.name not in {entry.setting for entry in self._log.leftovers().entries}:
                self._log.note(Entry(setting.name, self._old[setting.name]))
            hold(setting, setting.read())

    @contextmanager
    def _others_kept_off(self) -> Iterator[None]:
        """A restore by somebody else between entry and change would leave a change without an entry."""
        with self._log.disk.locked(self._log.path) as kept_off:
            if not kept_off and self._log.path.parent.is_dir():
                raise LockdownError("undo_log_failed", "Another program keeps the undo log for itself.")
            yield

    @property
    def keeper_alive(self) -> bool:
        return self._keeper is not None and self._keeper.alive

    @property
    def woken(self) -> int:
        return 0 if self._keeper is None else self._keeper.woken

    @property
    def traced(self) -> int:
        return 0 if self._keeper is None else self._keeper.traced

    def start_keeper(self) -> None:
        """Also for `upkeep`, after a keeper died. Raises LockdownError."""
        with self._changing:
            if not self._is_on:
                return
            self._dismiss_keeper()
            self._keeper = self._spawn_keeper()
            for name in self.held:
                self._keeper.keep_old(name, self._old[name])
            if self._content:
                self._keeper.keep_clipboard(self._content)

    def _dismiss_keeper(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.done()

    def _plan(self) -> tuple[Step, ...]:
        return plan(
            tuple(self._settings),
            RESTORE_AT_LOGIN,
            clipboard=not isinstance(self._clipboard, Unsupported),
            grips=tuple(self._offered),
        )

    def _perform(self, step: Step) -> None:
        match step.act:
            case Act.START_KEEPER:
                self.start_keeper()
            case Act.HOLD_SETTING:
                self._hold(self._settings[step.name])
            case Act.TAKE_GRIP:
                self._grip(step.name)
            case Act.ISOLATE_CLIPBOARD:
                self._isolate_clipboard()

    def _hold(self, setting: SettingPort) -> None:
        with self._others_kept_off():
            old = self._read(setting)
            self._log.note(Entry(setting.name, old))
            self._old[setting.name] = old
            if self._keeper is not None:
                self._keeper.keep_old(setting.name, old)
            hold(setting, old)
        self.held = (*self.held, setting.name)

    def _read(self, setting: SettingPort) -> Any:
        try:
            return setting.read()
        except Exception as error:
            raise LockdownError("measure_failed", f"The setting “{setting.name}” could not be read.") from error

    def _still_holds(self, name: str) -> bool:
        try:
            return self._grip_holds(name) if name in self._grips else holds(self._settings[name])
        except Exception:
            return False  # what cannot be read is not known to hold

    def _grip(self, name: str) -> None:
        if name in self._offered:
            self._grips[name] = self._offered[name].take()
        elif not isinstance(self._clipboard, Unsupported):
            self._grips[name] = self._clipboard.isolate(self._on_clipboard)

    def _grip_holds(self, name: str) -> bool:
        if name in self._offered:
            return self._offered[name].holds()
        return not isinstance(self._clipboard, Unsupported) and self._clipboard.isolated()

    def _isolate_clipboard(self) -> None:
        assert not isinstance(self._clipboard, Unsupported)
        self._content = self._clipboard.read()
        if self._content and self._keeper is not None:
            self._keeper.keep_clipboard(self._content)
        self._grip(CLIPBOARD)

    def _let_go(self) -> dict[str, str]:
        """Newest first; one that does not let go stops no other."""
        outcomes = {}
        for name in reversed(tuple(self._grips)):
            try:
                self._grips.pop(name)()
                outcomes[name] = PUT_BACK
            except Exception as error:
                outcomes[name] = f"could not be put back: {error}"
        return outcomes

    def _release_clipboard(self) -> dict[str, str]:
        free, content = self._grips.pop(CLIPBOARD, None), self._content
        self._content = ()
        if free is None or isinstance(self._clipboard, Unsupported):
            return {}
        try:
            free()
            if content:
                self._clipboard.put_back(content)
        except Exception as error:
            return {CLIPBOARD: f"could not be put back: {error}"}
        return {CLIPBOARD: PUT_BACK if content else HELD_NOTHING}
