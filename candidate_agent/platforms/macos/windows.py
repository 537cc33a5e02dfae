"""Windows by the window server's list: who is in front, what lies over the exam, and the way back to the front.

The list has no events: it is looked at four times a second, and at once when NSWorkspace tells that another program
became active. Taking the front back works for windows of this process alone, which ours is.
"""

import os
from collections.abc import Callable
from typing import Any

from candidate_agent.platforms.macos import own_windows, window_list
from candidate_agent.platforms.macos.displays import MacDisplays
from candidate_agent.platforms.macos.door import closing, notified, on_main_thread, pool
from candidate_agent.platforms.macos.processes import executable_of
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.macos.window_list import Sight
from candidate_agent.platforms.ports import Closer, Window, WindowEvent

PERIOD_S = 0.25


class MacWindows:
    def __init__(self) -> None:
        self._names = own_windows.Names()

    def windows(self) -> tuple[Window, ...]:
        with pool():
            return self._sight().windows

    def active(self) -> Window | None:
        with pool():
            return self._sight().active

    def bring_to_front(self, window_id: int) -> None:
        on_main_thread(lambda: _show(own_windows.find(window_id)))

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer:
        from AppKit import NSWorkspaceActiveSpaceDidChangeNotification, NSWorkspaceDidActivateApplicationNotification

        looks = [self._sight()]

        def look() -> None:
            now, first = self._sight(), len(looks) == 1
            events = window_list.changes(looks[-1], now, our_window_id, os.getpid(), first=first)
            looks[1:] = [now]
            for event in events:
                emit(event)

        pulse = Pulse("windows", PERIOD_S, look).start()
        names = (NSWorkspaceDidActivateApplicationNotification, NSWorkspaceActiveSpaceDidChangeNotification)
        ended = closing(notified(names, lambda _note: pulse.soon()), pulse.end)
        pulse.soon()
        return ended

    def _sight(self) -> Sight:
        import Quartz
        from AppKit import NSWorkspace

        wanted = Quartz.kCGWindowListOptionOnScreenOnly | Quartz.kCGWindowListExcludeDesktopElements
        told = Quartz.CGWindowListCopyWindowInfo(wanted, Quartz.kCGNullWindowID) or ()
        displays = [(display.x, display.y, display.width, display.height) for display in MacDisplays().displays()]
        seen = window_list.visible(told, displays, executable_of).windows
        windows = own_windows.renamed(seen, os.getpid(), self._names)
        front = NSWorkspace.sharedWorkspace().frontmostApplication()
        pid = int(front.processIdentifier()) if front is not None else 0
        return Sight(windows, window_list.active_of(windows, pid))


def _show(window: Any | None) -> None:
    from AppKit import NSApplication, NSApplicationActivateIgnoringOtherApps, NSRunningApplication

    application = NSApplication.sharedApplication()
    application.unhide_(None)
    application.activateIgnoringOtherApps_(True)
    NSRunningApplication.currentApplication().activateWithOptions_(NSApplicationActivateIgnoringOtherApps)
    if window is None:
        return
    if window.isMiniaturized():
        window.deminiaturize_(None)
    window.makeKeyAndOrderFront_(None)
    window.orderFrontRegardless()
    if not _fills_screen(window):
        window.toggleFullScreen_(None)


def _fills_screen(window: Any) -> bool:
    from AppKit import NSWindowStyleMaskFullScreen

    screen = window.screen()
    frame, whole = window.frame(), screen.frame() if screen is not None else None
    return bool(window.styleMask() & NSWindowStyleMaskFullScreen) or (whole is not None and frame == whole)
