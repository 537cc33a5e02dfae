"""Real X servers for tests and for the demo: Xvfb, Xorg with the dummy driver, whose displays can be plugged, and
Xephyr within an Xvfb, whose display can be turned.

Each chooses its own display number and ends with everything it started. `Machine` puts one into the environment.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

START_S = 15.0
STOP_S = 5.0
SECOND_OUTPUT = "DUMMY1"
MODE = "1920x1080"

DUMMY_CONFIG = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Monitor"
  Identifier "shown"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
  Modeline "1920x1080" 148.5 1920 2008 2052 2200 1080 1084 1089 1125
EndSection
Section "Device"
  Identifier "memory"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Screen"
  Identifier "screen"
  Device "memory"
  Monitor "shown"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1920x1080"
    Virtual 5760 2160
  EndSubSection
EndSection
"""


class XServer:
    """`hot_plug`: Xorg with the dummy driver; `turns`: Xephyr, whose display can be rotated; otherwise Xvfb, `without`
    extensions named. `display` once started.

    `window_manager`: openbox, xfwm4, or "" for none; `config_dir`: where it finds its settings.
    """

    def __init__(
        self,
        *,
        hot_plug: bool = False,
        turns: bool = False,
        width: int = 1280,
        height: int = 800,
        window_manager: str = "openbox",
        without: tuple[str, ...] = (),
        config_dir: Path | None = None,
    ) -> None:
        self._hot_plug, self._turns = hot_plug, turns
        self._size = f"{width}x{height}x24"
        self._window_manager = window_manager
        self._without = without
        self._config_dir = config_dir
        self._processes: list[subprocess.Popen[bytes]] = []
        self._directory = ""
        self.display = ""

    def start(self) -> "XServer":
        self._directory = tempfile.mkdtemp(prefix="xserver-")
        try:
            self.display = self._start_server()
            if self._window_manager:
                self._start_window_manager()
        except BaseException:
            self.stop()
            raise
        return self

    def __enter__(self) -> "XServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for process in reversed(self._processes):
            _end_group(process, signal.SIGTERM)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _end_group(process, signal.SIGKILL)  # what it started in its turn
        self._processes.clear()
        shutil.rmtree(self._directory, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """What a program needs to run on this display, and nothing of another desktop."""
        kept = {key: value for key, value in os.environ.items() if key not in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE")}
        return {**kept, "DISPLAY": self.display}

    def run(self, *command: str, text: str | None = None) -> str:
        done = subprocess.run(
            command, env=self.environment(), input=text, capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout

    def plug_display(self, *, mirror: bool = False) -> None:
        """A second display lights up beside the first one, or shows the same."""
        assert self._hot_plug, "Xvfb has one display for ever"
        with contextlib.suppress(subprocess.CalledProcessError):  # it has the mode already
            self.run("xrandr", "--addmode", SECOND_OUTPUT, MODE)
        place = "--same-as" if mirror else "--right-of"
        self.run("xrandr", "--output", SECOND_OUTPUT, "--mode", MODE, place, "DUMMY0")

    def unplug_display(self) -> None:
        self.run("xrandr", "--output", SECOND_OUTPUT, "--off")

    def _start_server(self) -> str:
        if not self._turns:
            return self._listening(self._server_command)
        around = self._listening(lambda write_end: ["Xvfb", *_common(write_end), "-screen", "0", "2048x2048x24"])
        size = self._size.removesuffix("x24")
        within = {**os.environ, "DISPLAY": around}
        return self._listening(lambda write_end: ["Xephyr", *_common(write_end), "-screen", size], within)

    def _listening(self, command: Callable[[int], list[str]], environment: dict[str, str] | None = None) -> str:
        """The name of its display, which the server writes to the pipe that `command` is given."""
        read_end, write_end = os.pipe()
        try:
            self._spawn(*command(write_end), pass_fds=(write_end,), environment=environment)
        finally:
            os.close(write_end)
        with open(read_end, "rb") as pipe:  # noqa: PTH123 - a pipe has no path
            number = pipe.readline().strip().decode()
        if not number:
            raise RuntimeError("the X server did not start")
        return f":{number}"

    def _server_command(self, write_end: int) -> list[str]:
        common = _common(write_end)
        if not self._hot_plug:
            left_out = [word for name in self._without for word in ("-extension", name)]
            return ["Xvfb", *common, *left_out, "-screen", "0", self._size]
        config = Path(self._directory) / "dummy.conf"
        config.write_text(DUMMY_CONFIG)
        log = Path(self._directory) / "xorg.log"
        return ["Xorg", *common, "-config", str(config), "-logfile", str(log), "-novtswitch", "-sharevts"]

    def _start_window_manager(self) -> None:
        """xfwm4 keeps its settings with a daemon on the session bus; it gets a bus of its own, which ends with it."""
        config_dir = self._config_dir or self._directory
        command = {
            "openbox": ("openbox", "--sm-disable"),
            "xfwm4": ("dbus-run-session", "--", "xfwm4", "--compositor=off", "--sm-client-disable"),
        }[self._window_manager]
        self._spawn(*command, environment={**self.environment(), "XDG_CONFIG_HOME": str(config_dir)})
        wait_for(self.managed, "the window manager")
        wait_for(self._answers, "the window manager's answer")

    def managed(self) -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            return "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
        return False

    def _answers(self) -> bool:
        """It says that it is there before it listens: it is asked for two desktops until there are two."""
        self.run("wmctrl", "-n", "2")
        return self.run("xprop", "-root", "_NET_NUMBER_OF_DESKTOPS").strip().endswith("= 2")

    def _spawn(self, *command: str, pass_fds: tuple[int, ...] = (), environment: dict[str, str] | None = None) -> None:
        process = subprocess.Popen(
            command, pass_fds=pass_fds, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self._processes.append(process)


def _common(write_end: int) -> list[str]:
    return ["-displayfd", str(write_end), "-nolisten", "tcp", "-noreset"]


def _end_group(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)


def wait_for(condition: Callable[[], bool], what: str, within_s: float = START_S) -> None:
    until = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come within {within_s} s")
        time.sleep(0.01)


@contextlib.contextmanager
def window(server: XServer, *, title: str = "other", fullscreen: bool = False) -> Iterator[int]:
    """A plain window of another process, managed and seen. Gives its id."""
    process = subprocess.Popen(
        ["xmessage", "-name", title, "-geometry", "400x300+50+50", "a window"],
        env=server.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found: list[int] = []

        def mapped() -> bool:
            with contextlib.suppress(subprocess.CalledProcessError):
                found[:] = [
                    int(n)
                    for n in re.findall(
                        r"\d+", server.run("xdotool", "search", "--onlyvisible", "--classname", f"^{title}$")
                    )
                ]
            return bool(found)

        wait_for(mapped, "the window")
        if fullscreen:
            server.run("wmctrl", "-i", "-r", str(found[-1]), "-b", "add,fullscreen")
        yield found[-1]
    finally:
        process.kill()
        process.wait()
