"""The keyboard during the exam, by a low-level hook: what leaves the exam is swallowed and told by name, typing passes.

Windows takes a hook away without a word when it once answered too late, so it is set anew every second; that also keeps
it in front of hooks that other programs set later. Ctrl+Alt+Del and Windows+L belong to Windows and reach no hook.
"""

import ctypes
import time
from collections.abc import Callable
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Closer, CombinationPressed, KeyEvent, KeysCounted
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.combinations import (
    LEFT_WINDOWS,
    MODIFIERS,
    PASS,
    RIGHT_ALT,
    RIGHT_WINDOWS,
    Held,
    verdict,
)
from candidate_agent.platforms.windows.message_thread import Watching, start
from candidate_agent.platforms.windows.sent_keys import OURS
from candidate_agent.platforms.windows.structures import HookProcedure, KeyboardHookEvent, WinEventProcedure

TICK_MS = 1000
FRESH_S = 3.0  # how long a hook counts as set
STUCK_S = 3.0  # how long a Windows key counts as down after its last sign: its release may go to the secure desktop
_SHIFT, _CONTROL, _ALT = 0x10, 0x11, 0x12
_DOWN = 0x8000
_FLAG_INJECTED, _FLAG_UP = 0x10, 0x80
_DESKTOP_SWITCHED = 0x0020
_SWALLOWED = 1


class WindowsKeys:
    def __init__(self) -> None:
        self._in_force: list[_Hook] = []

    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        """Raises PlatformError `unsupported`."""
        hook = _Hook(emit)
        end_thread = start(
            Watching("keys", prepare=hook.prepare, tick=hook.tick, tick_ms=TICK_MS, cleanup=hook.cleanup)
        )
        self._in_force.append(hook)

        def end() -> None:
            self._in_force = [other for other in self._in_force if other is not hook]
            end_thread()

        return end

    def held(self) -> bool:
        return any(hook.is_set for hook in self._in_force)


class _Hook:
    """Everything here runs on the watch's thread, which Windows waits for at every key: nothing may take time."""

    def __init__(self, emit: Callable[[KeyEvent], None]) -> None:
        self._emit = emit
        self._procedure = HookProcedure(self._key)  # kept: Windows holds no reference of its own
        self._desktop_procedure = WinEventProcedure(self._desktop_switched)
        self._hook: int | None = None
        self._earlier: int | None = None
        self._passing_on: tuple[int, ...] = ()
        self._set_at_s = 0.0
        self._desktop_hook: int | None = None
        self._down: set[int] = set()
        self._swallowed: set[int] = set()
        self._windows_until_s = 0.0
        self._pressed = self._injected = 0
        self._counted_since_s = time.monotonic()

    @property
    def is_set(self) -> bool:
        """Not when the thread stands still: Windows passes keys on after a moment."""
        return self._hook is not None and time.monotonic() - self._set_at_s < FRESH_S

    def prepare(self, window: int) -> None:
        del window
        self._set()
        if self._hook is None:
            raise PlatformError("unsupported", f"Windows did not let us hold the keyboard ({api.last_error()}).")
        self._desktop_hook = api.set_event_hook(
            _DESKTOP_SWITCHED, _DESKTOP_SWITCHED, None, self._desktop_procedure, 0, 0, 0
        )

    def cleanup(self, window: int) -> None:
        del window
        hooks, self._hook, self._earlier = (self._hook, self._earlier), None, None
        for hook in hooks:
            if hook:
                api.unhook(hook)
        if self._desktop_hook:
            api.unhook_event(self._desktop_hook)

    def tick(self) -> None:
        self._set()
        now_s = time.monotonic()
        pressed, injected, since_s = self._pressed, self._injected, self._counted_since_s
        self._pressed, self._injected, self._counted_since_s = 0, 0, now_s
        if pressed:
            self._emit(KeysCounted(pressed, injected, round((now_s - since_s) * 1000)))

    def _set(self) -> None:
        """The one before stays for a period: a key may be on its way to it, and would pass if it were gone."""
        oldest, self._earlier = self._earlier, self._hook
        self._hook = api.set_hook(api.WH_KEYBOARD_LL, self._procedure, api.module_handle(None), 0)
        self._set_at_s = time.monotonic()
        if oldest:
            api.unhook(oldest)

    def _desktop_switched(self, *_: Any) -> None:
        """What is let go on another desktop (lock screen, Ctrl+Alt+Del) is not seen here."""
        self._down.clear()
        self._swallowed.clear()
        self._windows_until_s = 0.0

    def _key(self, code: int, message: int, place: int) -> int:
        outer = self._passing_on
        if code == 0:
            event = ctypes.cast(place, ctypes.POINTER(KeyboardHookEvent)).contents
            same = (message, event.key, event.scan, event.flags, event.time, event.extra)
            is_seen = event.extra == OURS or same == outer
            if not is_seen and self._is_swallowed(event.key, event.flags):
                return _SWALLOWED
            self._passing_on = same  # our own earlier hook is the next one: called from in here, it counts no key again
        try:
            return int(api.call_next_hook(None, code, message, place))
        finally:
            self._passing_on = outer

    def _is_swallowed(self, key: int, flags: int) -> bool:
        if flags & _FLAG_UP:
            self._down.discard(key)
            if key in (LEFT_WINDOWS, RIGHT_WINDOWS):
                self._windows_until_s = 0.0
            if key not in self._swallowed:
                return False
            self._swallowed.discard(key)
            return True
        is_repeated, injected = key in self._down, bool(flags & _FLAG_INJECTED)
        self._down.add(key)
        if not is_repeated:
            self._pressed += 1
            self._injected += injected
        return self._judge(key, injected, is_repeated)

    def _judge(self, key: int, injected: bool, is_repeated: bool) -> bool:
        found = PASS if key in MODIFIERS else verdict(key, self._held())
        if key in (LEFT_WINDOWS, RIGHT_WINDOWS):
            self._windows_until_s = time.monotonic() + STUCK_S
        if found.name and not is_repeated:
            self._emit(CombinationPressed(found.name, injected))
        if found.swallow:
            self._swallowed.add(key)
        return found.swallow

    def _held(self) -> Held:
        ctrl, right_alt = _is_down(_CONTROL), _is_down(RIGHT_ALT)
        return Held(
            ctrl=ctrl,
            alt=_is_down(_ALT),
            shift=_is_down(_SHIFT),
            windows=time.monotonic() < self._windows_until_s,
            alt_gr=ctrl and right_alt,
        )


def _is_down(key: int) -> bool:
    return bool(api.key_state(key) & _DOWN)
