"""What a process calls itself, from /proc, and when it started. Base names only: of an interpreter's arguments the
script's, of a sandbox the application's id. Used by `processes` and `system`.
"""

import os
import re
import sys
from functools import cache
from pathlib import Path, PurePosixPath

from candidate_agent.platforms.ports import Process

PROC = "/proc"
_LONGEST_BYTES = 4096
_INTERPRETERS = re.compile(
    r"python[\d.]*|pypy[\d.]*|node|nodejs|deno|bun|electron[\d.]*|java|ruby[\d.]*|perl[\d.]*|php[\d.]*|mono(-sgen)?|dotnet|"
    r"wine[\w-]*|bash|dash|sh|zsh|fish|lua[\d.]*|wish[\d.]*|tclsh[\d.]*|gjs(-console)?"
)
_NAMES_WHAT_FOLLOWS = {"-m", "-jar"}  # of Python, of Java
_ENDING = re.compile(r"\.(py|pyw|pyz|js|mjs|cjs|jar|exe|rb|pl|sh|appimage|asar|lua|tcl|php)$")
_SCOPES = (
    re.compile(r"/app-flatpak-([\w.-]+)-\d+\.scope"),
    re.compile(r"/app-(?:gnome-|[\w]+-)?([\w.\\-]+?)-\d+\.scope"),
    re.compile(r"/snap\.([\w-]+)\."),
)
_SNAP = re.compile(r"^(?:/var/lib/snapd)?/snap/([\w-]+)/")


def described(pid: int) -> Process | None:
    """None: gone, or not to be looked at."""
    try:
        comm = _text(pid, "comm")
        started = started_s(pid)
    except OSError:
        return None
    exe = executable(pid)
    base = PurePosixPath(exe).name
    found = [comm, base, _snap(exe), *_sandbox(pid)]
    if _INTERPRETERS.fullmatch(base):
        found.append(script(_arguments(pid)))
    return Process(pid, tuple(dict.fromkeys(name.strip().lower() for name in found if name.strip())), started)


def executable(pid: int) -> str:
    """Its path, also when the file was deleted or never lay on a disk. "": not ours to see."""
    try:
        path = os.readlink(f"{PROC}/{pid}/exe")  # noqa: PTH115 - a third of the time, for every process
    except OSError:
        return ""
    return path.removesuffix(" (deleted)").replace("/memfd:", "/", 1)


def script(arguments: list[str]) -> str:
    """The base name of what an interpreter runs, without its ending; "" where it runs nothing that has a name."""
    rest = iter(arguments[1:])
    for word in rest:
        if word in _NAMES_WHAT_FOLLOWS:
            word = next(rest, "")
        elif word.startswith("-"):
            if word in ("-c", "-e", "--eval"):
                return ""
            continue
        return _ENDING.sub("", re.split(r"[/\\]", word)[-1].lower())
    return ""


def parent(pid: int) -> int:
    """0: unknown."""
    try:
        return int(_status(pid)[1])
    except (OSError, ValueError, IndexError):
        return 0


def started_s(pid: int) -> float:
    """Seconds since 1970. Raises OSError."""
    try:
        return _booted_s() + int(_status(pid)[19]) / _ticks_per_s()
    except (ValueError, IndexError) as error:
        raise ProcessLookupError from error


def pids() -> set[int]:
    return {int(name) for name in os.listdir(PROC) if name.isdigit()}  # noqa: PTH208 - as above


def newest_pid() -> str:
    """Of the last process or thread that was started: a look that finds the same one need not list any."""
    with open(f"{PROC}/loadavg", "rb", buffering=0) as file:  # noqa: PTH123 - as above
        return file.read(128).decode("ascii").split()[-1]


def _status(pid: int) -> list[str]:
    """The fields of `stat` after the name, which may contain anything."""
    return _text(pid, "stat").rpartition(")")[2].split()


@cache
def _ticks_per_s() -> int:
    if sys.platform == "win32":
        return 100
    return os.sysconf("SC_CLK_TCK")


@cache
def _booted_s() -> float:
    lines = Path(PROC, "stat").read_text("ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("btime ")))


def _text(pid: int, name: str) -> str:
    with open(f"{PROC}/{pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - four times as fast, for every process
        return file.read(_LONGEST_BYTES).decode("utf-8", "replace")


def _arguments(pid: int) -> list[str]:
    try:
        return _text(pid, "cmdline").split("\0")
    except OSError:
        return []


def _snap(exe: str) -> str:
    found = _SNAP.match(exe)
    return found.group(1) if found else ""


def _sandbox(pid: int) -> list[str]:
    """The application's id of Flatpak, Snap or the desktop, and the id's last word ("com.discordapp.Discord")."""
    try:
        group = _text(pid, "cgroup").replace("\\x2d", "-")
    except OSError:
        return []
    found = next((match.group(1) for scope in _SCOPES if (match := scope.search(group))), "")
    return [found, found.rpartition(".")[2]] if found else []
