"""What is decided without Windows: mirrors, signs of a virtual machine, areas, limits; and that nothing calls Windows
elsewhere."""

import ctypes

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import AudioRouteChanged, DeviceAdded, DeviceEvent, Devices, Display, Unsupported
from candidate_agent.platforms.windows import api, backend, hotplug, limits, structures, tree
from candidate_agent.platforms.windows.autostart import RestoreAtLogin, command_line
from candidate_agent.platforms.windows.displays import Lit, named
from candidate_agent.platforms.windows.settings import AidShortcuts
from candidate_agent.platforms.windows.system import vm_signals

NO = Unsupported("not under test")
KEYBOARD_TAIL = bytes.fromhex("bc8c00a0c91405dd")
FIRST, SECOND = (1, 0, 0), (1, 0, 1)


def test_two_monitors_of_one_source_are_mirrored_and_the_one_at_the_origin_is_primary() -> None:
    beside = Lit(SECOND, r"\\.\DISPLAY2", -1920, 0, 1920, 1080)
    main = Lit(FIRST, r"\\.\DISPLAY1", 0, 0, 2560, 1440)
    assert named([beside, main, main]) == (
        Display(r"\\.\DISPLAY1", 0, 0, 2560, 1440, primary=True),
        Display(r"\\.\DISPLAY1 mirror 1", 0, 0, 2560, 1440, primary=False, mirrors=r"\\.\DISPLAY1"),
        Display(r"\\.\DISPLAY2", -1920, 0, 1920, 1080, primary=False),
    )


def test_each_sign_of_a_virtual_machine_is_named() -> None:
    firmware = {"SystemManufacturer": "innotek GmbH", "SystemProductName": "VirtualBox", "BIOSVendor": "LENOVO"}
    assert vm_signals(firmware, ("VBOX__", "LENOVO"), ("VBoxGuest",), ("08-00-27-AA-BB-CC",)) == (
        "firmware SystemManufacturer: innotek GmbH",
        "firmware SystemProductName: VirtualBox",
        "ACPI table of VirtualBox",
        "drivers of a VirtualBox guest",
        "network card of VirtualBox",
    )


def test_a_computer_that_hosts_guests_is_no_virtual_machine_but_a_guest_is_one() -> None:
    real = {"SystemManufacturer": "Microsoft Corporation", "SystemProductName": "Surface Laptop 5"}
    card = ("00-15-5D-01-02-03",)
    assert vm_signals(real, ("MSFT", "INTEL"), (), (*card, "00-50-56-C0-00-08", "0A-00-27-00-00-05")) == ()
    assert vm_signals(real | {"SystemProductName": "Virtual Machine"}, (), (), card) == (
        "firmware SystemProductName: Virtual Machine",
        "network card of Hyper-V",
    )


@pytest.mark.parametrize(
    ("over", "covered", "share"),
    [((0, 0, 100, 100), True, 1.0), ((-5, -5, 200, 200), True, 1.0), ((50, 0, 50, 100), False, 0.5),
     ((100, 0, 10, 10), False, 0.0)],
)  # fmt: skip
def test_areas_are_compared(over: tree.Box, covered: bool, share: float) -> None:
    under = (0, 0, 100, 100)
    assert tree.covers(over, under) is covered
    assert tree.covered_share(under, over) == share


def test_an_aid_that_is_in_use_keeps_its_shortcut() -> None:
    port = AidShortcuts()
    in_use, not_in_use = 0x1F7, 0x1F6
    locked = port.locked({"sticky keys": in_use, "filter keys": not_in_use})
    assert locked == {"sticky keys": in_use, "filter keys": not_in_use & ~0x4}
    assert port.locked(locked) == locked


def test_the_login_command_is_quoted_as_windows_reads_it() -> None:
    assert command_line(("C:\\Program Files\\agent.exe", "restore")) == '"C:\\Program Files\\agent.exe" restore'


def test_a_login_command_that_windows_would_cut_is_refused() -> None:
    port = RestoreAtLogin(("C:\\" + "x" * 260, "restore"))
    with pytest.raises(PlatformError):
        port.write(port.locked(None))


def test_every_concern_and_setting_has_its_limit_in_words() -> None:
    told = set(backend.platform(Devices(NO, NO, NO)).capabilities())
    assert told <= set(limits.ANSWERS)
    assert set(limits.LIMITS) - told <= {"setting: shortcuts of input aids"}  # which Wine does not take
    assert all(limit.startswith("yes; ") for limit in limits.LIMITS.values())


def test_a_function_that_this_system_lacks_is_told_and_not_guessed() -> None:
    with pytest.raises(PlatformError):
        api.Function("user32", "NoSuchFunction", None)()


def test_a_device_is_told_by_its_kind_and_what_is_no_device_is_not() -> None:
    told: list[DeviceEvent] = []
    listener = hotplug._Listener(told.append)
    keyboard = structures.DeviceInterface(kind=5)
    keyboard.interface = structures.Guid(0x884B96C3, 0x56EF, 0x11D1, (ctypes.c_ubyte * 8)(*KEYBOARD_TAIL))
    unknown = structures.DeviceInterface(kind=5)
    for what, record in ((0x8000, keyboard), (0x8004, keyboard), (0x8000, unknown)):
        listener.handle(api.WM_DEVICECHANGE, what, ctypes.addressof(record))
    listener.handle(api.WM_DEVICECHANGE, 0x0007, 0)
    assert told == [DeviceAdded("keyboard")]


def test_another_output_for_sound_is_told_but_not_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[DeviceEvent] = []
    listener = hotplug._Listener(told.append)
    routes = iter(("speakers", "speakers", "headset", "", "headset"))
    monkeypatch.setattr(hotplug, "audio_route", lambda: next(routes))
    listener._route = hotplug.audio_route()
    for _ in range(4):
        listener.tick()
    assert told == [AudioRouteChanged(), AudioRouteChanged()]
