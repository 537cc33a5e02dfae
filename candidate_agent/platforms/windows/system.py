"""What only Windows can tell about itself: version, administrator, signs of a virtual machine, a remote session, a
debugger. Each sign is named in words; a person decides."""

import contextlib
import ctypes
import platform
import sys
from pathlib import Path

import psutil

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.portable import machine
from candidate_agent.platforms.ports import SystemFacts
from candidate_agent.platforms.windows import api, images, registry

FIRMWARE = r"HARDWARE\DESCRIPTION\System"
FIRMWARE_VALUES = (
    ("BIOS", "SystemManufacturer"), ("BIOS", "SystemProductName"), ("BIOS", "BaseBoardManufacturer"),
    ("BIOS", "BIOSVendor"), ("", "SystemBiosVersion"), ("", "VideoBiosVersion"),
)  # fmt: skip
FIRMWARE_NAMES = (
    "qemu", "kvm", "bochs", "virtualbox", "vbox", "innotek", "vmware", "virtual machine", "xen", "parallels",
    "bhyve", "amazon ec2", "google compute engine", "openstack",
)  # fmt: skip
ACPI_TABLES = {"VBOX__": "VirtualBox", "BOCHS_": "QEMU", "PTLTD_": "VMware", "Xen": "Xen", "PRLS__": "Parallels"}
GUEST_SERVICES = {
    "VBoxGuest": "VirtualBox", "VBoxMouse": "VirtualBox", "vm3dmp": "VMware", "vmmouse": "VMware",
    "prl_tg": "Parallels", "netkvm": "QEMU/KVM", "xenvbd": "Xen",
}  # fmt: skip
MAC_PREFIXES = {
    "08:00:27": "VirtualBox", "0a:00:27": "VirtualBox", "00:05:69": "VMware", "00:0c:29": "VMware",
    "00:1c:14": "VMware", "00:50:56": "VMware", "52:54:00": "QEMU/KVM", "00:16:3e": "Xen", "00:15:5d": "Hyper-V",
    "00:1c:42": "Parallels",
}  # fmt: skip
REMOTE_PROGRAMS = {
    "rdpclip.exe": "the clipboard of a remote desktop session runs", "winvnc.exe": "a VNC server runs",
    "winvnc4.exe": "a VNC server runs", "tvnserver.exe": "a VNC server runs", "vncserver.exe": "a VNC server runs",
    "teamviewer_desktop.exe": "a TeamViewer session runs", "quickassist.exe": "Quick Assist runs",
    "msra.exe": "Windows Remote Assistance runs", "remoting_desktop.exe": "a Chrome Remote Desktop session runs",
}  # fmt: skip
"""Those that run while somebody looks on. What only waits for a call is found among the running programs."""


FILE_PRINTERS = ("microsoft print to pdf", "microsoft xps", "onenote", "fax", "send to onenote")


class WindowsSystem:
    def facts(self) -> SystemFacts:
        return machine.facts(
            os_name="windows",
            os_version=version(),
            session_type="windows",
            vm_signals=self.vm_signals(),
            remote_signals=self.remote_signals(),
            administrator=administrator(),
        )

    def vm_signals(self) -> tuple[str, ...]:
        if sys.platform != "win32":
            return ()
        strings = {name: _text(registry.read(registry.MACHINE, _key(part), name)) for part, name in FIRMWARE_VALUES}
        tables = registry.subkeys(registry.MACHINE, r"HARDWARE\ACPI\DSDT")
        services = tuple(name for name in GUEST_SERVICES if _has_service(name))
        found = vm_signals(strings, tables, services, _mac_addresses())
        return (*found, "this is Wine, not Windows") if _is_wine() else found

    def remote_signals(self) -> tuple[str, ...]:
        if sys.platform != "win32":
            return ()
        found = []
        if api.system_metric(api.SM_REMOTESESSION):
            found.append("session of a remote desktop")
        if api.system_metric(api.SM_REMOTECONTROL):
            found.append("the session is controlled from another computer")
        running = {name.lower() for name in images.running().values()}
        return tuple(dict.fromkeys([*found, *(REMOTE_PROGRAMS[name] for name in REMOTE_PROGRAMS if name in running)]))

    def debugger(self) -> str:
        if sys.platform != "win32":
            return ""
        other = ctypes.c_int()
        if api.is_debugged():
            return "Windows says that a debugger is attached to this program"
        if api.is_debugged_by_other(api.current_process(), ctypes.byref(other)) and other.value:
            return "Windows says that another process debugs this program"
        return ""

    def printers(self) -> int | None:
        if sys.platform != "win32":
            return None
        local = registry.subkeys(registry.MACHINE, r"SYSTEM\CurrentControlSet\Control\Print\Printers")
        return paper_printers((*local, *registry.subkeys(registry.USER, r"Printers\Connections")))

    def disk_free_bytes(self, directory: Path) -> int:
        return machine.disk_free_bytes(directory)

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        return machine.disk_write_bytes_per_s(directory)


def paper_printers(names: tuple[str, ...]) -> int:
    """Without those of Windows that make files or send faxes."""
    return sum(not name.lower().startswith(FILE_PRINTERS) for name in names)


def version() -> str:
    edition = platform.win32_edition() if sys.platform == "win32" else None
    return " ".join(part for part in (platform.release(), platform.version(), edition) if part)


def administrator() -> bool:
    return sys.platform == "win32" and bool(api.is_administrator())


def vm_signals(
    firmware: dict[str, str], acpi_tables: tuple[str, ...], services: tuple[str, ...], mac_addresses: tuple[str, ...]
) -> tuple[str, ...]:
    """Independent signals, each in words. That the processor reports a hypervisor is none here: on most of today's
    computers Windows itself runs on one, for its own protection. A network card counts beside another sign only: a
    physical computer that hosts guests has their cards too."""
    found = [
        f"firmware {name}: {value}"
        for name, value in firmware.items()
        if any(known in value.lower() for known in FIRMWARE_NAMES)
    ]
    found += [f"ACPI table of {ACPI_TABLES[name]}" for name in acpi_tables if name in ACPI_TABLES]
    found += [f"drivers of a {maker} guest" for maker in sorted({GUEST_SERVICES[name] for name in services})]
    makers = {MAC_PREFIXES.get(address[:8].lower().replace("-", ":"), "") for address in mac_addresses} - {""}
    return (*found, *(f"network card of {maker}" for maker in sorted(makers if found else ())))


def _key(part: str) -> str:
    return rf"{FIRMWARE}\{part}" if part else FIRMWARE


def _text(value: list[object] | None) -> str:
    data = value[1] if value else ""
    return " ".join(str(each) for each in data) if isinstance(data, list) else str(data)


def _has_service(name: str) -> bool:
    return registry.exists(registry.MACHINE, rf"SYSTEM\CurrentControlSet\Services\{name}")


def _mac_addresses() -> tuple[str, ...]:
    cards = psutil.net_if_addrs().values()
    return tuple(entry.address for card in cards for entry in card if entry.family == psutil.AF_LINK)


def _is_wine() -> bool:
    with contextlib.suppress(PlatformError):
        return bool(api.wine_version())
    return False
