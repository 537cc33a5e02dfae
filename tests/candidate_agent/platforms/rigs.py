"""Two machines behind one set of verbs: the simulated one and a real X server, so that one suite tests both."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from candidate_agent.platforms.ports import Devices, Platform, Process, Unsupported, Window
from candidate_agent.platforms.simulated.machine import Machine
from tests.rig.xserver import XServer, window

NO = Unsupported("not under test")


class Rig(Protocol):
    platform: Platform

    def plug_display(self, *, mirror: bool = False) -> None: ...

    def unplug_display(self) -> None: ...

    def press(self, combination: str) -> None: ...

    def copy(self, text: str) -> None: ...

    def our_window(self) -> contextlib.AbstractContextManager[int]: ...

    def other_window(self) -> contextlib.AbstractContextManager[int]: ...

    def program(self, name: str) -> contextlib.AbstractContextManager[None]: ...


class SimulatedRig:
    def __init__(self) -> None:
        self.machine = Machine(development=True)
        self.platform = self.machine.platform()
        self.plug_display = self.machine.plug_display
        self.unplug_display = self.machine.unplug_display
        self.press = self.machine.press
        self.copy = self.machine.copy

    @contextmanager
    def our_window(self) -> Iterator[int]:
        self.machine.our_window_id = 1
        with self._window(Window(1, os.getpid(), 50, 50, 400, 300)) as number:
            yield number

    @contextmanager
    def other_window(self) -> Iterator[int]:
        with self._window(Window(2, 4242, 50, 50, 400, 300)) as number:
            yield number

    @contextmanager
    def _window(self, opened: Window) -> Iterator[int]:
        self.machine.open_window(opened)
        yield opened.id
        self.machine.close_window(opened.id)

    @contextmanager
    def program(self, name: str) -> Iterator[None]:
        process: Process = self.machine.start_process(name)
        yield
        self.machine.running.remove(process)


class RealRig:
    def __init__(self, server: XServer) -> None:
        from candidate_agent.platforms.linux import backend  # there is no X library on Windows

        self.server = server
        self.platform = backend.platform(Devices(NO, NO, NO), server.display)
        self.plug_display: Callable[..., None] = server.plug_display
        self.unplug_display = server.unplug_display

    def press(self, combination: str) -> None:
        *held, key = combination.split("+")
        parts = [name.lower() for name in held] + [key.lower() if len(key) == 1 else key]
        self.server.run("xdotool", "key", "+".join(parts))

    def copy(self, text: str) -> None:
        environment = self.server.environment()
        command = ["xclip", "-selection", "clipboard"]
        quiet = subprocess.DEVNULL
        subprocess.run(
            command, input=text.encode(), env=environment, stdout=quiet, stderr=quiet, timeout=10, check=True
        )

    @contextmanager
    def our_window(self) -> Iterator[int]:
        with window(self.server, title="ours") as number:
            yield number

    @contextmanager
    def other_window(self) -> Iterator[int]:
        with window(self.server, title="other") as number:
            yield number

    @contextmanager
    def program(self, name: str) -> Iterator[None]:
        """A program of that name: a copy of `sleep`."""
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / name
            shutil.copy(str(shutil.which("sleep")), path)
            process = subprocess.Popen([str(path), "60"])
            try:
                yield
            finally:
                process.kill()
                process.wait()
