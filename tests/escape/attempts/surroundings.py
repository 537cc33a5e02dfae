"""Environment variables the agent is started with: what they would open, and whether it opened.

One exam is started with all of them at once, each attempt looks for what its own would have brought about; the library
that is loaded before everything needs an exam of its own.
"""

import socket
import subprocess
import time
from pathlib import Path

import psutil

from tests.escape.attempt import NotHere, Seen, attempt
from tests.escape.attempts.captures import _free_port
from tests.escape.room import Room
from tests.rig.xserver import wait_for

TAMPERED = ("CLIENT_TAMPERED", "DEBUGGER_PRESENT")
_PLUGIN = """
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void) {
  char path[512]; snprintf(path, sizeof path, "%s-%d", REACHED, (int)getpid());
  FILE *f = fopen(path, "w"); if (f) fclose(f);
}
"""


def _library(room: Room, name: str) -> Path:
    """A library that leaves a file behind in every process that loads it."""
    source, built = room.work_dir / f"{name}.c", room.work_dir / f"{name}.so"
    source.write_text(_PLUGIN)
    reached = room.work_dir / f"loaded-{name}"
    command = ["gcc", "-shared", "-fPIC", f'-DREACHED="{reached}"', "-o", str(built), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return built


def _loaded_in(room: Room, name: str) -> list[Path]:
    return list(room.work_dir.glob(f"loaded-{name}-*"))


def _dangerous(room: Room) -> dict[str, str]:
    """All that can be looked for afterwards; made once per room."""
    port, proxy = _free_port(), room.foreign.url
    plugins = room.work_dir / "plugins" / "platforms"
    plugins.mkdir(parents=True, exist_ok=True)
    _library(room, "plugin").rename(plugins / "libqxcb.so")
    _library(room, "gtk")
    return {
        "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{port}",
        "QTWEBENGINE_CHROMIUM_FLAGS": f"--remote-debugging-port={port} --remote-allow-origins=*",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QT_PLUGIN_PATH": str(plugins.parent),
        "QT_QPA_PLATFORM_PLUGIN_PATH": str(plugins),
        "GTK_MODULES": str(room.work_dir / "gtk.so"),
        "http_proxy": proxy,
        "https_proxy": proxy,
        "all_proxy": proxy,
        "no_proxy": "",
        "SSLKEYLOGFILE": str(room.work_dir / "tls-keys"),
        "PYTHONSTARTUP": str(room.work_dir / "startup.py"),
        "PYTHONINSPECT": "",
        "QT_LOGGING_RULES": "*=true",
        "QTWEBENGINE_PORT_FOR_TESTS": str(port),
    }


class _Exam:
    """The one exam that was started with all of them."""

    room: Room | None = None
    given: dict[str, str] = {}  # noqa: RUF012 - set once


def _started(room: Room) -> dict[str, str]:
    if _Exam.room is not room or room.exam is None or room.exam is not getattr(_Exam, "exam", None):
        room.end_exam()
        _Exam.room, _Exam.given = room, _dangerous(room)
        room.foreign.asked.clear()
        room.begin_exam(_Exam.given)
        _Exam.exam = room.exam  # type: ignore[attr-defined]
    return _Exam.given


def _family_has(room: Room, name: str) -> list[str]:
    """Which processes of the exam were given the variable, the first one left out: it was started with it."""
    found = []
    for child in room.exam_or_fail.family()[1:]:
        try:
            if name in child.environ():
                found.append(child.name())
        except psutil.Error:
            continue
    return found


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5):
            return True
    except OSError:
        return False


@attempt("environment", "QTWEBENGINE_REMOTE_DEBUGGING opens the page to others", *TAMPERED, quick=True)
def remote_debugging(room: Room) -> Seen:
    port = int(_started(room)["QTWEBENGINE_REMOTE_DEBUGGING"].split(":")[1])
    since, opened = time.monotonic(), _answers(port)
    return Seen(opened, "the debugging port answers" if opened else "nobody listens there", since)


@attempt("environment", "QTWEBENGINE_CHROMIUM_FLAGS gives the browser switches", *TAMPERED)
def chromium_flags(room: Room) -> Seen:
    _started(room)
    lines = " ".join(" ".join(child.cmdline()) for child in room.exam_or_fail.family()[1:])
    came = "remote-allow-origins" in lines or "remote-debugging" in lines
    return Seen(
        came, "its processes carry the switches" if came else "no process carries the switches", time.monotonic()
    )


@attempt("environment", "QT_PLUGIN_PATH loads a foreign library as a plug-in", *TAMPERED)
def plugin_path(room: Room) -> Seen:
    _started(room)
    came = _loaded_in(room, "plugin")
    return Seen(bool(came), f"it was loaded {len(came)} times", time.monotonic())


@attempt("environment", "QT_QPA_PLATFORM shows the window somewhere else (VNC)", *TAMPERED, alone=True)
def other_platform(room: Room) -> Seen:
    port, since = _free_port(), time.monotonic()
    exam = room.try_exam({"QT_QPA_PLATFORM": f"vnc:port={port}"})
    wait_for(lambda: exam.phase() in ("offline", "ended") or not exam.alive, "an answer of the lockdown", 30)
    if exam.phase() != "offline":
        return Seen(False, "there is no exam", since, ends=True)
    room.settle()
    shown = _answers(port)
    return Seen(shown, "a VNC client can see the exam" if shown else "the exam is on this screen", since)


@attempt("environment", "GTK_MODULES loads a foreign library", *TAMPERED)
def gtk_modules(room: Room) -> Seen:
    _started(room)
    came = _loaded_in(room, "gtk")
    return Seen(bool(came), f"it was loaded {len(came)} times", time.monotonic())


@attempt("environment", "http_proxy sends the exam page through another program", *TAMPERED)
def proxy(room: Room) -> Seen:
    _started(room)
    room.script("fetch('/start?by-proxy').then(() => 1); 1")
    room.pause(0.5)
    asked = [path for path in room.foreign.paths() if path.startswith("http")]
    carried = _family_has(room, "http_proxy")  # the browser asks no proxy for this computer's own pages
    what = f"{len(asked)} requests went through it, {len(carried)} processes carry it"
    return Seen(bool(asked or carried), what, time.monotonic())


@attempt("environment", "SSLKEYLOGFILE makes the keys of the line readable", *TAMPERED)
def tls_keys(room: Room) -> Seen:
    """What is asked: whether any process of the exam would write them. The exam here speaks no TLS."""
    _started(room)
    carried = _family_has(room, "SSLKEYLOGFILE")
    written = (room.work_dir / "tls-keys").exists()
    what = f"{len(carried)} processes carry it" + ("; the file was opened" if written else "")
    return Seen(bool(carried) or written, what, time.monotonic())


@attempt("environment", "PYTHONSTARTUP, PYTHONINSPECT", *TAMPERED)
def python_startup(room: Room) -> Seen:
    given = _started(room)
    Path(given["PYTHONSTARTUP"]).unlink(missing_ok=True)
    return Seen(False, "Python reads them only for a person at a prompt", time.monotonic())


@attempt("environment", "LD_PRELOAD loads a foreign library into the agent", *TAMPERED, alone=True)
def preload(room: Room) -> Seen:
    """A program cannot keep out what is loaded before its first line; it can say so."""
    since = time.monotonic()
    exam = room.begin_exam({"LD_PRELOAD": str(_library(room, "preload"))})
    began = next(fact["at"] for fact in exam.facts if fact.get("phase") in ("offline", "running"))
    return Seen(bool(_loaded_in(room, "preload")), "it is inside the agent", max(began - 0.5, since))


@attempt("environment", "PYTHONPATH puts foreign code into the agent", *TAMPERED, alone=True)
def python_path(room: Room) -> Seen:
    inside = room.work_dir / "inside"
    inside.mkdir(exist_ok=True)
    (inside / "sitecustomize.py").write_text(f"open({str(room.work_dir / 'was-inside')!r}, 'w').close()\n")
    since = time.monotonic()
    exam = room.begin_exam({"PYTHONPATH": str(inside)})
    began = next(fact["at"] for fact in exam.facts if fact.get("phase") in ("offline", "running"))
    if not (room.work_dir / "was-inside").exists():
        raise NotHere("another sitecustomize comes first")
    return Seen(True, "it ran inside the agent", max(began - 0.5, since))
