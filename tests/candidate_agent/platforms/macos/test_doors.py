"""The doors to Cocoa against the stand-in of `cocoa`: what they ask for, and that all of it is given back."""

import os
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos import assessment, awake, door, iokit, permissions
from candidate_agent.platforms.macos.assessment import MacAssessment
from candidate_agent.platforms.macos.awake import MacAwake
from candidate_agent.platforms.macos.capture_exclusion import MacCaptureExclusion
from candidate_agent.platforms.macos.clipboard import MacClipboard
from candidate_agent.platforms.macos.combinations import CMD
from candidate_agent.platforms.macos.displays import MacDisplays
from candidate_agent.platforms.macos.event_tap import EventTap, Presses
from candidate_agent.platforms.macos.hotplug import MacHotplug
from candidate_agent.platforms.macos.keys import MacKeys
from candidate_agent.platforms.macos.kiosk import AUTO_HIDE_DOCK, AUTO_HIDE_MENU_BAR, FULL_SCREEN, KIOSK, wanted
from candidate_agent.platforms.macos.processes import MacProcesses
from candidate_agent.platforms.macos.system import MacSystem
from candidate_agent.platforms.macos.windows import MacWindows
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    AudioRouteChanged,
    ClipboardTaken,
    CombinationPressed,
    DeviceAdded,
    DeviceEvent,
    DisplaysChanged,
    KeyEvent,
    KeysCounted,
    Process,
    WindowEvent,
    WindowOpened,
    WindowOverOurs,
)
from tests.candidate_agent.platforms.collected import Collected
from tests.candidate_agent.platforms.macos.cocoa import Cocoa, CocoaWindow, install
from tests.candidate_agent.platforms.macos.test_window_list import entry

PID, OTHER_PID, GONE_PID, SCREEN = os.getpid(), 4_000_000, 4_999_999, (0, 0, 1440, 900)
TAB, A, KEY_DOWN, TIMED_OUT = 0x30, 0x00, 10, 4294967294


@pytest.fixture
def cocoa(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cocoa]:
    before = threading.active_count()
    yield install(monkeypatch, PID)
    assert threading.active_count() == before


def test_a_display_that_comes_is_told_when_the_system_tells(cocoa: Cocoa) -> None:
    seen: Collected[DisplaysChanged] = Collected()
    port = MacDisplays()
    assert [display.name for display in port.displays()] == ["built-in"]
    close = port.watch(seen)
    cocoa.displays[7], cocoa.mirrors[7] = (0, 0, 1920, 1080), 1
    cocoa.reconfigured[0](7, 0, None)
    event = seen.wait(lambda event: len(event.displays) == 2, 1.0)
    assert event.displays[1].mirrors == "built-in"
    close()
    close()
    assert not cocoa.reconfigured


def test_another_program_s_window_is_told_when_the_system_tells_of_it(cocoa: Cocoa) -> None:
    cocoa.window_list = [entry(11, PID, SCREEN)]
    seen: Collected[WindowEvent] = Collected()
    port = MacWindows()
    active = port.active()
    assert active is not None and active.id == 11 and active.fullscreen
    close = port.watch(11, seen)
    cocoa.window_list, cocoa.front_pid = [entry(22, OTHER_PID, SCREEN), entry(11, PID, SCREEN)], OTHER_PID
    cocoa.center.post("NSWorkspaceDidActivateApplicationNotification")
    seen.wait(lambda event: isinstance(event, ActiveWindowChanged) and not event.ours)
    seen.wait(lambda event: isinstance(event, WindowOpened) and event.window.id == 22)
    seen.wait(lambda event: isinstance(event, WindowOverOurs) and event.share == 1.0)
    close()
    close()
    assert not cocoa.center.blocks


def test_the_front_is_taken_back_with_the_window_shown_and_filling_the_screen(cocoa: Cocoa) -> None:
    panel, exam = CocoaWindow(5, (100, 100)), CocoaWindow(11, (800, 600), minimized=True)
    cocoa.application.shown = [panel, exam]
    MacWindows().bring_to_front(140_000_011)  # the toolkit's own name for it
    assert cocoa.application.calls == ["unhide", "activate"]
    assert exam.calls == ["deminiaturize", "key", "front", "fullscreen"] and not panel.calls


def test_our_window_goes_by_the_name_that_the_toolkit_uses(cocoa: Cocoa) -> None:
    cocoa.application.shown = [CocoaWindow(11, (1440, 900))]
    cocoa.window_list = [entry(11, PID, SCREEN), entry(22, OTHER_PID, SCREEN), entry(12, PID, (0, 0, 9, 9))]
    assert [window.id for window in MacWindows().windows()] == [12, 22, 140_000_011]


def test_without_a_window_the_program_alone_is_activated(cocoa: Cocoa) -> None:
    MacWindows().bring_to_front(11)
    assert cocoa.application.calls == ["unhide", "activate"]


def key(code: int, flags: int, **more: int) -> dict[Any, int]:
    return {9: code, "flags": flags, 45: 1, **{int(field): value for field, value in more.items()}}


def test_the_tap_ends_combinations_and_lets_typing_pass(cocoa: Cocoa) -> None:
    seen: list[CombinationPressed] = []
    tap = EventTap(Presses(seen.append))
    tap.start()
    combination, letter = key(TAB, CMD, **{"41": 4711}), key(A, 0)
    assert tap.on()
    assert tap._arrived(None, KEY_DOWN, combination, None) is None
    assert tap._arrived(None, KEY_DOWN, letter, None) is letter
    assert seen == [CombinationPressed("Cmd+Tab", injected=True)]
    cocoa.pressed_letter = "q"
    assert tap._arrived(None, KEY_DOWN, key(A, CMD), None) is None
    tap.end()
    tap.end()
    assert not tap.on() and not cocoa.tap_on


def test_a_tap_that_the_system_switched_off_is_on_again(cocoa: Cocoa) -> None:
    tap = EventTap(Presses(lambda event: None))
    tap.start()
    cocoa.tap_on = False
    assert not tap.on()
    assert tap._arrived(None, TIMED_OUT, "event", None) == "event"
    assert tap.on()
    tap.end()


def test_an_error_never_keeps_a_person_from_typing(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda given: told.append(str(given.exc_value)))

    def fail(event: CombinationPressed) -> None:
        raise ValueError("full")

    tap = EventTap(Presses(fail))
    tap.start()
    event = key(TAB, CMD)
    assert tap._arrived(None, KEY_DOWN, event, None) is event
    assert told == ["full"]
    tap.end()


def test_keys_are_held_only_while_all_of_it_is_in_force(cocoa: Cocoa) -> None:
    before = cocoa.application.options = FULL_SCREEN | AUTO_HIDE_DOCK | AUTO_HIDE_MENU_BAR
    port = MacKeys()
    assert not port.held()
    close = port.watch(lambda event: None)
    assert port.held() and cocoa.application.options == KIOSK | FULL_SCREEN
    cocoa.session["kCGSSessionSecureInputPID"] = OTHER_PID
    assert not port.held()
    cocoa.session["kCGSSessionSecureInputPID"] = PID  # a password field of the exam's own page
    assert port.held()
    close()
    close()
    assert not port.held() and cocoa.application.options == before


def test_without_the_permission_nothing_is_held_but_the_options(cocoa: Cocoa) -> None:
    cocoa.tap_allowed = False
    port = MacKeys()
    close = port.watch(lambda event: None)
    assert not port.held() and cocoa.application.options == KIOSK
    close()
    assert cocoa.application.options == 0


def test_options_that_a_toolkit_changed_are_put_back_and_keys_counted(cocoa: Cocoa) -> None:
    seen: Collected[KeyEvent] = Collected()
    port = MacKeys()
    close = port.watch(seen)
    cocoa.application.options = FULL_SCREEN | AUTO_HIDE_DOCK
    assert port._tap is not None
    port._tap._arrived(None, KEY_DOWN, key(A, 0), None)
    seen.wait(lambda event: event == KeysCounted(1, 0, 1000))
    port._kiosk.hold()
    assert cocoa.application.options == wanted(FULL_SCREEN)
    close()


def test_a_busy_window_neither_holds_up_the_end_nor_keeps_the_options(
    cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MAIN_S", 0.01)
    port = MacKeys()
    close = port.watch(lambda event: None)
    cocoa.busy = True
    held: list[bool] = []

    def ask() -> None:
        held.append(port.held())

    for act in (ask, close):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join(5.0)
        assert not thread.is_alive()
    assert held == [False] and cocoa.application.options == KIOSK
    for act in cocoa.waiting:
        act()
    assert cocoa.application.options == 0


def test_both_pasteboards_are_emptied_kept_empty_and_filled_again(cocoa: Cocoa) -> None:
    general, find = cocoa.boards["general"], cocoa.boards["find"]
    general.copy("public.utf8-plain-text", "notes: äöü".encode())
    find.copy("public.utf8-plain-text", b"searched for")
    port = MacClipboard()
    old = port.read()
    assert [(piece.selection, piece.data) for piece in old] == [
        ("general", "notes: äöü".encode()), ("find", b"searched for")]  # fmt: skip
    seen: Collected[ClipboardTaken] = Collected()
    close = port.isolate(seen)
    assert port.isolated() and not general.held and not find.held
    cocoa.front_pid = OTHER_PID
    general.copy("public.utf8-plain-text", b"the answer is 42")
    assert seen.wait(lambda event: True) == ClipboardTaken("general")
    assert not general.held and port.isolated()
    close()
    close()
    assert not port.isolated()
    port.put_back(old)
    assert port.read() == old


def test_what_comes_from_another_device_is_told_even_while_the_exam_is_in_front(cocoa: Cocoa) -> None:
    seen: Collected[ClipboardTaken] = Collected()
    close = MacClipboard().isolate(seen)
    cocoa.boards["general"].copy("com.apple.is-remote-clipboard", b"1")
    seen.wait(lambda event: event.selection == "general")
    close()


def test_nothing_on_the_pasteboard_is_put_back_as_nothing(cocoa: Cocoa) -> None:
    port = MacClipboard()
    cocoa.boards["general"].copy("public.png", b"newer")
    port.put_back(())
    assert port.read() == ()


class Power:
    """The few functions of IOKit that `awake` uses."""

    def __init__(self, failing_at: int = 0) -> None:
        self.held: dict[int, str] = {}
        self.made = 0
        self.failing_at = failing_at
        self.active = threading.Event()

    def IOPMAssertionCreateWithName(self, kind: str, level: int, reason: str, _number: None) -> tuple[int, int]:
        self.made += 1
        if self.made == self.failing_at:
            return -1, 0
        self.held[self.made] = kind
        return 0, self.made

    def IOPMAssertionDeclareUserActivity(self, reason: str, kind: int, before: int) -> tuple[int, int]:
        self.held[900] = "activity"
        self.active.set()
        return 0, 900

    def IOPMAssertionRelease(self, number: int) -> int:
        del self.held[number]
        return 0

    def IOPMAssertionCopyProperties(self, number: int) -> dict[str, str] | None:
        return {"AssertType": self.held[number]} if number in self.held else None


def test_the_computer_stays_awake_until_it_is_let_go(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    power = Power()
    monkeypatch.setattr(iokit, "functions", lambda: power)
    port = MacAwake()
    assert not port.awake()
    close = port.stay_awake()
    assert power.active.wait(5.0) and port.awake()
    assert set(awake.KINDS) <= set(power.held.values())
    close()
    close()
    assert not power.held and not port.awake()


def test_an_assertion_that_is_gone_is_noticed(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    power = Power()
    monkeypatch.setattr(iokit, "functions", lambda: power)
    port = MacAwake()
    close = port.stay_awake()
    kind = power.held.pop(1)
    assert not port.awake()
    power.held[1] = kind
    close()


def test_where_the_system_refuses_nothing_is_left_behind(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    power = Power(failing_at=2)
    monkeypatch.setattr(iokit, "functions", lambda: power)
    with pytest.raises(PlatformError) as raised:
        MacAwake().stay_awake()
    assert raised.value.code == "stay_awake" and not power.held


def test_what_is_plugged_in_is_told_by_kind(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    there: dict[str, list[tuple[int, dict[str, int]]]] = {"IOHIDDevice": [], "IOUSBHostInterface": []}
    monkeypatch.setattr(iokit, "entries", lambda name, wanted: iter(tuple(there[name])))
    seen: Collected[DeviceEvent] = Collected()
    close = MacHotplug().watch(seen)
    there["IOUSBHostInterface"].append((5, {"bInterfaceClass": 8}))
    seen.wait(lambda event: event == DeviceAdded("storage"))
    cocoa.audio[0](1, 1, None, None)
    seen.wait(lambda event: event == AudioRouteChanged())
    close()
    close()
    assert not cocoa.audio


def test_the_registry_is_walked_to_its_end_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [70, 71]
    freed: list[int] = []
    io = SimpleNamespace(
        IOServiceMatching=lambda name: {"IOProviderClass": name},
        IOServiceGetMatchingServices=lambda _port, _matching, _iterator: (0, 9),
        IOIteratorNext=lambda _iterator: left.pop(0) if left else 0,
        IORegistryEntryGetRegistryEntryID=lambda entry, _number: (0, entry * 100),
        IORegistryEntryCreateCFProperty=lambda entry, name, _allocator, _options: 8 if entry == 70 else None,
        IOObjectRelease=freed.append,
    )
    monkeypatch.setattr(iokit, "functions", lambda: io)
    assert list(iokit.entries("IOUSBHostInterface", ("bInterfaceClass",))) == [
        (7000, {"bInterfaceClass": 8}), (7100, {})]  # fmt: skip
    assert freed == [70, 71, 9]


def test_the_exam_s_window_alone_is_hidden_from_recordings(cocoa: Cocoa) -> None:
    exam = CocoaWindow(11, (1440, 900))
    cocoa.application.shown = [CocoaWindow(5, (10, 10)), exam]
    port = MacCaptureExclusion()
    port.exclude(11, True)
    assert exam.sharing == 0
    port.exclude(11, False)
    assert exam.sharing == 1
    cocoa.application.shown = []
    with pytest.raises(PlatformError):
        port.exclude(11, True)


def test_a_program_is_told_when_the_system_tells(cocoa: Cocoa) -> None:
    seen: Collected[Process] = Collected()
    close = MacProcesses().watch(seen)
    application = SimpleNamespace(processIdentifier=lambda: PID)
    cocoa.center.post("NSWorkspaceDidLaunchApplicationNotification")  # names none
    cocoa.center.post("NSWorkspaceDidLaunchApplicationNotification", NSWorkspaceApplicationKey=application)
    seen.wait(lambda process: process.pid == PID)
    close()
    close()
    assert not cocoa.center.blocks


def test_a_program_is_asked_as_the_desktop_asks(cocoa: Cocoa) -> None:
    port = MacProcesses()
    assert port.ask_to_close(OTHER_PID)
    assert not port.ask_to_close(GONE_PID)


def test_a_file_has_a_fingerprint_and_no_file_has_none(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    security = SimpleNamespace(
        kSecCSDefaultFlags=0, kSecCSBasicValidateOnly=6, kSecCSSigningInformation=2,
        kSecCodeInfoTeamIdentifier="teamid", kSecCodeInfoFlags="flags", kSecCodeInfoPlatformIdentifier="platform",
        SecStaticCodeCreateWithPath=lambda path, flags, _code: (0, path),
        SecStaticCodeCheckValidity=lambda code, flags, _requirement: 0,
        SecCodeCopySigningInformation=lambda code, flags, _told: (0, {"teamid": "BJ4HAAB9B3", "flags": 0x10000}),
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "Security", security)
    port = MacProcesses()
    fingerprint = port.fingerprint(PID)
    assert fingerprint.signer == "BJ4HAAB9B3" and len(fingerprint.sha256) == 64
    security.SecStaticCodeCheckValidity = lambda code, flags, _requirement: -67061
    assert MacProcesses().fingerprint(PID).signer == ""
    assert port.fingerprint(OTHER_PID).sha256 == ""


def test_what_the_candidate_allowed_is_asked_of_the_system(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    status = {"video": 3, "audio": 0}
    device = SimpleNamespace(authorizationStatusForMediaType_=lambda kind: status[kind])
    media = SimpleNamespace(AVCaptureDevice=device, AVMediaTypeVideo="video", AVMediaTypeAudio="audio")
    asked: list[str] = []
    trusted = SimpleNamespace(
        AXIsProcessTrusted=lambda: False, kAXTrustedCheckOptionPrompt="prompt",
        AXIsProcessTrustedWithOptions=lambda options: asked.append("accessibility"),
    )  # fmt: skip
    quartz = SimpleNamespace(
        CGPreflightScreenCaptureAccess=lambda: True, CGPreflightListenEventAccess=lambda: False,
        CGRequestScreenCaptureAccess=lambda: asked.append("screen recording"),
        CGRequestListenEventAccess=lambda: asked.append("input monitoring"),
    )  # fmt: skip
    for name, module in (("AVFoundation", media), ("HIServices", trusted), ("Quartz", quartz)):
        monkeypatch.setitem(sys.modules, name, module)
    found = permissions.permissions()
    assert [one.granted for one in found] == [True, None, True, False, False]
    for one in found:
        permissions.request(one.name)
    assert asked == ["screen recording", "accessibility", "input monitoring"]


@pytest.mark.parametrize(("value", "entitled"), [(True, True), (None, False)])
def test_the_entitlement_is_read_from_our_own_signature(
    value: bool | None, entitled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    security = SimpleNamespace(
        SecTaskCreateFromSelf=lambda _allocator: "task",
        SecTaskCopyValueForEntitlement=lambda task, name, _error: (value, None),
    )
    monkeypatch.setitem(sys.modules, "Security", security)
    assert assessment.entitled() == entitled


def test_facts_come_even_where_no_program_of_a_mac_answers() -> None:
    system = MacSystem()
    facts = system.facts()
    assert (facts.session_type, facts.cores >= 1) == ("macos", True)
    assert system.debugger() == ""


def test_the_system_s_own_mode_is_begun_and_ended(cocoa: Cocoa, monkeypatch: pytest.MonkeyPatch) -> None:
    class AEAssessmentSession:
        def initWithConfiguration_(self, configuration: Any) -> "AEAssessmentSession":
            self.running = False
            return self

        def setDelegate_(self, delegate: Any) -> None:
            self.delegate = delegate

        def begin(self) -> None:
            self.running = True
            self.delegate.assessmentSessionDidBegin_(self)

        def end(self) -> None:
            self.running = False
            self.delegate.assessmentSessionDidEnd_(self)

        def isActive(self) -> bool:
            return self.running

    framework = SimpleNamespace(
        AEAssessmentConfiguration=SimpleNamespace(alloc=lambda: SimpleNamespace(init=lambda: None)),
        AEAssessmentSession=SimpleNamespace(alloc=AEAssessmentSession),
    )
    monkeypatch.setitem(sys.modules, "AutomaticAssessmentConfiguration", framework)
    assessment._delegate_class.cache_clear()
    mode = MacAssessment()
    close = mode.hold(lambda reason: None)
    assert mode.held()
    close()
    assert not mode.held()
    assessment._delegate_class.cache_clear()
