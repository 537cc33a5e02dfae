"""Hides our window from recordings by its sharing type. From macOS 15 on the system's newer way to record ignores it:
then this holds against older programs only, and `backend` says so.
"""

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import on_main_thread
from candidate_agent.platforms.macos.own_windows import find


class MacCaptureExclusion:
    def exclude(self, window_id: int, excluded: bool) -> None:
        """Raises PlatformError `capture_exclusion`."""
        if not on_main_thread(lambda: _set(window_id, excluded)):
            raise PlatformError("capture_exclusion", "The exam's window could not be hidden from recordings.")


def _set(window_id: int, excluded: bool) -> bool:
    from AppKit import NSWindowSharingNone, NSWindowSharingReadOnly

    window = find(window_id)
    if window is None:
        return False
    wanted = NSWindowSharingNone if excluded else NSWindowSharingReadOnly
    window.setSharingType_(wanted)
    return int(window.sharingType()) == int(wanted)
