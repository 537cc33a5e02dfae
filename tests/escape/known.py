"""Attempts that are known to succeed: why, and what could be done. `make escape` fails when what is missed is anything
else, so that neither a regression nor a cure goes unnoticed. Data.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownMiss:
    name: str
    reason: str
    could: str


_SHOWN = "X11 shows every program of a desktop what every other one shows, and tells nobody who looked"
_LIST = "name the program in the published list; on Wayland the desktop asks first, on Windows the window is left out"
_KEYS = "X11 lets every program of a desktop listen to all keys; which one listens cannot be told"
_DRAWN = "X11 lets every program draw into every window, with no event for the owner"
_NAME = "a program is known by its name, its window or its file; this one has none of them"

KNOWN: tuple[KnownMiss, ...] = (
    KnownMiss("capture.xwd", _SHOWN, _LIST),
    KnownMiss("capture.ffmpeg", f"{_SHOWN}; ffmpeg has too many honest uses for the list", _LIST),
    KnownMiss("capture.renamed_tool", _SHOWN, _LIST),
    KnownMiss("capture.script_picture", _SHOWN, _LIST),
    KnownMiss("capture.window_picture", _SHOWN, _LIST),
    KnownMiss("keys.listens_xrecord", _KEYS, "nothing on X11; on Wayland nobody may"),
    KnownMiss("keys.listens_keymap", _KEYS, "nothing on X11; on Wayland nobody may"),
    KnownMiss("keys.listens_raw", _KEYS, "nothing on X11; on Wayland nobody may"),
    KnownMiss(
        "keys.sent_events",
        "the toolkit takes made-up key events for real ones",
        "drop key events that carry the mark of SendEvent in a native event filter of the toolkit",
    ),
    KnownMiss(
        "windows.pointer_grab",
        "X11 gives the pointer to whoever asks first, and tells nobody; nothing of the exam leaves by it",
        "try to grab the pointer for a moment now and then: a refusal shows that somebody else has it",
    ),
    KnownMiss("own window.drawn_into", _DRAWN, "a proctor sees it on the recording of the screen, which has it"),
    KnownMiss("own window.drawn_on_root", _DRAWN, "a proctor sees it on the recording of the screen, which has it"),
    KnownMiss("programs.renamed", _NAME, "allow listed programs alone, by policy: what is not on the list is flagged"),
    KnownMiss("programs.from_memory", _NAME, "flag whatever runs without a file on the disk"),
    KnownMiss("remote.x11vnc_renamed", _NAME, "flag who looks at this screen and listens on the network"),
    KnownMiss("remote.x11vnc_before", _NAME, "flag who looks at this screen and listens on the network"),
    KnownMiss("remote.x11vnc_changed", _NAME, "flag who looks at this screen and listens on the network"),
    KnownMiss(
        "integrity.memory_read",
        "root may read all memory, and no sign of it is left",
        "a process that is not dumpable keeps the same user's programs out, not root",
    ),
    KnownMiss(
        "integrity.clock_there_and_back",
        "the clock is looked at once a second; a jump that is undone before changes nothing",
        "a timer that the kernel cancels when the clock is set",
    ),
    KnownMiss(
        "environment.proxy",
        "institutions and homes need proxies; the exam's own line is encrypted, the page's as far as it uses https",
        "a policy that names the proxy",
    ),
)  # fmt: skip
