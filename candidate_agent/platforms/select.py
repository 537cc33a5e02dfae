"""Picks the backend of the system this runs on. Seen by `app` and `keeper` alone.

The keeper asks for `settings` and `clipboard` only, so that giving the computer back needs no camera library.
"""

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import (
    ClipboardPort,
    Devices,
    LetterPort,
    Platform,
    SettingPort,
    SystemPort,
    Unsupported,
)

SIMULATION_WORD = "CANDIDATE_AGENT_DEVELOPMENT"
"""Set to "simulated" in the environment of developers: the only way to the simulated machine."""

_BACKENDS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


def load(restore_arguments: tuple[str, ...] = ()) -> Platform:
    """Everything this system offers. Raises PlatformError `unsupported` on a system without a backend.

    `restore_arguments` go to `candidate-agent restore` at the next login, so that it finds the same undo log.
    """
    if os.environ.get(SIMULATION_WORD) == "simulated":
        return simulated()
    loaded: Platform = _backend().platform(_devices(), restore_arguments=restore_arguments)
    return loaded


def simulated() -> Platform:
    from candidate_agent.platforms.simulated.machine import Machine

    return Machine(development=True).platform()


def system() -> SystemPort:
    """Alone, for what must be known before there is a window: quicker to load than all the rest."""
    if os.environ.get(SIMULATION_WORD) == "simulated":
        return simulated().system
    found: SystemPort = _backend().system()
    return found


def settings(restore_arguments: tuple[str, ...] = ()) -> tuple[SettingPort, ...]:
    found: tuple[SettingPort, ...] = _backend().settings(restore_arguments=restore_arguments)
    return found


def clipboard() -> ClipboardPort | Unsupported:
    found: ClipboardPort | Unsupported = _backend().clipboard()
    return found


def letters() -> LetterPort | Unsupported:
    """What reads a document's machine-readable zone, on any system."""
    from candidate_agent.platforms.portable.letters import letter_port

    return letter_port()


def end_children_with_us() -> bool:
    """What this process starts from now on ends with it, whatever ends it; the keeper is started outside of that.
    Asked of Windows only: elsewhere the browser's processes end with the pipe to us. False: Windows refused."""
    if sys.platform == "win32":
        from candidate_agent.platforms.windows import jobs

        try:
            jobs.end_children_with_us()
        except PlatformError:
            return False
    return True


def leave_when_display_ends(leave: Callable[[], int]) -> None:
    """Where the window's library would end the process when its connection ends. `leave`: any thread; exit status."""
    if sys.platform == "linux":
        from candidate_agent.platforms.linux.broken_display import leave_first

        leave_first(leave)


def desktop_answers() -> bool:
    """Whether a window can be shown at all."""
    if sys.platform != "linux":
        return True
    from candidate_agent.platforms.linux.connection import connected

    try:
        with connected(None):
            return True
    except PlatformError:
        return False


def _backend() -> Any:
    name = _BACKENDS.get(sys.platform)
    if name is None:
        raise PlatformError("unsupported", f"This program does not run on {sys.platform}.")
    return importlib.import_module(f"candidate_agent.platforms.{name}.backend")


def _devices() -> Devices:
    """Pictures and sound; where their libraries cannot be loaded, the reason stands in their place."""
    try:
        portable = importlib.import_module("candidate_agent.platforms.portable.devices")
    except (ImportError, OSError) as error:
        missing = Unsupported(f"A library for pictures and sound cannot be loaded: {error}", "library")
        return Devices(missing, missing, missing)
    microphones, speakers = portable.sound_ports()
    return Devices(portable.screen_port(), portable.camera_port(), microphones, speakers)
