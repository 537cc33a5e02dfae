"""Who ends together with the agent, and who outlives it. Called by `platforms.select` and `platforms.keeper_process`.

The agent puts itself into a job that ends with its last handle: whatever ends the agent, Windows ends what it started
(the browser's processes). The keeper is started outside of every job that lets it go, without a console that could take
it along.
"""

import ctypes
import subprocess
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.structures import JobLimits

BREAKAWAY = 0x01000000
OUTLIVES = 0x00000008 | 0x00000200  # without a console, in a process group of its own
_KILL_ON_CLOSE, _BREAKAWAY_OK = 0x2000, 0x0800
_EXTENDED_LIMITS = 9


def end_children_with_us() -> int:
    """A handle that must stay open as long as this process lives. Raises PlatformError `unsupported`."""
    job = api.create_job(None, None)
    limits = JobLimits(flags=_KILL_ON_CLOSE | _BREAKAWAY_OK)
    if not (
        job
        and api.set_job_limits(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        and api.assign_to_job(job, api.current_process())
    ):
        raise PlatformError("unsupported", f"Windows did not keep our processes together ({api.last_error()}).")
    return int(job)


def start_outliving(command: list[str], **streams: Any) -> "subprocess.Popen[bytes]":
    """A process that does not end with us. Raises OSError. A job around the agent that lets nothing go (some remote
    desktops) keeps it: the restore at login is what then remains when that job ends."""
    try:
        return subprocess.Popen(command, creationflags=OUTLIVES | BREAKAWAY, **streams)  # noqa: S603 - our own module
    except PermissionError:
        return subprocess.Popen(command, creationflags=OUTLIVES, **streams)  # noqa: S603 - our own module
