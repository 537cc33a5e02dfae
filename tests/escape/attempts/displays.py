"""Displays that come, go, turn, shrink and mirror; on Xorg with a driver whose displays can really be plugged."""

import contextlib
import subprocess
import time

from tests.escape.attempt import LONG_S, Seen, attempt
from tests.escape.room import Room
from tests.rig.xserver import wait_for

ADDED = ("DISPLAY_ADDED",)
MIRRORED = ("DISPLAY_MIRRORED", "DISPLAY_ADDED")
CHANGED = ("FULLSCREEN_LEFT", "DISPLAY_ADDED", "FOCUS_LOST")
FIRST = "DUMMY0"


def _lit(room: Room) -> int:
    return room.run("xrandr", "--listactivemonitors").count("DUMMY")


@attempt("displays", "a second display is plugged in", *ADDED, room="displays", quick=True)
def plugged(room: Room) -> Seen:
    since = time.monotonic()
    room.screen.plug_display()
    room.pause(0.3)
    lit = _lit(room)
    room.screen.unplug_display()
    return Seen(lit > 1, "the desktop went on to a second display", since)


@attempt("displays", "a second display shows the same picture", *MIRRORED, room="displays")
def mirrored(room: Room) -> Seen:
    since = time.monotonic()
    room.screen.plug_display(mirror=True)
    room.pause(0.3)
    room.screen.unplug_display()
    return Seen(True, "somebody beside could look on", since)


@attempt("displays", "plugged and unplugged as fast as can be, five times", *ADDED, room="displays")
def plugged_quickly(room: Room) -> Seen:
    since = time.monotonic()
    for _ in range(5):
        room.screen.plug_display()
        room.screen.unplug_display()
    return Seen(True, f"five times in {time.monotonic() - since:.1f} s", since)


@attempt("displays", "notes on a second display beside the exam", *ADDED, room="displays")
def window_beside(room: Room) -> Seen:
    since = time.monotonic()
    room.screen.plug_display()
    room.intruder("size=800x600+2100+200")
    lasted = room.watch(lambda look: look.covered, since)
    room.end_children()
    room.screen.unplug_display()
    return Seen(lasted >= LONG_S, f"seen for {lasted:.1f} s", since)


@attempt("displays", "a second display was there before the lock", *ADDED, room="displays", alone=True)
def plugged_before(room: Room) -> Seen:
    room.screen.plug_display()
    since = time.monotonic()
    try:
        exam = room.begin_exam()
        began = next(fact["at"] for fact in exam.facts if fact.get("phase") in ("offline", "running"))
        return Seen(True, "the exam began with two displays", began - 0.5 if began else since)
    finally:
        room.screen.unplug_display()


@attempt("displays", "the display is turned by 90 degrees", *CHANGED, room="displays")
def turned(room: Room) -> Seen:
    return _changed(room, ("--rotate", "left"), ("--rotate", "normal"))


@attempt("displays", "the display gets another resolution", *CHANGED, room="displays")
def resized(room: Room) -> Seen:
    small = ("1024x768", "63.5", "1024", "1072", "1176", "1328", "768", "771", "775", "798")
    with contextlib.suppress(subprocess.CalledProcessError):
        room.screen.run("xrandr", "--newmode", *small)
    room.run("xrandr", "--addmode", FIRST, "1024x768")
    return _changed(room, ("--mode", "1024x768"), ("--mode", "1920x1080"))


@attempt("displays", "the screen grows beyond the display, notes lie where one can pan to", *CHANGED, room="displays")
def panned(room: Room) -> Seen:
    since = time.monotonic()
    room.run("xrandr", "--fb", "3840x1080", "--output", FIRST, "--panning", "3840x1080")
    room.intruder("size=800x600+2600+200")
    room.run("xdotool", "mousemove", "3800", "500")
    room.pause(1.2)
    place = room.run("xrandr", "--listactivemonitors")
    room.end_children()
    room.run("xrandr", "--output", FIRST, "--panning", "0x0", "--mode", "1920x1080")
    room.run("xdotool", "mousemove", "400", "400")
    moved = "+1920+0" in place or "3840/" in place
    return Seen(moved, "the display showed another part of the desktop" if moved else "the display stayed", since)


@attempt("displays", "the exam's display is switched off and on", *CHANGED, "SCREEN_BLACK", room="displays")
def off_and_on(room: Room) -> Seen:
    return _changed(room, ("--off",), ("--auto",))


def _changed(room: Room, there: tuple[str, ...], back: tuple[str, ...]) -> Seen:
    """What is seen once the display has changed: the exam should fill it again."""
    since = time.monotonic()
    room.run("xrandr", "--output", FIRST, *there)
    lasted = room.watch(lambda look: look.lost, since)
    room.run("xrandr", "--output", FIRST, *back)
    with contextlib.suppress(AssertionError):
        wait_for(lambda: not room.eyes.since(0)[-1].lost, "the exam fills the display again", 4)
    return Seen(lasted >= LONG_S, f"the exam did not fill the display for {lasted:.1f} s", since)
