"""Signs of a virtual machine, of somebody who looks in from elsewhere, of a debugger: words about what others read.

Pure. Every sign is named, so that a person can judge it; none of them is a verdict. Used by `system`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from candidate_agent.platforms.macos.property_lists import parsed

VM_NAMES = ("virtual", "vmware", "parallels", "qemu", "kvm", "utm", "xen", "bochs", "innotek", "bhyve")
MAC_PREFIXES = {
    "08:00:27": "VirtualBox", "00:05:69": "VMware", "00:0c:29": "VMware", "00:50:56": "VMware", "52:54:00": "QEMU",
    "00:15:5d": "Hyper-V", "00:16:3e": "Xen", "00:1c:42": "Parallels",
}  # fmt: skip
REMOTE_PROGRAMS = {
    "screensharingd": "Screen Sharing serves this Mac",
    "screensharingagent": "Screen Sharing shows this desktop",
    "screensharingsubscriber": "Screen Sharing shows this desktop",
    "applevncserver": "a VNC server of macOS is running",
    "osxvnc-server": "a VNC server is running",
}
SCREEN_SHARING_PORT = 5900
TRACED = 0x0800  # P_TRACED of sys/proc.h
INJECTORS = ("DYLD_INSERT_LIBRARIES", "DYLD_FORCE_FLAT_NAMESPACE")


def vm_signals(
    hypervisor: str, model: str, platform_expert: Mapping[str, str], mac_addresses: Iterable[str]
) -> tuple[str, ...]:
    """`hypervisor`: of kern.hv_vmm_present; `model`: of hw.model; `platform_expert`: as `expert_in` reads it."""
    signals = []
    if hypervisor.strip() == "1":
        signals.append("processor reports a hypervisor")
    if any(name in model.lower() for name in VM_NAMES):
        signals.append(f"model: {model}")
    manufacturer = platform_expert.get("manufacturer", "")
    if manufacturer and "apple" not in manufacturer.lower():
        signals.append(f"manufacturer: {manufacturer}")
    makers = {MAC_PREFIXES[address[:8]] for address in mac_addresses if address[:8] in MAC_PREFIXES}
    return tuple(signals + [f"network card of {maker}" for maker in sorted(makers)])


def expert_in(text: bytes) -> dict[str, str]:
    """Maker and model in what `ioreg -a -r -d 1 -c IOPlatformExpertDevice` prints; the serial number stays unread."""
    entries = parsed(text)
    entry = entries[0] if isinstance(entries, list) and entries and isinstance(entries[0], dict) else {}
    return {key: _text(entry[key]) for key in ("manufacturer", "model") if key in entry}


def _text(value: Any) -> str:
    """The registry keeps words as bytes that end in zero."""
    return value.rstrip(b"\0").decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def remote_signals(
    environment: Mapping[str, str], session: Mapping[str, Any] | None, programs: Iterable[str], sockets: str
) -> tuple[str, ...]:
    """`session`: of CGSessionCopyCurrentDictionary, None where this process has no desktop; `programs`: names, lower
    case; `sockets`: what `netstat -an -p tcp` prints."""
    signals = []
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        signals.append("started over ssh")
    if session is not None and not session.get("kCGSSessionOnConsoleKey", True):
        signals.append("this session is not the one at the Mac's own screen")
    signals += dict.fromkeys(REMOTE_PROGRAMS[name] for name in programs if name in REMOTE_PROGRAMS)
    if any(connected_to(SCREEN_SHARING_PORT, line) for line in sockets.splitlines()):
        signals.append("somebody is connected to Screen Sharing")
    return tuple(signals)


def connected_to(port: int, line: str) -> bool:
    """Of one line of `netstat -an -p tcp`: protocol, two queues, own address, the other's, state. An address ends in a
    dot and the port."""
    fields = line.split()
    return len(fields) >= 6 and fields[5] == "ESTABLISHED" and fields[3].endswith(f".{port}")


def debugger(flags: str, environment: Mapping[str, str]) -> str:
    """`flags`: hexadecimal, as `ps -o flags=` prints them."""
    try:
        traced = bool(int(flags.strip() or "0", 16) & TRACED)
    except ValueError:
        traced = False
    if traced:
        return "the system says that another program traces this one"
    loaded = next((name for name in INJECTORS if environment.get(name)), "")
    return f"this program was started with {loaded}" if loaded else ""
