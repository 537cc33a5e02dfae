"""Facts of a Linux computer: session type, signals of a virtual machine, signals that somebody looks in from elsewhere.

Every signal is named, so that a person can judge it. None of them is a verdict.
"""

import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.connection import connected
from candidate_agent.platforms.linux.remote import RemoteSigns
from candidate_agent.platforms.other_process import TRACED
from candidate_agent.platforms.portable import machine, printing
from candidate_agent.platforms.ports import SystemFacts

DMI_NAMES = (
    "virtualbox", "vmware", "qemu", "kvm", "bochs", "xen", "parallels", "virtual machine", "bhyve", "hvm domu",
    "google compute engine", "amazon ec2",
)  # fmt: skip
MAC_PREFIXES = {
    "08:00:27": "VirtualBox", "00:05:69": "VMware", "00:0c:29": "VMware", "00:50:56": "VMware", "52:54:00": "QEMU",
    "00:15:5d": "Hyper-V", "00:16:3e": "Xen", "00:1c:42": "Parallels",
}  # fmt: skip


class LinuxSystem:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._remote = RemoteSigns(os.environ, display_name)

    def facts(self) -> SystemFacts:
        release = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
        return machine.facts(
            os_name="linux",
            os_version=release.get("PRETTY_NAME", platform.release()),
            session_type=session_type(os.environ, self._display_name),
            vm_signals=vm_signals(Path("/"), _mac_addresses()),
            remote_signals=self._remote.signals(),
            administrator=sys.platform != "win32" and os.geteuid() == 0,
        )

    def remote_signals(self) -> tuple[str, ...]:
        return self._remote.signals()

    def debugger(self) -> str:
        """Asked of every thread: one that looks in need not hold them all."""
        return TRACED if _is_traced(Path("/proc/self/task")) else ""

    def printers(self) -> int | None:
        return printing.printers()

    def disk_free_bytes(self, directory: Path) -> int:
        return machine.disk_free_bytes(directory)

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        return machine.disk_write_bytes_per_s(directory)


def _is_traced(tasks: Path) -> bool:
    for task in tasks.glob("*/status"):
        found = re.search(r"^TracerPid:\s*(\d+)", _text(task), re.MULTILINE)
        if found and found.group(1) != "0":
            return True
    return False


def session_type(environment: Mapping[str, str], display_name: str | None) -> str:
    """x11, wayland, or "none" where no desktop answers. A display named by hand is asked, not the environment."""
    if display_name is None and (
        environment.get("XDG_SESSION_TYPE") == "wayland" or environment.get("WAYLAND_DISPLAY")
    ):
        return "wayland"
    try:
        with connected(display_name) as connection:
            return "wayland" if _is_xwayland(connection) else "x11"
    except PlatformError:
        return "none"


def _is_xwayland(connection: Any) -> bool:
    if connection.has_extension("XWAYLAND"):
        return True
    if not connection.has_extension("RANDR"):
        return False
    resources = connection.screen().root.xrandr_get_screen_resources_current()
    names = [
        str(getattr(connection.xrandr_get_output_info(output, resources.config_timestamp), "name", ""))
        for output in resources.outputs
    ]
    return any(name.startswith("XWAYLAND") for name in names)


def vm_signals(root: Path, mac_addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Independent signals, each in words. `root` is where /sys and /proc are."""
    signals = []
    for name in ("sys_vendor", "product_name", "board_vendor", "bios_vendor"):
        value = _text(root / "sys/class/dmi/id" / name)
        if any(known in value.lower() for known in DMI_NAMES):
            signals.append(f"firmware {name}: {value}")
    if " hypervisor " in _text(root / "proc/cpuinfo").replace("\n", " ") + " ":
        signals.append("processor reports a hypervisor")
    hypervisor = _text(root / "sys/hypervisor/type")
    if hypervisor:
        signals.append(f"kernel reports hypervisor: {hypervisor}")
    makers = {MAC_PREFIXES[address[:8]] for address in mac_addresses if address[:8] in MAC_PREFIXES}
    signals += [f"network card of {maker}" for maker in sorted(makers)]
    return tuple(signals)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _mac_addresses() -> tuple[str, ...]:
    cards = psutil.net_if_addrs().values()
    return tuple(entry.address.lower() for card in cards for entry in card if entry.family == psutil.AF_LINK)
