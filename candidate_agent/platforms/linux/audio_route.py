"""Where sound goes and where it comes from: default output, its socket, default source, by `pactl`, which PulseAudio
and PipeWire both answer.

A child says when something changes and ends with us; what changed is then asked, at most twice a second.
"""

import os
import select
import shutil
import subprocess
from collections.abc import Callable, Mapping

from candidate_agent.platforms.linux import wakeable
from candidate_agent.platforms.ports import Closer

AGAIN_S = 5.0
CALM_S = 0.5
COMMAND_S = 5.0
_ABOUT_OUTPUT = ("on server", "on sink #", "on card")
_ABOUT_SOURCE = ("on server", "on source #", "on card")

Ask = Callable[..., str]


def route(listed: str, default: str) -> tuple[str, str]:
    """Default output and its active socket, from `pactl list sinks`. The names stay in this process."""
    name = ""
    for line in map(str.strip, listed.splitlines()):
        if line.startswith("Name: "):
            name = line.removeprefix("Name: ")
        elif line.startswith("Active Port: ") and name == default:
            return default, line.removeprefix("Active Port: ")
    return default, ""


def watch_audio_route(emit: Callable[[], None], environment: Mapping[str, str] = os.environ) -> Closer | None:
    """None where there is no `pactl`."""
    if not shutil.which("pactl"):
        return None
    quiet = {**environment, "LC_ALL": "C"}
    return wakeable.start("audio route", lambda wake: _Watch(quiet, wake, emit, _ABOUT_OUTPUT, _output).run())


def watch_default_source(emit: Callable[[], None], environment: Mapping[str, str] = os.environ) -> Closer | None:
    """Tells when another microphone became the usual one. None where there is no `pactl`."""
    if not shutil.which("pactl"):
        return None
    quiet = {**environment, "LC_ALL": "C"}
    return wakeable.start("default source", lambda wake: _Watch(quiet, wake, emit, _ABOUT_SOURCE, _source).run())


def _output(ask: Ask) -> tuple[str, str] | None:
    default = ask("get-default-sink").strip()
    return route(ask("list", "sinks"), default) if default else None


def _source(ask: Ask) -> tuple[str, str] | None:
    default = ask("get-default-source").strip()
    return (default, "") if default else None


class _Watch:
    """`about`: words of `pactl subscribe` that can mean a change. `look`: what is compared, None: cannot be told."""

    def __init__(
        self, environment: dict[str, str], wake: int, emit: Callable[[], None], about: tuple[str, ...],
        look: Callable[[Ask], tuple[str, str] | None],
    ) -> None:  # fmt: skip
        self._environment = environment
        self._wake = wake
        self._emit = emit
        self._about = about
        self._find = look
        self._route: tuple[str, str] | None = None

    def run(self) -> None:
        while self._listen() and not self._ended(AGAIN_S):
            continue  # the sound server ended, or is not there yet

    def _listen(self) -> bool:
        """False: we are to end. The child is started on this thread: it ends with it, even where we are killed."""
        command = ["pactl", "subscribe"]
        if shutil.which("setpriv"):
            command = ["setpriv", "--pdeathsig", "TERM", *command]
        child = subprocess.Popen(  # noqa: S603 - fixed programs, no shell
            command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout
        try:
            self._look()
            return self._follow(child.stdout.fileno())
        finally:
            child.terminate()
            child.stdout.close()
            child.wait()

    def _follow(self, told: int) -> bool:
        while True:
            ready, _, _ = select.select([told, self._wake], [], [])
            if self._wake in ready:
                return False
            words = os.read(told, 65536).decode("utf-8", "replace")
            if not words:
                return True
            if any(about in words for about in self._about):
                self._look()
                if self._ended(CALM_S):
                    return False

    def _look(self) -> None:
        now = self._find(self._ask)
        if now is not None and self._route not in (None, now):
            self._emit()
        self._route = now or self._route

    def _ask(self, *words: str) -> str:
        command = ["pactl", *words]
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, no shell
                command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_S,
                check=True,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError):
            return ""
        return done.stdout.decode("utf-8", "replace")

    def _ended(self, within_s: float) -> bool:
        return bool(select.select([self._wake], [], [], within_s)[0])
