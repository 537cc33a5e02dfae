"""Other windows: in front of the exam, over it, beside it, inside it; and what can be done to the exam's own window."""

import time
from typing import Any

from Xlib import X
from Xlib.ext import shape

from tests.escape.attempt import LONG_S, Seen, attempt
from tests.escape.intruder import MARK
from tests.escape.room import Room

FRONT = ("FOCUS_LOST", "OVERLAY_TOPMOST", "FULLSCREEN_LEFT", "WINDOW_HIDDEN_FROM_CAPTURE")
NOTES = "size=900x560+150+150"


def in_front(room: Room, since: float) -> Seen:
    """Whether somebody else was in front, or the exam away."""
    lasted = room.watch(lambda look: look.lost or look.covered, since)
    return Seen(
        lasted >= LONG_S, f"another window was in front for {lasted:.1f} s" if lasted else "nothing came through"
    )


def on_screen(room: Room, since: float) -> Seen:
    lasted = room.watch(lambda look: look.covered, since)
    return Seen(lasted >= LONG_S, f"seen on the screen for {lasted:.1f} s" if lasted else "never seen on the screen")


def _intrusion(room: Room, *words: str) -> Seen:
    since = time.monotonic()
    room.intruder(*words)
    return in_front(room, since)


@attempt("windows", "xterm is started", *FRONT)
def new_program(room: Room) -> Seen:
    since = time.monotonic()
    room.start("xterm", "-bg", "#ff00ff")
    return in_front(room, since)


@attempt("windows", "wmctrl -a brings another window to the front", *FRONT, quick=True)
def wmctrl_activates(room: Room) -> Seen:
    child = room.intruder(NOTES)
    since = time.monotonic()
    room.run("wmctrl", "-i", "-a", hex(child.window))
    return in_front(room, since)


@attempt("windows", "a window asks for the front ten times a second", *FRONT)
def insisting(room: Room) -> Seen:
    return _intrusion(room, NOTES, "activate", "raise", "focus", "insist")


@attempt("windows", "XSetInputFocus to another program's window", *FRONT)
def input_focus(room: Room) -> Seen:
    return _intrusion(room, NOTES, "focus")


@attempt("windows", "the input focus is taken from everybody", *FRONT)
def focus_to_nobody(room: Room) -> Seen:
    since = time.monotonic()
    room.x.set_input_focus(X.NONE, X.RevertToNone, X.CurrentTime)
    room.x.sync()
    return in_front(room, since)


@attempt("windows", "a window that demands attention", *FRONT)
def urgent(room: Room) -> Seen:
    return _intrusion(room, NOTES, "urgent")


@attempt("windows", "another window goes fullscreen and above all", *FRONT, quick=True)
def fullscreen_above(room: Room) -> Seen:
    return _intrusion(room, "fullscreen", "above", "activate")


@attempt("windows", "the same, again and again", *FRONT)
def fullscreen_insisting(room: Room) -> Seen:
    return _intrusion(room, "fullscreen", "above", "activate", "raise", "focus", "insist")


@attempt("windows", "a window the window manager does not know", *FRONT, quick=True)
def override_redirect(room: Room) -> Seen:
    return _intrusion(room, "override", NOTES)


@attempt("windows", "the same, raised ten times a second", *FRONT)
def override_insisting(room: Room) -> Seen:
    return _intrusion(room, "override", "raise", "insist", NOTES)


@attempt("windows", "a small note, 1 % of the screen", *FRONT)
def small_note(room: Room) -> Seen:
    return _intrusion(room, "override", "raise", "insist", "size=128x80+1100+60")


@attempt("windows", "six small notes side by side, 1 % each", *FRONT)
def many_small_notes(room: Room) -> Seen:
    since = time.monotonic()
    for number in range(6):
        room.intruder("override", "raise", "insist", f"size=128x80+{200 + 130 * number}+600")
    return in_front(room, since)


@attempt("windows", "a panel at the edge", *FRONT)
def dock(room: Room) -> Seen:
    return _intrusion(room, "dock", "above", "size=1280x60+0+740")


@attempt("windows", "a half transparent window", *FRONT)
def clear_overlay(room: Room) -> Seen:
    return _intrusion(room, "override", "clear", NOTES)


@attempt("windows", "an invisible window over the exam takes the clicks", *FRONT)
def clicks_taken(room: Room) -> Seen:
    child = room.intruder("input-only", "raise", "insist", "size=1280x800+0+0")
    until = time.monotonic() + LONG_S + 0.2
    while time.monotonic() < until:
        room.run("xdotool", "mousemove", "640", "400", "click", "3")
        room.pause(0.1)
    return Seen(child.count("button") > 5, f"{child.count('button')} clicks reached another program")


@attempt("windows", "another program keeps the pointer", *FRONT)
def pointer_grab(room: Room) -> Seen:
    child = room.intruder("override", "grab-pointer", "insist", "size=20x20+0+0")
    until = time.monotonic() + LONG_S + 0.2
    while time.monotonic() < until:
        room.run("xdotool", "mousemove", "640", "500", "click", "3")
        room.pause(0.1)
    return Seen(child.count("button") > 5, f"{child.count('button')} clicks reached another program")


# --- the exam's own window ------------------------------------------------------------------------------------------


def _done_to_ours(room: Room, act: Any) -> Seen:
    since = time.monotonic()
    act()
    room.x.sync()
    return in_front(room, since)


@attempt("own window", "another desktop is shown", *FRONT, quick=True)
def desktop_switch(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("wmctrl", "-s", "1"))


@attempt("own window", "the exam is sent to another desktop", *FRONT)
def sent_to_desktop(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("wmctrl", "-i", "-r", hex(room.window), "-t", "2"))


@attempt("own window", "“show desktop”", *FRONT, quick=True)
def show_desktop(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("wmctrl", "-k", "on"))


@attempt("own window", "the exam is minimized", *FRONT, quick=True)
def minimized(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("xdotool", "windowminimize", str(room.window)))


@attempt("own window", "the exam is minimized ten times a second", *FRONT)
def minimized_insisting(room: Room) -> Seen:
    since = time.monotonic()
    for _ in range(20):
        room.run("xdotool", "windowminimize", str(room.window))
        room.pause(0.08)
    return in_front(room, since)


@attempt("own window", "fullscreen is taken away", *FRONT, quick=True)
def fullscreen_removed(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("wmctrl", "-i", "-r", hex(room.window), "-b", "remove,fullscreen"))


@attempt("own window", "moved and made small", *FRONT)
def moved(room: Room) -> Seen:
    def act() -> None:
        room.run("wmctrl", "-i", "-r", hex(room.window), "-b", "remove,fullscreen")
        room.run("wmctrl", "-i", "-r", hex(room.window), "-e", "0,500,400,300,200")

    return _done_to_ours(room, act)


@attempt("own window", "made small past the window manager", *FRONT)
def configured(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.ours.configure(x=600, y=400, width=300, height=200))


@attempt("own window", "put below all others", *FRONT)
def put_below(room: Room) -> Seen:
    child = room.intruder("fullscreen")

    def act() -> None:
        room.run("wmctrl", "-i", "-r", hex(room.window), "-b", "add,below")
        room.ours.configure(stack_mode=X.Below)
        room.run("wmctrl", "-i", "-a", hex(child.window))

    return _done_to_ours(room, act)


@attempt("own window", "its window states are erased", *FRONT)
def states_erased(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.ours.delete_property(room.atom("_NET_WM_STATE")))


@attempt("own window", "shaded to nothing", *FRONT)
def shaded(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.run("wmctrl", "-i", "-r", hex(room.window), "-b", "add,shaded"))


@attempt("own window", "unmapped by another program", *FRONT)
def unmapped(room: Room) -> Seen:
    return _done_to_ours(room, lambda: room.ours.unmap())


@attempt("own window", "put into another program's window", *FRONT, ends=True)
def reparented(room: Room) -> Seen:
    child = room.intruder("override", NOTES)
    into = room.x.create_resource_object("window", child.window)
    return _done_to_ours(room, lambda: room.ours.reparent(into, 0, 0))


@attempt("own window", "a hole is cut into it, notes lie below", *FRONT, "CLIENT_TAMPERED")
def hole_cut(room: Room) -> Seen:
    room.intruder("override", NOTES)
    room.x.create_resource_object("window", room.window)
    since = time.monotonic()
    frame = _frame(room)
    frame.configure(stack_mode=X.Above)
    for window in (room.ours, frame):
        window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, [(0, 0, 1280, 100)])
    room.x.sync()
    try:
        return on_screen(room, since)
    finally:
        for window in (room.ours, frame):
            window.shape_mask(shape.SO.Set, shape.SK.Bounding, 0, 0, X.NONE)
        room.x.sync()


@attempt("own window", "another program draws into it", *FRONT)
def drawn_into(room: Room) -> Seen:
    return _drawing(room, room.ours, 0)


@attempt("own window", "another program draws over the whole screen", *FRONT)
def drawn_on_root(room: Room) -> Seen:
    return _drawing(room, room.x.screen().root, X.IncludeInferiors)


def _drawing(room: Room, target: Any, mode: int) -> Seen:
    pen = target.create_gc(foreground=MARK, subwindow_mode=mode)
    since = time.monotonic()
    while time.monotonic() < since + 1.6:
        target.fill_rectangle(pen, 200, 300, 500, 300)
        room.x.sync()
        room.pause(0.02)
    pen.free()
    lasted = room.eyes.longest_s(lambda look: look.covered, since)
    room.script("document.body.style.transform = document.body.style.transform ? '' : 'translateZ(0)'; 1")
    return Seen(lasted >= LONG_S, f"seen on the screen for {lasted:.1f} s" if lasted else "never seen on the screen")


@attempt("own window", "another program's window inside it", *FRONT)
def child_window(room: Room) -> Seen:
    since = time.monotonic()
    depth = room.x.screen().root_depth
    child = room.ours.create_window(200, 250, 700, 400, 0, depth, background_pixel=MARK)
    child.map()
    child.configure(stack_mode=X.Above)
    room.x.sync()
    try:
        return on_screen(room, since)
    finally:
        child.destroy()
        room.x.sync()


def _frame(room: Room) -> Any:
    """The window manager's frame around the exam's window."""
    window, root = room.ours, room.x.screen().root
    while (parent := window.query_tree().parent) and parent.id != root.id:
        window = parent
    return window


# --- and under another window manager -------------------------------------------------------------------------------


@attempt("windows", "xfwm4: wmctrl -a brings another window to the front", *FRONT, room="xfwm4")
def xfwm4_activates(room: Room) -> Seen:
    return wmctrl_activates(room)


@attempt("windows", "xfwm4: another window goes fullscreen and above all, again and again", *FRONT, room="xfwm4")
def xfwm4_fullscreen(room: Room) -> Seen:
    return fullscreen_insisting(room)


@attempt("own window", "xfwm4: minimized", *FRONT, room="xfwm4")
def xfwm4_minimized(room: Room) -> Seen:
    return minimized(room)


@attempt("own window", "xfwm4: another desktop is shown", *FRONT, room="xfwm4")
def xfwm4_desktop(room: Room) -> Seen:
    return desktop_switch(room)


@attempt("own window", "xfwm4: “show desktop”", *FRONT, room="xfwm4")
def xfwm4_show_desktop(room: Room) -> Seen:
    return show_desktop(room)


@attempt("own window", "xfwm4: fullscreen is taken away", *FRONT, room="xfwm4")
def xfwm4_fullscreen_removed(room: Room) -> Seen:
    return fullscreen_removed(room)
