"""Taking pictures of the exam, by tools with a name and without one, and looking in from elsewhere."""

import shutil
import socket
import sys
import time
from pathlib import Path

from Xlib import X

from tests.escape.attempt import NotHere, Seen, attempt
from tests.escape.room import Room

CAPTURE = ("CAPTURE_TOOL",)
REMOTE = ("REMOTE_CONTROL",)


def copied(room: Room, program: str, name: str, *, changed: bool = False) -> str:
    """The program under another name; `changed`: with a byte more, so that its hash is another."""
    found = shutil.which(program)
    if found is None:
        raise NotHere(f"{program} is not installed")
    path = room.work_dir / "tmp" / name
    path.write_bytes(Path(found).read_bytes() + (b"\0" if changed else b""))
    path.chmod(0o755)
    return str(path)


def _picture(room: Room, *command: str) -> Seen:
    path = room.work_dir / "tmp" / "taken"
    path.unlink(missing_ok=True)
    since = time.monotonic()
    room.run(*(word.replace("FILE", str(path)) for word in command))
    taken = path.exists() and path.stat().st_size > 20_000
    return Seen(taken, "a picture of the exam was taken" if taken else "no picture came about", since)


@attempt("capture", "xwd", *CAPTURE)
def xwd(room: Room) -> Seen:
    return _picture(room, "xwd", "-root", "-silent", "-out", "FILE")


@attempt("capture", "ffmpeg records the screen", *CAPTURE, quick=True)
def ffmpeg(room: Room) -> Seen:
    size = ("-video_size", "1280x800", "-framerate", "5", "-i", room.screen.display)
    return _picture(room, "ffmpeg", "-y", "-f", "x11grab", *size, "-t", "0.6", "-f", "rawvideo", "FILE")


@attempt("capture", "a listed capture tool (its name on another program)", *CAPTURE)
def scrot(room: Room) -> Seen:
    return _picture(room, copied(room, "xwd", "scrot"), "-root", "-silent", "-out", "FILE")


@attempt("capture", "a capture tool under a harmless name", *CAPTURE)
def renamed_tool(room: Room) -> Seen:
    return _picture(room, copied(room, "xwd", "notes"), "-root", "-silent", "-out", "FILE")


@attempt("capture", "a script takes a picture (python, mss)", *CAPTURE)
def script_picture(room: Room) -> Seen:
    code = "import mss, sys; s = mss.MSS(); open(sys.argv[1], 'wb').write(s.grab(s.monitors[0]).raw)"
    return _picture(room, sys.executable, "-c", code, "FILE")


@attempt("capture", "a program reads the exam's window alone", *CAPTURE)
def window_picture(room: Room) -> Seen:
    since = time.monotonic()
    picture = room.ours.get_image(0, 0, 640, 400, X.ZPixmap, 0xFFFFFFFF)
    return Seen(len(set(picture.data[:200_000])) > 1, "a picture of the exam was taken", since)


@attempt("capture", "the screenshot key", "PRINT_SCREEN", "SHORTCUT_BLOCKED")
def print_key(room: Room) -> Seen:
    room.screen.reached_path.unlink(missing_ok=True)
    room.run("xdotool", "key", "Print", "key", "alt+Print", "key", "shift+Print")
    room.pause(0.3)
    return Seen(room.screen.reached_path.exists(), "the desktop's screenshot program was not started")


# --- looking in from elsewhere --------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _served(room: Room, program: str) -> Seen:
    """Somebody connects by VNC and gets a size of screen."""
    port, since = _free_port(), time.monotonic()
    room.start(program, "-rfbport", str(port), "-localhost", "-nopw", "-quiet", "-shared", "-noshm", "-forever")
    until = since + 6
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as line:
                line.settimeout(2)
                greeting = line.recv(12)
                return Seen(greeting.startswith(b"RFB"), "a VNC client was let in", since)
        except OSError:
            room.pause(0.05)
    return Seen(False, "nobody could connect")


@attempt("remote", "x11vnc is started", *REMOTE, quick=True)
def x11vnc(room: Room) -> Seen:
    return _served(room, "x11vnc")


@attempt("remote", "x11vnc under another name", *REMOTE)
def x11vnc_renamed(room: Room) -> Seen:
    return _served(room, copied(room, "x11vnc", "syncd"))


@attempt("remote", "x11vnc under another name and with another hash", *REMOTE)
def x11vnc_changed(room: Room) -> Seen:
    return _served(room, copied(room, "x11vnc", "syncd2", changed=True))


@attempt("remote", "x11vnc ran before the exam, under another name", *REMOTE, alone=True)
def x11vnc_before(room: Room) -> Seen:
    port = _free_port()
    for name in ("user", "config", "tmp"):
        (room.work_dir / name).mkdir(exist_ok=True)
    room.start(copied(room, "x11vnc", "syncd3"), "-rfbport", str(port), "-localhost", "-nopw", "-quiet", "-forever")
    room.pause(0.5)
    room.begin_exam()
    since = time.monotonic()
    room.exam_or_fail.ask("fresh")
    return Seen(True, "a VNC server of another name serves the exam's screen", since)
