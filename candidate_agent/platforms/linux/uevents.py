"""What the kernel says when a device is plugged in. `kind_of` is pure; `watch_uevents` listens, as any user may.

The kernel speaks in the computer's own network namespace only: in most containers nothing comes.
"""

import select
import socket
import sys
from collections.abc import Callable

from candidate_agent.platforms.linux import wakeable
from candidate_agent.platforms.ports import Closer

_KOBJECT_UEVENT = 15
_FROM_KERNEL = 1  # group
_LONGEST_BYTES = 8192
_NO_DISKS = ("loop", "ram", "zram", "dm-", "md", "nbd")
_USB_TOLD_ELSEWHERE = {1, 3, 8, 9, 14}  # sound, input, storage and video speak for themselves; a hub is no device
_LETTER_KEYS = 0xFFFFFFFE  # the first keys of a keyboard: Escape to D
_MOVES = 0x3  # horizontally and vertically


def fields(datagram: bytes) -> dict[str, str]:
    """Empty for what is no event of the kernel (udev speaks in a form of its own)."""
    head, *lines = datagram.decode("utf-8", "replace").split("\0")
    if "@" not in head:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def kind_of(told: dict[str, str]) -> str:
    """As in DeviceAdded; "" for what is no new device, is told by another event of it, or is nobody's device."""
    if told.get("ACTION") == "change" and told.get("DISK_MEDIA_CHANGE") == "1":
        return "storage"  # a card in a reader that was there before
    if told.get("ACTION") != "add":
        return ""
    kinds = {"input": _input, "block": _block, "video4linux": _video, "sound": _sound, "usb": _usb}
    look = kinds.get(told.get("SUBSYSTEM", ""))
    return look(told) if look else ""


def _input(told: dict[str, str]) -> str:
    keys, moves, places = (_last_word(told.get(name, "")) for name in ("KEY", "REL", "ABS"))
    if keys & _LETTER_KEYS == _LETTER_KEYS:
        return "keyboard"
    return "pointer" if moves & _MOVES == _MOVES or places & _MOVES == _MOVES else ""


def _last_word(bits: str) -> int:
    """The lowest 64 (or 32) bits of a map that the kernel prints highest word first."""
    words = bits.split()
    try:
        return int(words[-1], 16) if words else 0
    except ValueError:
        return 0


def _block(told: dict[str, str]) -> str:
    name = told.get("DEVNAME", "").rpartition("/")[2]
    return "storage" if told.get("DEVTYPE") == "disk" and not name.startswith(_NO_DISKS) else ""


def _video(told: dict[str, str]) -> str:
    return "camera" if told.get("DEVNAME", "").rpartition("/")[2].startswith("video") else ""


def _sound(told: dict[str, str]) -> str:
    return "audio" if told.get("DEVPATH", "").rpartition("/")[2].startswith("card") else ""


def _usb(told: dict[str, str]) -> str:
    number = told.get("INTERFACE", "").split("/")[0]
    if told.get("DEVTYPE") != "usb_interface" or not number.isdigit():
        return ""
    return "" if int(number) in _USB_TOLD_ELSEWHERE else "other"


def watch_uevents(emit: Callable[[str], None]) -> Closer | None:
    """Kinds, on a thread of its own. None where the kernel will not have us."""
    listener = _listener()
    if listener is None:
        return None
    return wakeable.start("uevents", lambda wake: _read(listener, wake, emit))


def _listener() -> socket.socket | None:
    if sys.platform != "linux":
        return None
    try:
        listener = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _KOBJECT_UEVENT)
    except OSError:
        return None
    try:
        listener.bind((0, _FROM_KERNEL))
    except OSError:
        listener.close()
        return None
    return listener


def _read(listener: socket.socket, wake: int, emit: Callable[[str], None]) -> None:
    try:
        while True:
            ready, _, _ = select.select([listener.fileno(), wake], [], [])
            if wake in ready:
                return
            try:
                datagram, sender = listener.recvfrom(_LONGEST_BYTES)
            except OSError:
                continue  # the kernel dropped some
            kind = kind_of(fields(datagram)) if sender[0] == 0 else ""  # 0: the kernel itself, no other program
            if kind:
                emit(kind)
    finally:
        listener.close()
