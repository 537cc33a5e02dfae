"""Programs of the published list, and every way to run one so that nobody knows it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.escape.attempt import NotHere, Seen, attempt
from tests.escape.attempts.captures import copied
from tests.escape.room import Room

LISTED = ("REMOTE_CONTROL", "AI_ASSISTANT", "CAPTURE_TOOL", "CONFERENCING", "OTHER_BROWSER")


STAYS_S = 0.8


def _ran(room: Room, what: str, since: float) -> Seen:
    """It runs on for a while: those that end at once say so."""
    room.pause(STAYS_S)
    return Seen(True, what, since)


@attempt("programs", "a listed program is started", *LISTED, quick=True)
def listed(room: Room) -> Seen:
    since = time.monotonic()
    room.start(copied(room, "sleep", "anydesk"), "5")
    return _ran(room, "it ran", since)


@attempt("programs", "a listed program that runs for 20 ms", *LISTED)
def short_lived(room: Room) -> Seen:
    since = time.monotonic()
    room.start(copied(room, "sleep", "teamviewer"), "0.02")
    return _ran(room, "it ran for 20 ms", since)


@attempt("programs", "a listed program that runs for 1 ms, twenty times", *LISTED)
def shorter_lived(room: Room) -> Seen:
    path, since = copied(room, "true", "rustdesk"), time.monotonic()
    for _ in range(20):
        room.run(path)
    return _ran(room, "it ran twenty times", since)


@attempt("programs", "a listed program that was running before", *LISTED)
def running_before(room: Room) -> Seen:
    room.start(copied(room, "sleep", "discord"), "20")
    room.pause(0.4)
    since = time.monotonic()
    room.exam_or_fail.ask("fresh")
    return _ran(room, "it ran", since)


@attempt("programs", "a listed program that calls itself something else (argv[0])", *LISTED)
def other_argv(room: Room) -> Seen:
    since = time.monotonic()
    room.start("notes", "5", executable=copied(room, "sleep", "obs"))
    return _ran(room, "it ran", since)


@attempt("programs", "a listed program that renames itself after its start", *LISTED)
def renames_itself(room: Room) -> Seen:
    since = time.monotonic()
    code = "import ctypes, time; ctypes.CDLL(None).prctl(15, b'notes'); time.sleep(5)"
    room.start(copied(room, str(Path(sys.executable).resolve()), "zoom"), "-S", "-c", code)
    return _ran(room, "it ran", since)


@attempt("programs", "a script that carries a listed name", *LISTED)
def script_named(room: Room) -> Seen:
    path = room.work_dir / "tmp" / "flameshot"
    path.write_text("#!/bin/sh\nsleep 5\n")
    path.chmod(0o755)
    since = time.monotonic()
    room.start(str(path))
    return _ran(room, "it ran", since)


@attempt("programs", "a script of a listed name, started by its interpreter", *LISTED)
def script_by_interpreter(room: Room) -> Seen:
    path = room.work_dir / "tmp" / "anydesk.py"
    path.write_text("import time; time.sleep(5)")
    since = time.monotonic()
    room.start(sys.executable, str(path))
    return _ran(room, "it ran", since)


@attempt("programs", "a listed program under a harmless name", *LISTED)
def renamed(room: Room) -> Seen:
    since = time.monotonic()
    room.start(copied(room, "sleep", "notes"), "5")
    return _ran(room, "a program whose real name nobody can tell ran", since)


@attempt("programs", "the same, with a window that says its class", *LISTED, "OVERLAY_TOPMOST")
def renamed_with_window(room: Room) -> Seen:
    since = time.monotonic()
    room.intruder("class=AnyDesk", "size=300x200+400+300")
    return _ran(room, "it ran, with a window below the exam", since)


@attempt("programs", "a listed program from memory (memfd)", *LISTED)
def from_memory(room: Room) -> Seen:
    code = (
        "import os, sys; f = os.memfd_create('n', 0); os.write(f, open(sys.argv[1], 'rb').read());"
        "os.execve(f, ['n', '5'], {})"
    )
    since = time.monotonic()
    room.start(sys.executable, "-c", code, copied(room, "sleep", "anydesk"))
    return _ran(room, "it ran from memory", since)


@attempt("programs", "a listed program whose file is deleted at once", *LISTED)
def deleted(room: Room) -> Seen:
    path = copied(room, "sleep", "x0vncserver")
    since = time.monotonic()
    room.start(path, "5")
    Path(path).unlink()
    return _ran(room, "it ran", since)


@attempt("programs", "a listed program of another user", *LISTED)
def other_user(room: Room) -> Seen:
    if os.geteuid() or shutil.which("setpriv") is None:
        raise NotHere("only root can start a program as another user here")
    path = f"/tmp/{os.getpid()}-obs/obs"
    Path(path).parent.mkdir(mode=0o755, exist_ok=True)
    shutil.copy(shutil.which("sleep") or "", path)
    since = time.monotonic()
    room.start("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", path, "5")
    seen = _ran(room, "it ran", since)
    shutil.rmtree(Path(path).parent)
    return seen


@attempt("programs", "a listed program in a process namespace of its own", *LISTED)
def namespace(room: Room) -> Seen:
    if subprocess.run(["unshare", "-p", "-f", "true"], capture_output=True, check=False).returncode:
        raise NotHere("the kernel lets nobody make namespaces here")
    since = time.monotonic()
    room.start("unshare", "-p", "-f", "--kill-child", copied(room, "sleep", "parsecd"), "5")
    return _ran(room, "it ran", since)


@attempt("programs", "a browser of another name opens a window", *LISTED, "OVERLAY_TOPMOST")
def browser_renamed(room: Room) -> Seen:
    since = time.monotonic()
    room.intruder("class=firefox", "size=500x300+300+300")
    return _ran(room, "it ran, with a window below the exam", since)
