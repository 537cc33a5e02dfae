"""One active event tap on a thread with a run loop of its own: every key press of the session passes through here.

A combination of the table ends here, everything else goes on untouched and unread. The system switches a tap off that
answers late or that somebody asked it to; it is switched on again at once. Used by `keys`.
"""

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

from candidate_agent.platforms.macos.combinations import combination, needs_letter
from candidate_agent.platforms.macos.door import pool, tell_fault
from candidate_agent.platforms.ports import CombinationPressed

START_S = 2.0
JOIN_S = 2.0
BY_PRIVATE_SOURCE = -1  # kCGEventSourceStatePrivate
LONGEST_TYPED = 4


class Presses:
    """What passed since it was asked last. Counts only."""

    def __init__(self, emit: Callable[[CombinationPressed], None]) -> None:
        self._emit = emit
        self._lock = threading.Lock()
        self._pressed = 0
        self._injected = 0

    def take(self) -> tuple[int, int]:
        """Pressed, and how many of them by programs."""
        with self._lock:
            counted = self._pressed, self._injected
            self._pressed = self._injected = 0
        return counted

    def passes(self, code: int, flags: int, typed: str, *, injected: bool, repeated: bool) -> bool:
        """Whether the press may go on to the program in front."""
        if not repeated:
            with self._lock:
                self._pressed += 1
                self._injected += injected
        known = combination(code, flags, typed)
        if known is not None and not repeated:
            self._emit(CombinationPressed(known.name, injected))
        return known is None or not known.kept_in


def by_program(source_pid: int, source_state: int) -> bool:
    """Whether an event was posted: keyboards have no process, and their own state of the keys."""
    return source_pid != 0 or source_state == BY_PRIVATE_SOURCE


def hidden_by(session: Mapping[str, Any] | None) -> int:
    """The process that has the system show keys to no tap, as for a password; 0 for none. `session`: of
    CGSessionCopyCurrentDictionary."""
    return int((session or {}).get("kCGSSessionSecureInputPID", 0))


class EventTap:
    def __init__(self, presses: Presses) -> None:
        self._presses = presses
        self._tap: Any = None
        self._loop: Any = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)

    def start(self) -> None:
        """Without the permissions there is no tap: `on` tells."""
        self._thread.start()
        self._started.wait(START_S)

    def on(self) -> bool:
        """Whether keys come by here: also not while another program hides them. Our own page may, for a password."""
        import Quartz

        tap = self._tap
        if tap is None or not Quartz.CGEventTapIsEnabled(tap):
            return False
        return hidden_by(Quartz.CGSessionCopyCurrentDictionary()) in (0, os.getpid())

    def switch_on(self) -> None:
        import Quartz

        if self._tap is not None:
            Quartz.CGEventTapEnable(self._tap, True)

    def end(self) -> None:
        import Quartz

        loop, self._loop = self._loop, None
        if loop is not None:
            Quartz.CFRunLoopStop(loop)
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        import Quartz

        with pool():
            tap = Quartz.CGEventTapCreate(
                Quartz.kCGSessionEventTap,
                Quartz.kCGHeadInsertEventTap,
                Quartz.kCGEventTapOptionDefault,
                Quartz.CGEventMaskBit(Quartz.kCGEventKeyDown),
                self._arrived,
                None,
            )
            if tap is None:
                self._started.set()
                return
            source = Quartz.CFMachPortCreateRunLoopSource(None, tap, 0)
            self._loop = Quartz.CFRunLoopGetCurrent()
            Quartz.CFRunLoopAddSource(self._loop, source, Quartz.kCFRunLoopCommonModes)
            Quartz.CGEventTapEnable(tap, True)
            self._tap = tap
            self._started.set()
            Quartz.CFRunLoopRun()
            self._tap = None
            Quartz.CGEventTapEnable(tap, False)
            Quartz.CFMachPortInvalidate(tap)

    def _arrived(self, _proxy: Any, kind: int, event: Any, _info: Any) -> Any:
        """The event, or None to end it here. An error lets it pass: a person must always be able to type."""
        import Quartz

        if kind in (Quartz.kCGEventTapDisabledByTimeout, Quartz.kCGEventTapDisabledByUserInput):
            self.switch_on()
            return event
        if kind != Quartz.kCGEventKeyDown:
            return event
        try:
            return event if self._passes(event) else None
        except Exception as error:
            tell_fault(error)
            return event

    def _passes(self, event: Any) -> bool:
        import Quartz

        def field(name: int) -> int:
            return int(Quartz.CGEventGetIntegerValueField(event, name))

        code, flags = field(Quartz.kCGKeyboardEventKeycode), int(Quartz.CGEventGetFlags(event))
        typed = ""
        if needs_letter(code, flags):
            _, typed = Quartz.CGEventKeyboardGetUnicodeString(event, LONGEST_TYPED, None, None)
        return self._presses.passes(
            code,
            flags,
            str(typed),
            injected=by_program(field(Quartz.kCGEventSourceUnixProcessID), field(Quartz.kCGEventSourceStateID)),
            repeated=bool(field(Quartz.kCGKeyboardEventAutorepeat)),
        )
