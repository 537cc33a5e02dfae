"""AppKit's presentation options: no Dock, no menu bar, no switching, no Force Quit while our window is in front.

They belong to this process and end with it, whatever it dies of: nothing for the undo log. Set on the main thread,
looked at again by `keys` once a second, because toolkits set options of their own when a window becomes fullscreen.
"""

import contextlib

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import on_main_thread

AUTO_HIDE_DOCK, HIDE_DOCK, AUTO_HIDE_MENU_BAR, HIDE_MENU_BAR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
NO_APPLE_MENU, NO_SWITCHING, NO_FORCE_QUIT, NO_SESSION_END, NO_HIDING = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8
FULL_SCREEN, AUTO_HIDE_TOOLBAR = 1 << 10, 1 << 11

KIOSK = HIDE_DOCK | HIDE_MENU_BAR | NO_APPLE_MENU | NO_SWITCHING | NO_FORCE_QUIT | NO_SESSION_END | NO_HIDING


def wanted(now: int) -> int:
    """Options to set, given those of this moment: AppKit says by itself whether a window fills the screen."""
    return KIOSK | (now & (FULL_SCREEN | AUTO_HIDE_TOOLBAR))


def is_allowed(options: int) -> bool:
    """AppKit's rules on what goes together; it raises an exception for anything else."""
    dock, menu_bar = options & (AUTO_HIDE_DOCK | HIDE_DOCK), options & (AUTO_HIDE_MENU_BAR | HIDE_MENU_BAR)
    contradicts = dock == AUTO_HIDE_DOCK | HIDE_DOCK or menu_bar == AUTO_HIDE_MENU_BAR | HIDE_MENU_BAR
    lacks_dock = bool(options & HIDE_MENU_BAR) and not options & HIDE_DOCK
    lacks_any = bool(options & (NO_SWITCHING | NO_FORCE_QUIT | NO_SESSION_END | AUTO_HIDE_MENU_BAR)) and not dock
    lacks_full_screen = bool(options & AUTO_HIDE_TOOLBAR) and not options & FULL_SCREEN
    return not (contradicts or lacks_dock or lacks_any or lacks_full_screen)


class Kiosk:
    def __init__(self) -> None:
        self._before: int | None = None

    def begin(self) -> None:
        def act() -> int:
            from AppKit import NSApplication

            return int(NSApplication.sharedApplication().presentationOptions())

        if self._before is None:
            self._before = on_main_thread(act)
        self.hold()

    def hold(self) -> None:
        """Sets what somebody changed; nothing where all is as it should be, or where `begin` was not called."""
        if self._before is not None:
            on_main_thread(_hold)

    def held(self) -> bool:
        return self._before is not None and on_main_thread(_held)

    def end(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            with contextlib.suppress(PlatformError):  # a busy window does it when it answers again
                on_main_thread(lambda: _release(before))


def _hold() -> None:
    from AppKit import NSApplication

    application = NSApplication.sharedApplication()
    now = int(application.presentationOptions())
    if now != wanted(now):
        application.setPresentationOptions_(wanted(now))


def _held() -> bool:
    from AppKit import NSApplication

    now = int(NSApplication.sharedApplication().presentationOptions())
    return now == wanted(now)


def _release(before: int) -> None:
    """What was before, but with the full screen of now: the window may have changed meanwhile."""
    from AppKit import NSApplication

    application = NSApplication.sharedApplication()
    full_screen = int(application.presentationOptions()) & FULL_SCREEN
    options = (before & ~(FULL_SCREEN | AUTO_HIDE_TOOLBAR)) | full_screen
    application.setPresentationOptions_(options if is_allowed(options) else 0)
