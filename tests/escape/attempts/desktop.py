"""What the lockdown set on this desktop, undone by others while it holds; and a second agent."""

import shutil
import sys
import time
from collections.abc import Callable

from tests.escape.attempt import LONG_S, NotHere, Seen, attempt
from tests.escape.attempts.windows import FRONT, in_front
from tests.escape.endings import gone_in_order
from tests.escape.room import Room

HELD = ("MEASURE_UNDONE",)
LOOK_S = 6.5


def undone(room: Room, act: Callable[[], object], holds: Callable[[], bool], what: str) -> Seen:
    """How long something that was held stays undone."""
    since = time.monotonic()
    act()
    first = time.monotonic()
    while holds() and time.monotonic() < first + 0.3:
        room.pause(0.02)
    came = not holds()
    while not holds() and time.monotonic() < since + LOOK_S:
        room.pause(0.05)
    lasted = time.monotonic() - since
    if not came:
        return Seen(False, f"{what}: no effect", since)
    return Seen(lasted >= LONG_S, f"{what} for {lasted:.1f} s", since)


def _saver_off(room: Room) -> bool:
    return "timeout:  0 " in room.run("xset", "q")


@attempt("desktop", "the screen saver is switched on again", *HELD)
def screen_saver(room: Room) -> Seen:
    return undone(room, lambda: room.run("xset", "s", "5", "5"), lambda: _saver_off(room), "it was on")


@attempt("desktop", "the monitor's power saving is switched on again", *HELD)
def monitor_power(room: Room) -> Seen:
    if "DPMS is" not in room.run("xset", "q"):
        raise NotHere("this X server has no DPMS")

    def off() -> bool:
        return "DPMS is Disabled" in room.run("xset", "q")

    return undone(room, lambda: room.run("xset", "dpms", "5", "5", "5"), off, "it was on")


@attempt("desktop", "the screen saver is called at once", *FRONT, *HELD, "SCREEN_BLACK")
def saver_called(room: Room) -> Seen:
    since = time.monotonic()
    room.run("xset", "s", "activate")
    seen = in_front(room, since)
    room.run("xset", "s", "reset")
    return seen


@attempt("desktop", "a notification pops up over the exam", *FRONT, "OVERLAY_TOPMOST")
def notification(room: Room) -> Seen:
    if shutil.which("dunst") is None:
        raise NotHere("dunst is not installed")
    config = room.work_dir / "tmp" / "dunstrc"
    colour = 'background = "#ff00ff"\nforeground = "#ff00ff"\nframe_color = "#ff00ff"\n'
    size = "[global]\nwidth = 500\nheight = 300\nframe_width = 30\npadding = 60\n"
    looks = (f"[urgency_{name}]\n{colour}timeout = 5\n" for name in ("low", "normal", "critical"))
    config.write_text(size + "".join(looks))
    room.start("dunst", "-config", str(config))
    room.pause(0.5)
    since = time.monotonic()
    room.run(
        "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.Notifications",
        "/org/freedesktop/Notifications", "org.freedesktop.Notifications.Notify", "string:x", "uint32:0", "string:",
        "string:A message", "string:the answer is 42", "array:string:", "dict:string:string:", "int32:5000",
    )  # fmt: skip
    return in_front(room, since)


@attempt("desktop", "the entry that restores at the next login is deleted", *HELD)
def autostart_deleted(room: Room) -> Seen:
    path = room.autostart_dir / "candidate-agent-restore.desktop"
    return undone(room, lambda: path.unlink(missing_ok=True), path.exists, "it was gone")


@attempt("desktop", "“candidate-agent restore” during the exam", *HELD)
def restored_by_hand(room: Room) -> Seen:
    command = (sys.executable, "-m", "candidate_agent", "restore", "--home", str(room.home_dir))
    return undone(room, lambda: room.run(*command), lambda: _saver_off(room), "settings were given back")


@attempt("desktop", "a second agent with the same home", "CLIENT_TAMPERED")
def second_agent(room: Room) -> Seen:
    return _second(room, str(room.home_dir))


@attempt("desktop", "a second agent with another home", "CLIENT_TAMPERED")
def second_agent_elsewhere(room: Room) -> Seen:
    return _second(room, str(room.work_dir / "elsewhere"))


def _second(room: Room, home: str) -> Seen:
    since = time.monotonic()
    process = room.start(sys.executable, "-m", "tests.escape.exam", home, f"{room.site.url}/start")
    until = since + 8
    while process.poll() is None and time.monotonic() < until:
        room.pause(0.1)
    windows = room.run("wmctrl", "-l").count("Chemistry")
    lasted = room.eyes.longest_s(lambda look: look.lost, since)
    ended = process.poll() is not None
    what = (
        "it was refused" if ended else f"it runs: {windows} exam windows; the first was not in front for {lasted:.1f} s"
    )
    return Seen(lasted >= LONG_S, what, since)


@attempt("desktop", "the undo log is deleted, then the agent killed", *HELD, ends=True)
def undo_log_deleted(room: Room) -> Seen:
    """Given back all the same, by the keeper or at the latest by what the next start does."""
    log = room.home_dir / "undo.log"
    since = time.monotonic()
    log.unlink()
    while not log.exists() and time.monotonic() < since + LOOK_S:
        room.pause(0.05)
    exam = room.exam_or_fail
    exam.process.kill()
    exam.process.wait()
    return gone_in_order(room, time.monotonic())


@attempt("desktop", "the agent's whole folder is deleted, then the agent killed", *HELD, ends=True)
def home_deleted(room: Room) -> Seen:
    shutil.rmtree(room.home_dir)
    room.pause(1.0)
    exam = room.exam_or_fail
    exam.process.kill()
    exam.process.wait()
    return gone_in_order(room, time.monotonic())


@attempt("desktop", "the page is printed (Ctrl+P)", "SHORTCUT_BLOCKED", "PRINT_SCREEN")
def printed(room: Room) -> Seen:
    since = time.monotonic()
    room.focus_answer()
    room.run("xdotool", "key", "ctrl+p", "key", "ctrl+s", "key", "ctrl+o", "key", "ctrl+u", "key", "F12")
    seen = in_front(room, since)
    return Seen(seen.reached, "no dialog came" if not seen.reached else seen.what)
