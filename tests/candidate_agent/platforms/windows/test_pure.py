"""What is decided without Windows: mirrors, signs of a virtual machine, areas, limits; and that nothing calls Windows
elsewhere."""

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Devices, Display, Unsupported
from candidate_agent.platforms.windows import api, backend, limits, tree
from candidate_agent.platforms.windows.autostart import RestoreAtLogin, command_line
from candidate_agent.platforms.windows.displays import Lit, named
from candidate_agent.platforms.windows.settings import AidShortcuts
from candidate_agent.platforms.windows.system import vm_signals

NO = Unsupported("not under test")
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


def test_a_computer_with_hyper_v_switched_on_is_no_virtual_machine_but_its_guest_is_one() -> None:
    real = {"SystemManufacturer": "Microsoft Corporation", "SystemProductName": "Surface Laptop 5"}
    card = ("00-15-5D-01-02-03",)
    assert vm_signals(real, ("MSFT", "INTEL"), (), card) == ()
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
    assert told <= set(limits.LIMITS)
    assert set(limits.LIMITS) - told <= {"setting: shortcuts of input aids"}  # which Wine does not take
    assert all(limit.startswith("yes; ") for limit in limits.LIMITS.values())


def test_a_function_that_this_system_lacks_is_told_and_not_guessed() -> None:
    with pytest.raises(PlatformError):
        api.Function("user32", "NoSuchFunction", None)()
