"""Hides a window of this process from every recording: left out where Windows can (10 2004 and later), else black."""

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.windows import api, tree


class WindowsCaptureExclusion:
    def exclude(self, window_id: int, excluded: bool) -> None:
        """Believes what Windows answers afterwards, not that it took the order. Raises PlatformError
        `capture_exclusion`."""
        ways = (api.WDA_EXCLUDEFROMCAPTURE, api.WDA_MONITOR) if excluded else (api.WDA_NONE,)
        if not any(_set(window_id, way) for way in ways):
            text = "Windows did not hide the window from recordings." if excluded else "The window stayed hidden."
            raise PlatformError("capture_exclusion", text)


def _set(window: int, way: int) -> bool:
    return bool(api.set_window_affinity(window, way)) and tree.affinity(window) == way
