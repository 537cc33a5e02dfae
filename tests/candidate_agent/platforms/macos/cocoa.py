"""A stand-in for the few parts of Cocoa that the doors use, with the shapes of pyobjc's own signatures.

It says nothing of a Mac. It runs every line of the doors, so that a slip in our own Python is found here.
"""

import sys
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


class Center:
    """NSWorkspace's notification center."""

    def __init__(self) -> None:
        self.blocks: dict[int, tuple[str, Callable[[Any], None]]] = {}

    def addObserverForName_object_queue_usingBlock_(self, name: str, _object: Any, _queue: Any, block: Any) -> int:
        token = len(self.blocks) + 1
        self.blocks[token] = (name, block)
        return token

    def removeObserver_(self, token: int) -> None:
        del self.blocks[token]

    def post(self, name: str, **told: Any) -> None:
        for known, block in list(self.blocks.values()):
            if known == name:
                block(SimpleNamespace(userInfo=lambda: told))


class Application:
    """NSApplication: refuses, as AppKit does, what may not go together."""

    def __init__(self) -> None:
        self.options = 0
        self.shown: list[Any] = []
        self.calls: list[str] = []

    def presentationOptions(self) -> int:
        return self.options

    def setPresentationOptions_(self, options: int) -> None:
        from candidate_agent.platforms.macos.kiosk import is_allowed

        assert is_allowed(options)
        self.options = options

    def windows(self) -> list[Any]:
        return self.shown

    def unhide_(self, _sender: Any) -> None:
        self.calls.append("unhide")

    def activateIgnoringOtherApps_(self, _flag: bool) -> None:
        self.calls.append("activate")


class CocoaWindow:
    def __init__(self, number: int, size: tuple[int, int], *, minimized: bool = False) -> None:
        self.number, self.size, self.minimized = number, size, minimized
        self.sharing = 1
        self.calls: list[str] = []

    def contentView(self) -> Any:
        return SimpleNamespace(address=self.number + 140_000_000)

    def windowNumber(self) -> int:
        return self.number

    def isVisible(self) -> bool:
        return not self.minimized

    def isMiniaturized(self) -> bool:
        return self.minimized

    def frame(self) -> Any:
        return SimpleNamespace(size=SimpleNamespace(width=self.size[0], height=self.size[1]))

    def screen(self) -> Any:
        whole = SimpleNamespace(size=SimpleNamespace(width=1440, height=900))
        return SimpleNamespace(frame=lambda: whole)

    def styleMask(self) -> int:
        return 0

    def deminiaturize_(self, _sender: Any) -> None:
        self.minimized = False
        self.calls.append("deminiaturize")

    def makeKeyAndOrderFront_(self, _sender: Any) -> None:
        self.calls.append("key")

    def orderFrontRegardless(self) -> None:
        self.calls.append("front")

    def toggleFullScreen_(self, _sender: Any) -> None:
        self.calls.append("fullscreen")

    def setSharingType_(self, sharing: int) -> None:
        self.sharing = sharing

    def sharingType(self) -> int:
        return self.sharing


class Board:
    """NSPasteboard. `dataForType_` answers what an item was given."""

    def __init__(self) -> None:
        self.changes = 1
        self.held: dict[str, bytes] = {}

    def changeCount(self) -> int:
        return self.changes

    def clearContents(self) -> int:
        self.held, self.changes = {}, self.changes + 1
        return self.changes

    def types(self) -> list[str]:
        return list(self.held)

    def dataForType_(self, form: str) -> bytes | None:
        return self.held.get(form)

    def writeObjects_(self, items: list[Any]) -> bool:
        for item in items:
            self.held.update(item.held)
        return True

    def copy(self, form: str, data: bytes) -> None:
        self.held, self.changes = {form: data}, self.changes + 1


class Item:
    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def init(self) -> "Item":
        return self

    def setData_forType_(self, data: bytes, form: str) -> bool:
        self.held[form] = data
        return True


class NSObject:
    @classmethod
    def alloc(cls) -> Any:
        return cls()

    def init(self) -> Any:
        return self


class Cocoa:
    """The state that the modules share, as the simulated machine's ports share theirs."""

    def __init__(self, own_pid: int) -> None:
        self.own_pid = own_pid
        self.front_pid = own_pid
        self.applications = {own_pid, 4_000_000}
        self.center = Center()
        self.application = Application()
        self.boards = {"general": Board(), "find": Board()}
        self.displays = {1: (0, 0, 1440, 900)}
        self.mirrors: dict[int, int] = {}
        self.window_list: list[dict[str, Any]] = []
        self.reconfigured: list[Any] = []
        self.session: dict[str, Any] = {"kCGSSessionOnConsoleKey": True}
        self.tap_allowed = True
        self.tap_on = False
        self.loop_ended = threading.Event()
        self.audio: list[Any] = []
        self.pressed_letter = ""
        self.busy = False
        self.waiting: list[Callable[[], None]] = []

    def later(self, act: Callable[[], None]) -> None:
        """What another thread wants of the main one: at once, or kept while the main one is `busy`."""
        if self.busy:
            self.waiting.append(act)
        else:
            act()

    def modules(self) -> dict[str, Any]:
        return {"AppKit": self._appkit(), "Quartz": self._quartz(), "Foundation": self._foundation(),
                "CoreAudio": self._core_audio(), "objc": self._objc(),
                "PyObjCTools": SimpleNamespace(AppHelper=SimpleNamespace(callAfter=self.later))}  # fmt: skip

    def _objc(self) -> Any:
        return SimpleNamespace(callbackFor=lambda _api: lambda made: made, pyobjc_id=lambda view: view.address)

    def _appkit(self) -> Any:
        def running(pid: int) -> Any:
            return (
                SimpleNamespace(processIdentifier=lambda: pid, terminate=lambda: True)
                if pid in self.applications
                else None
            )

        workspace = SimpleNamespace(
            notificationCenter=lambda: self.center, frontmostApplication=lambda: running(self.front_pid)
        )
        current = SimpleNamespace(activateWithOptions_=lambda _options: True)
        names = ("NSWorkspaceDidActivateApplicationNotification", "NSWorkspaceActiveSpaceDidChangeNotification",
                 "NSWorkspaceDidLaunchApplicationNotification", "NSPasteboardNameFind")  # fmt: skip
        return SimpleNamespace(
            NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: workspace),
            NSApplication=SimpleNamespace(sharedApplication=lambda: self.application),
            NSRunningApplication=SimpleNamespace(
                currentApplication=lambda: current, runningApplicationWithProcessIdentifier_=running
            ),
            NSPasteboard=SimpleNamespace(
                generalPasteboard=lambda: self.boards["general"], pasteboardWithName_=lambda _name: self.boards["find"]
            ),
            NSPasteboardItem=SimpleNamespace(alloc=Item),
            NSApplicationActivateIgnoringOtherApps=2,
            NSWindowStyleMaskFullScreen=1 << 14,
            NSWindowSharingNone=0,
            NSWindowSharingReadOnly=1,
            **{name: name for name in names},
        )

    def _foundation(self) -> Any:
        data = SimpleNamespace(dataWithBytes_length_=lambda data, length: data[:length])
        url = SimpleNamespace(fileURLWithPath_=lambda path: path)
        return SimpleNamespace(NSData=data, NSURL=url, NSObject=NSObject)

    def _core_audio(self) -> Any:
        return SimpleNamespace(
            kAudioHardwarePropertyDefaultOutputDevice=1, kAudioObjectPropertyScopeGlobal=2,
            kAudioObjectPropertyElementMain=0, kAudioObjectSystemObject=1,
            AudioObjectPropertyAddress=lambda *parts: parts,
            AudioObjectAddPropertyListener=lambda _object, _address, listener, _data: self.audio.append(listener),
            AudioObjectRemovePropertyListener=lambda _object, _address, listener, _data: self.audio.remove(listener),
        )  # fmt: skip

    def _quartz(self) -> Any:
        def bounds(number: int) -> Any:
            x, y, width, height = self.displays[number]
            return SimpleNamespace(
                origin=SimpleNamespace(x=float(x), y=float(y)),
                size=SimpleNamespace(width=float(width), height=float(height)),
            )

        def listed(wanted: Callable[[int], bool]) -> Callable[..., tuple[int, tuple[int, ...], int]]:
            def ask(_most: int, _displays: None, _count: None) -> tuple[int, tuple[int, ...], int]:
                found = tuple(number for number in self.displays if wanted(number))
                return 0, found, len(found)

            return ask

        return SimpleNamespace(
            CGGetOnlineDisplayList=listed(lambda number: True),
            CGGetActiveDisplayList=listed(lambda number: number not in self.mirrors),
            CGDisplayBounds=bounds,
            CGMainDisplayID=lambda: 1,
            CGDisplayIsBuiltin=lambda number: int(number == 1),
            CGDisplayMirrorsDisplay=lambda number: self.mirrors.get(number, 0),
            CGDisplayRegisterReconfigurationCallback=lambda call, _info: self.reconfigured.append(call),
            CGDisplayRemoveReconfigurationCallback=lambda call, _info: self.reconfigured.remove(call),
            CGWindowListCopyWindowInfo=lambda _options, _relative: tuple(self.window_list),
            CGSessionCopyCurrentDictionary=lambda: self.session,
            kCGWindowListOptionOnScreenOnly=1, kCGWindowListExcludeDesktopElements=16, kCGNullWindowID=0,
            **self._tap(),
        )  # fmt: skip

    def _tap(self) -> dict[str, Any]:
        def enable(_tap: Any, on: bool) -> None:
            self.tap_on = on

        def letter(_event: Any, _most: int, _length: None, _text: None) -> tuple[int, str]:
            return len(self.pressed_letter), self.pressed_letter

        return {
            "kCGSessionEventTap": 1, "kCGHeadInsertEventTap": 0, "kCGEventTapOptionDefault": 0, "kCGEventKeyDown": 10,
            "kCGEventTapDisabledByTimeout": 4294967294, "kCGEventTapDisabledByUserInput": 4294967295,
            "kCFRunLoopCommonModes": "common", "kCGKeyboardEventKeycode": 9, "kCGKeyboardEventAutorepeat": 8,
            "kCGEventSourceUnixProcessID": 41, "kCGEventSourceStateID": 45,
            "CGEventMaskBit": lambda kind: 1 << kind,
            "CGEventTapCreate": lambda *given: "tap" if self.tap_allowed else None,
            "CGEventTapEnable": enable,
            "CGEventTapIsEnabled": lambda _tap: self.tap_on,
            "CGEventGetIntegerValueField": lambda event, field: event.get(field, 0),
            "CGEventGetFlags": lambda event: event["flags"],
            "CGEventKeyboardGetUnicodeString": letter,
            "CFMachPortCreateRunLoopSource": lambda _allocator, _tap, _order: "source",
            "CFRunLoopGetCurrent": lambda: "loop",
            "CFRunLoopAddSource": lambda _loop, _source, _mode: None,
            "CFRunLoopRun": self.loop_ended.wait,
            "CFRunLoopStop": lambda _loop: self.loop_ended.set(),
            "CFMachPortInvalidate": lambda _tap: None,
        }  # fmt: skip


def install(monkeypatch: pytest.MonkeyPatch, own_pid: int) -> Cocoa:
    cocoa = Cocoa(own_pid)
    for name, stand_in in cocoa.modules().items():
        module = ModuleType(name)
        vars(module).update(vars(stand_in))
        monkeypatch.setitem(sys.modules, name, module)
    return cocoa
