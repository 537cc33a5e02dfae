"""Windows by the system's own list: who is in front, what lies over the exam. Told by WinEvents, and by a look five
times a second for what no event tells."""

import os
from collections.abc import Callable
from typing import Any

from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    Closer,
    OurWindowChanged,
    Window,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)
from candidate_agent.platforms.windows import api, tree
from candidate_agent.platforms.windows.message_thread import Watching, start
from candidate_agent.platforms.windows.sent_keys import tap_alt
from candidate_agent.platforms.windows.structures import WinEventProcedure

TICK_MS = 200
_OBJECT_IS_WINDOW = 0
_FOREGROUND = 0x0003
_EVENTS = (
    (_FOREGROUND, _FOREGROUND),
    (0x0016, 0x0017),  # minimized, and back
    (0x8002, 0x8004),  # shown, hidden, order changed
    (0x800B, 0x800B),  # place or size changed; the mouse pointer's moves come here too and are dropped at once
    (0x8017, 0x8018),  # cloaked, and back
)
_LOOK = 0x8001  # a message of our own: one look for a whole burst of events


class WindowsWindows:
    def windows(self) -> tuple[Window, ...]:
        found = (tree.describe(window) for window in tree.seen_windows())
        return tuple(window for window in found if window is not None)

    def active(self) -> Window | None:
        window = tree.active_window()
        return tree.describe(window) if window else None

    def bring_to_front(self, window_id: int) -> None:
        """The window belongs to this process; its own thread is not waited for. Windows lets a program take the front
        only after input of its own, or together with the thread that has it: both are tried."""
        if api.is_iconic(window_id):
            api.show_window_later(window_id, api.SW_RESTORE)
        _fill_monitor(window_id)
        if tree.active_window() != window_id:
            _with_input_of_the_front(lambda: api.set_foreground(window_id))
        if tree.active_window() != window_id:
            tap_alt()
            api.set_foreground(window_id)

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer:
        observer = _Observer(our_window_id, emit)
        return start(
            Watching(
                "windows",
                prepare=observer.prepare,
                hears=(_LOOK,),
                handle=observer.look,
                tick=observer.look,
                tick_ms=TICK_MS,
                cleanup=observer.cleanup,
            )
        )


def _fill_monitor(window: int) -> None:
    box, whole = tree.box_of(window), tree.monitor_box(window)
    stays = api.SWP_NOMOVE | api.SWP_NOSIZE if box is not None and tree.covers(box, whole) else 0
    api.set_window_place(window, api.HWND_TOPMOST, *whole, api.SWP_SHOWWINDOW | api.SWP_ASYNCWINDOWPOS | stays)


def _with_input_of_the_front(take: Callable[[], object]) -> None:
    """A program that does not answer would take us along, so its thread is left alone."""
    front = api.foreground_window()
    ours = api.current_thread()
    theirs = api.window_process(front, None) if front and not api.is_hung(front) else 0
    joined = bool(theirs and theirs != ours and api.attach_input(ours, theirs, True))
    try:
        take()
    finally:
        if joined:
            api.attach_input(ours, theirs, False)


class _Observer:
    """Remembers what was told last, so that only changes are told."""

    def __init__(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> None:
        self._ours = our_window_id
        self._emit = emit
        self._procedure = WinEventProcedure(self._event)  # kept: Windows holds no reference of its own
        self._hooks: list[int] = []
        self._window = 0
        self._look_is_due = False
        self._active = 0
        self._seen: frozenset[int] = frozenset()
        self._our_state: Window | None = None
        self._over: dict[int, float] = {}

    def prepare(self, window: int) -> None:
        self._window = window
        self._active = tree.active_window()
        self._seen = frozenset(tree.seen_windows())
        self._our_state = self._our_window()
        hooks = (api.set_event_hook(first, last, None, self._procedure, 0, 0, 0) for first, last in _EVENTS)
        self._hooks = [hook for hook in hooks if hook]

    def cleanup(self, window: int) -> None:
        del window
        for hook in self._hooks:
            api.unhook_event(hook)

    def look(self, *_: int) -> None:
        self._look_is_due = False
        seen = tree.seen_windows()
        self._tell_active()
        self._tell_ours()
        self._tell_opened(frozenset(seen))
        self._tell_over(seen)

    def _event(self, _hook: Any, _event: int, window: Any, what: int, _child: int, _thread: int, _time: int) -> None:
        if what == _OBJECT_IS_WINDOW and window and not self._look_is_due:
            self._look_is_due = True
            api.post_message(self._window, _LOOK, 0, 0)

    def _tell_active(self) -> None:
        window = tree.active_window()
        if window != self._active:
            self._active = window
            described = tree.describe(window) if window else None
            self._emit(ActiveWindowChanged(described, described is not None and self._is_ours(described)))

    def _tell_ours(self) -> None:
        state = self._our_window()
        if state != self._our_state:
            self._our_state = state
            self._emit(OurWindowChanged(state))

    def _our_window(self) -> Window | None:
        return tree.describe(self._ours) if api.is_window(self._ours) and tree.is_seen(self._ours) else None

    def _tell_opened(self, seen: frozenset[int]) -> None:
        opened, self._seen = seen - self._seen, seen
        for window in opened:
            described = tree.describe(window)
            if described is not None and described.pid not in (0, os.getpid()):
                self._emit(WindowOpened(described))

    def _tell_over(self, seen: list[int]) -> None:
        over = {}
        for window, share in self._windows_over(seen):
            over[window.id] = share
            if self._over.get(window.id) != share:
                self._emit(WindowOverOurs(window, share))
        self._over = over

    def _windows_over(self, seen: list[int]) -> list[tuple[Window, float]]:
        ours = tree.box_of(self._ours)
        if ours is None or self._ours not in seen:
            return []
        described = (tree.describe(window) for window in seen[seen.index(self._ours) + 1 :])
        found = [(window, self._share(ours, window)) for window in described if window is not None]
        return [(window, share) for window, share in found if share > 0 and not self._is_ours(window)]

    def _share(self, ours: tree.Box, window: Window) -> float:
        return tree.covered_share(ours, (window.x, window.y, window.width, window.height))

    def _is_ours(self, window: Window) -> bool:
        return window.id == self._ours or window.pid == os.getpid()
