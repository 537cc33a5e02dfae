"""Windows behind the verbs of `rigs.Rig`. Keys and displays come from outside of Wine (`tests.wine.desk`), windows and
copies from a second Windows process."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from candidate_agent.platforms.ports import Devices, Unsupported
from candidate_agent.platforms.windows import backend, tree
from candidate_agent.platforms.windows.displays import WindowsDisplays
from tests.candidate_agent.platforms.windows.shown import ShownWindow, shown
from tests.rig.xserver import wait_for

NO = Unsupported("not under test")
LOOKS_THE_SAME = 25  # each 10 ms after the one before
OTHER = [sys.executable, "-m", "tests.candidate_agent.platforms.windows.shown"]


class OtherProgram:
    """A second Windows process, with a window or without."""

    def __init__(self, *words: str, command: list[str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*(command or OTHER), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin and self.process.stdout
        self._in, self._out = self.process.stdin, self.process.stdout
        self.window = int(self._out.readline())

    def do(self, verb: str, given: object) -> None:
        self._in.write(json.dumps([verb, given]) + "\n")
        self._in.flush()
        assert self._out.readline() == "done\n"

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._in.close()
        self._out.close()


@contextmanager
def other_program(*words: str) -> Iterator[OtherProgram]:
    program = OtherProgram(*words)
    try:
        yield program
    finally:
        program.end()


class WindowsRig:
    def __init__(self) -> None:
        self.platform = backend.platform(Devices(NO, NO, NO), restore_arguments=("--config", "C:\\an exam"))
        self._closing = contextlib.ExitStack()
        self._desk = socket.create_connection(("127.0.0.1", int(os.environ["WINE_DESK"])))
        self._answers = self._desk.makefile("r")
        self._hands: OtherProgram | None = None

    def __enter__(self) -> "WindowsRig":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()
        self._answers.close()
        self._desk.close()

    def order(self, line: str) -> None:
        self._desk.sendall(line.encode() + b"\n")
        assert self._answers.readline() == "ok\n"

    def plug_display(self, *, mirror: bool = False) -> None:
        self.order("mirror" if mirror else "plug")
        self._displays_are(2)

    def unplug_display(self) -> None:
        self.order("unplug")
        self._displays_are(1)

    def _displays_are(self, count: int) -> None:
        """Wine builds its list anew for each of a dozen events that one change brings: it is waited for until it
        stays."""
        port, same = WindowsDisplays(), [0]

        def stays() -> bool:
            same[0] = same[0] + 1 if len(port.displays()) == count else 0
            return same[0] == LOOKS_THE_SAME

        wait_for(stays, f"{count} displays", 10)

    def press(self, combination: str) -> None:
        """As a person: on the X server. Wine hears keys only while a window of its own has the focus."""
        with shown() as window:
            self.focus(window)
            *held, key = combination.split("+")
            self.order("key " + "+".join([name.lower() for name in held] + [key.lower() if len(key) == 1 else key]))

    def focus(self, window: ShownWindow) -> None:
        """Wine says that it has the focus before the X server gives it, and keys go where that says."""
        wait_for(lambda: tree.active_window() == window.id, "the focus")
        self.order(f"focus {window.title}")

    @property
    def hands(self) -> OtherProgram:
        if self._hands is None:
            self._hands = self._closing.enter_context(other_program("hidden"))
        return self._hands

    def copy(self, text: str) -> None:
        self.hands.do("copy", text)

    @contextmanager
    def our_window(self) -> Iterator[int]:
        with shown() as window:
            yield window.id

    @contextmanager
    def other_window(self) -> Iterator[int]:
        with other_program() as program:
            yield program.window

    @contextmanager
    def program(self, name: str) -> Iterator[None]:
        """A program of that name, with a window: a copy of this Python, beside its library."""
        path = Path(sys.executable).with_name(f"{name}.exe")
        shutil.copy(sys.executable, path)
        started = OtherProgram(command=[str(path), *OTHER[1:]])
        try:
            yield
        finally:
            started.end()
            path.unlink()
