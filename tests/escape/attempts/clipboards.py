"""The clipboard and its kin: into the exam, out of the exam, and races for it."""

import sys
import time

from tests.escape.attempt import Seen, attempt
from tests.escape.room import Room

USED = ("CLIPBOARD_USED",)
OUTSIDE = "brought from outside "


def _pasted(room: Room, since: float, *press: str) -> Seen:
    before = room.answer()
    for keys in press:
        room.run("xdotool", *keys.split())
        room.pause(0.15)
    after = room.answer()
    return Seen(OUTSIDE.strip() in after and after != before, f"{len(after) - len(before)} characters came in", since)


@attempt("clipboard", "xclip brings a text in, Ctrl+V", *USED, quick=True)
def brought_in(room: Room) -> Seen:
    room.focus_answer()
    since = time.monotonic()
    room.run("xclip", "-selection", "clipboard", "-i", text=OUTSIDE, within_s=1)
    return _pasted(room, since, "key ctrl+v", "key shift+Insert", "key ctrl+shift+v")


@attempt("clipboard", "a text is selected outside, middle click", *USED)
def primary_brought_in(room: Room) -> Seen:
    room.focus_answer()
    since = time.monotonic()
    room.run("xclip", "-selection", "primary", "-i", text=OUTSIDE, within_s=1)
    return _pasted(room, since, "click 2", "key shift+Insert")


@attempt("clipboard", "a clipboard manager that takes it again and again", *USED)
def race_in(room: Room) -> Seen:
    room.focus_answer()
    since = time.monotonic()
    room.speaker(sys.executable, "-m", "tests.escape.tools.owner", "CLIPBOARD", "PRIMARY")
    return _pasted(room, since, *(["key ctrl+v", "click 2"] * 8))


@attempt("clipboard", "what was copied before the exam, Ctrl+V", *USED, alone=True)
def from_before(room: Room) -> Seen:
    room.run("xclip", "-selection", "clipboard", "-i", text=OUTSIDE, within_s=1)
    room.begin_exam()
    room.focus_answer()
    return _pasted(room, time.monotonic(), "key ctrl+v", "click 2")


@attempt("clipboard", "cut buffers", *USED)
def cut_buffer(room: Room) -> Seen:
    room.focus_answer()
    since = time.monotonic()
    room.x.screen().root.change_text_property(room.atom("CUT_BUFFER0"), 31, OUTSIDE)
    room.x.sync()
    return _pasted(room, since, "key ctrl+v", "click 2", "key shift+Insert")


def _taken_out(room: Room, since: float, *press: str) -> Seen:
    room.focus_answer()
    mark = "OUTWARDBOUND"
    room.type(mark)
    found = ""
    for keys in press:
        room.run("xdotool", *keys.split())
        for selection in ("clipboard", "primary"):
            found += room.run("xclip", "-selection", selection, "-o", within_s=1)
    return Seen(mark in found, "another program read it" if mark in found else "nothing came out", since)


@attempt("clipboard", "the answer is copied, another program asks for it", *USED, quick=True)
def taken_out(room: Room) -> Seen:
    return _taken_out(room, time.monotonic(), "key ctrl+a", "key ctrl+c", "key ctrl+x", "key ctrl+Insert")


@attempt("clipboard", "the question is selected by pointer, another program asks for it", *USED)
def question_taken_out(room: Room) -> Seen:
    since = time.monotonic()
    room.run("xdotool", "mousemove", "60", "92", "click", "--repeat", "3", "1")
    found = ""
    for keys in ("key ctrl+c", "key ctrl+Insert"):
        room.run("xdotool", *keys.split())
        found += "".join(room.run("xclip", "-selection", name, "-o", within_s=1) for name in ("primary", "clipboard"))
    return Seen("SECRETQUESTION" in found, "another program read it" if found else "nothing came out", since)


@attempt("clipboard", "a program asks ten times a second while copying goes on", *USED)
def race_out(room: Room) -> Seen:
    since = time.monotonic()
    reader = room.speaker(sys.executable, "-m", "tests.escape.tools.reader", "CLIPBOARD", "PRIMARY")
    room.focus_answer()
    room.type("OUTWARDBOUND")
    for _ in range(6):
        room.run("xdotool", "key", "ctrl+a", "key", "ctrl+c", "key", "ctrl+x")
    room.pause(0.2)
    return Seen(reader.count("text") > 0, f"{reader.count('text')} times another program read something", since)


@attempt("clipboard", "a text is dropped on the exam from outside", "CLIPBOARD_USED")
def dropped_in(room: Room) -> Seen:
    room.focus_answer()
    before, since = room.answer(), time.monotonic()
    room.speaker(sys.executable, "-m", "tests.escape.tools.dropper", str(room.window), OUTSIDE)
    room.pause(1.2)
    after = room.answer()
    return Seen(after != before, f"{len(after) - len(before)} characters came in", since)


@attempt("clipboard", "the answer is dragged out of the exam", "CLIPBOARD_USED")
def dragged_out(room: Room) -> Seen:
    room.focus_answer()
    room.type("OUTWARDBOUND")
    room.run("xdotool", "key", "ctrl+a")
    since = time.monotonic()
    reader = room.speaker(sys.executable, "-m", "tests.escape.tools.reader", "XdndSelection")
    room.run("xdotool", "mousemove", "60", "160", "mousedown", "1")
    for x in range(70, 700, 30):
        room.run("xdotool", "mousemove", str(x), str(160 + x // 3))
    room.pause(0.3)
    room.run("xdotool", "mouseup", "1")
    return Seen(reader.count("text") > 0, f"{reader.count('text')} times another program read something", since)
