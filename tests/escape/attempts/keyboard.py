"""Keys: combinations under every lock modifier, other programs that grab, inject or listen, and the keyboard map."""

import re
import sys
import time

from Xlib import X
from Xlib.protocol import event as xevent

from tests.escape.attempt import LONG_S, NotHere, Seen, attempt
from tests.escape.desktop import COMBINATIONS
from tests.escape.endings import gone_in_order
from tests.escape.room import Room
from tests.rig.xserver import wait_for

SHORTCUT = ("SHORTCUT_BLOCKED", "PRINT_SCREEN")


def press_all(room: Room) -> None:
    room.run("xdotool", "key", "--delay", "4", *COMBINATIONS, within_s=20)


def _families(room: Room, *before: str) -> Seen:
    """All combinations while the window manager has a program bound to each of them."""
    reached = room.screen.reached_path
    reached.unlink(missing_ok=True)
    since = time.monotonic()
    if before:
        room.run("xdotool", *before)
    try:
        press_all(room)
        room.pause(0.3)
    finally:
        if before:
            room.run("xdotool", *(word.replace("keydown", "keyup") for word in before))
    came = sorted(set(reached.read_text().split())) if reached.exists() else []
    lasted = room.eyes.longest_s(lambda look: look.lost or look.covered, since)
    what = f"came through: {', '.join(came)}" if came else f"none of {len(COMBINATIONS)} came through"
    return Seen(bool(came) or lasted >= LONG_S, what)


@attempt("keys", "28 combinations that window managers listen to", *SHORTCUT, quick=True)
def combinations(room: Room) -> Seen:
    return _families(room)


@attempt("keys", "the same under NumLock", *SHORTCUT)
def combinations_numlock(room: Room) -> Seen:
    return _families(room, "key", "Num_Lock")


@attempt("keys", "the same under CapsLock", *SHORTCUT)
def combinations_capslock(room: Room) -> Seen:
    return _families(room, "key", "Caps_Lock")


@attempt("keys", "the same under the third level", *SHORTCUT)
def combinations_third_level(room: Room) -> Seen:
    return _families(room, "keydown", "ISO_Level3_Shift")


@attempt("keys", "the same while the page loads", *SHORTCUT)
def combinations_while_loading(room: Room) -> Seen:
    room.script("location.reload(); 1")
    seen = _families(room)
    wait_for(lambda: room.script("document.readyState === 'complete'"), "the page again", 10)
    return seen


@attempt("keys", "combinations from the moment the exam's window opens", *SHORTCUT, alone=True)
def combinations_while_locking(room: Room) -> Seen:
    reached = room.screen.reached_path
    room.begin_exam(meanwhile=lambda: room.run("xdotool", "key", "alt+F4", "super+e", "ctrl+alt+t", "alt+Tab"))
    room.exam_or_fail.ask("fresh")
    reached.unlink(missing_ok=True)
    since = time.monotonic()
    room.run("xdotool", "key", "alt+F4", "super+e", "ctrl+alt+t", "alt+Tab")
    room.pause(0.3)
    return Seen(reached.exists(), "before the lock they do what they do; once it holds, none came through", since)


@attempt("keys", "Shift five times, for sticky keys", *SHORTCUT)
def sticky_keys(room: Room) -> Seen:
    since = time.monotonic()
    room.run("xdotool", "key", "--delay", "30", *["Shift_L"] * 5)
    room.run("xdotool", "key", "Alt_L", "Tab")
    lasted = room.watch(lambda look: look.lost or look.covered, since)
    return Seen(lasted >= LONG_S, "nothing came of it")


@attempt("keys", "another program grabs the keyboard", "FOCUS_LOST", "CLIENT_TAMPERED", quick=True)
def foreign_grab(room: Room) -> Seen:
    child = room.intruder("override", "grab-keyboard", "insist", "size=10x10+0+0")
    return _typed_past(room, child)


@attempt("keys", "another program grabs single keys", "CLIENT_TAMPERED")
def foreign_key_grab(room: Room) -> Seen:
    root = room.x.screen().root
    codes = {room.x.keysym_to_keycode(ord(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"}
    for code in codes:
        root.grab_key(code, X.AnyModifier, True, X.GrabModeAsync, X.GrabModeAsync)
    room.x.sync()
    before = room.answer()
    try:
        room.type("secret")
        came = 0
        while room.x.pending_events():
            came += room.x.next_event().type == X.KeyPress
    finally:
        for code in codes:
            root.ungrab_key(code, X.AnyModifier)
        room.x.sync()
    return Seen(came > 0, f"{came} keys reached another program; the exam got {len(room.answer()) - len(before)} of 6")


@attempt("keys", "the keyboard is held by another program before the exam begins", "FOCUS_LOST", alone=True)
def grabbed_before(room: Room) -> Seen:
    child = room.intruder("override", "grab-keyboard", "size=10x10+0+0")
    room.try_exam()
    exam = room.exam_or_fail
    wait_for(lambda: exam.phase() in ("offline", "ended", "failing") or not exam.alive, "an answer of the lockdown", 30)
    shown = exam.phase() == "offline"
    room.run("xdotool", "type", "secret")
    what = f"the exam is in phase {exam.phase()}; {child.count('key')} keys reached another program"
    return Seen(shown and child.count("key") > 0, what, ends=not shown)


def _typed_past(room: Room, child: "object") -> Seen:
    before = room.answer()
    room.pause(0.3)
    room.type("secret")
    room.pause(0.3)
    keys = child.count("key")  # type: ignore[attr-defined]
    return Seen(keys > 0, f"{keys} keys reached another program; the exam got {len(room.answer()) - len(before)} of 6")


# --- keys that come from programs, and programs that listen ---------------------------------------------------------


@attempt("keys", "a program types an answer (XTEST)", "INPUT_INJECTED", "INPUT_BURST", quick=True)
def injected(room: Room) -> Seen:
    room.focus_answer()
    before, since = room.answer(), time.monotonic()
    text = "an eigenvalue of zero would make the determinant vanish so the matrix could not be inverted at all "
    room.type(text * 2, delay_ms=4)
    wait_for(lambda: len(room.answer()) > len(before), "what was typed", 3)
    return Seen(True, f"{len(room.answer()) - len(before)} characters arrived in the answer", since)


@attempt("keys", "a program sends made-up key events (XSendEvent)", "INPUT_INJECTED")
def sent_events(room: Room) -> Seen:
    room.focus_answer()
    before = room.answer()
    root, code = room.x.screen().root, room.x.keysym_to_keycode(ord("x"))
    focus = room.x.get_input_focus().focus
    for target in (room.ours, focus):
        for kind in (xevent.KeyPress, xevent.KeyRelease):
            target.send_event(
                kind(
                    time=X.CurrentTime, root=root, window=target, same_screen=1, child=X.NONE, root_x=400, root_y=300,
                    event_x=400, event_y=300, state=0, detail=code,
                )
            )  # fmt: skip
    room.x.sync()
    room.pause(0.5)
    return Seen(room.answer() != before, "the answer changed" if room.answer() != before else "the answer is as it was")


@attempt("keys", "a second keyboard with a focus of its own (XInput)", "KEYBOARD_ADDED", "FOCUS_LOST", ends=True)
def second_master(room: Room) -> Seen:
    """A second pair has its own focus and is held by nobody's grab. That it is taken away again ends the agent: the
    toolkit breaks, and the keeper gives the computer back."""
    child = room.intruder("override", "size=20x20+0+0")
    room.run("xinput", "create-master", "other")
    try:
        listed = room.run("xinput", "list", "--short")
        numbers = [re.search(rf"other {kind}\s+id=(\d+)", listed) for kind in ("keyboard", "XTEST keyboard")]
        if None in numbers:
            raise NotHere("xinput could not make a second keyboard")
        since = time.monotonic()
        tool = (sys.executable, "-m", "tests.escape.tools.second_keyboard")
        room.run(*tool, *(found.group(1) for found in numbers if found), str(child.window))
        room.pause(LONG_S)
        return Seen(child.count("key") > 0, f"{child.count('key')} keys reached another program", since)
    finally:
        room.run("xinput", "remove-master", "other pointer")


def _listener(room: Room, way: str) -> Seen:
    child = room.speaker(sys.executable, "-m", "tests.escape.tools.keylogger", way)
    room.focus_answer()
    since = time.monotonic()
    room.type("secret", delay_ms=60)
    room.pause(0.4)
    return Seen(child.count("key") >= 5, f"another program saw {child.count('key')} of 6 keys", since)


@attempt("keys", "a program listens to every key (XRecord)", "CLIENT_TAMPERED", "CAPTURE_TOOL")
def listens_xrecord(room: Room) -> Seen:
    return _listener(room, "record")


@attempt("keys", "a program asks for the pressed keys again and again", "CLIENT_TAMPERED", "CAPTURE_TOOL")
def listens_keymap(room: Room) -> Seen:
    return _listener(room, "keymap")


@attempt("keys", "a program listens to raw input (XInput)", "CLIENT_TAMPERED", "CAPTURE_TOOL")
def listens_raw(room: Room) -> Seen:
    return _listener(room, "raw")


# --- the keyboard map -----------------------------------------------------------------------------------------------


def _switch_keys(room: Room) -> bool:
    """On a key: the map's rules name them all the time."""
    keys = re.findall(r"^    key <[^;]*;", room.run("xkbcomp", "-w0", room.screen.display, "-"), re.MULTILINE)
    return any(re.search(r"XF86Switch_VT|XF86ClearGrab|XF86Ungrab", key) for key in keys)


MAP_S = 2.0  # upkeep looks once a second, and a new map takes a moment to be compiled


def _map_changed(room: Room, *command: str) -> Seen:
    since = time.monotonic()
    room.run(*command)
    until = since + 6.5
    while not _switch_keys(room) and time.monotonic() < since + 0.5:
        room.pause(0.05)
    came = _switch_keys(room)
    while _switch_keys(room) and time.monotonic() < until:
        room.pause(0.1)
    lasted = time.monotonic() - since
    return Seen(
        came and lasted >= MAP_S, f"switching keys were there for {lasted:.1f} s" if came else "no effect", since
    )


HELD = ("MEASURE_UNDONE",)


@attempt("keys", "setxkbmap puts the terminal switching keys back", *HELD, quick=True)
def setxkbmap(room: Room) -> Seen:
    return _map_changed(room, "setxkbmap", "-option", "", "-layout", "us")


@attempt("keys", "xmodmap puts a terminal switching key back", *HELD)
def xmodmap(room: Room) -> Seen:
    return _map_changed(room, "xmodmap", "-e", "keycode 73 = F7 F7 F7 F7 XF86Switch_VT_7 XF86Switch_VT_7")


@attempt("keys", "a key that breaks grabs is put in, and pressed", *HELD, *SHORTCUT)
def breaks_grab(room: Room) -> Seen:
    since, free_s = time.monotonic(), 0.0
    room.run("setxkbmap", "-option", "grab:break_actions")
    while time.monotonic() < since + 3:
        room.run("xdotool", "keydown", "ctrl", "keydown", "alt", "key", "KP_Divide", "keyup", "alt", "keyup", "ctrl")
        free_s += 0.2 if room.keyboard_free() else 0.0
        room.pause(0.2)
    return Seen(
        free_s >= LONG_S, f"the keyboard was free for about {free_s:.1f} s" if free_s else "the grab held", since
    )


@attempt("keys", "a key that ends whoever grabs is put in, and pressed", *HELD, *SHORTCUT, ends=True)
def clears_grab(room: Room) -> Seen:
    since = time.monotonic()
    room.run("setxkbmap", "-option", "grab:break_actions")
    room.run("xdotool", "keydown", "ctrl", "keydown", "alt", "key", "KP_Multiply", "keyup", "alt", "keyup", "ctrl")
    return gone_in_order(room, since)
