"""What is plugged in, by the device registry, looked at twice a second; the sound output by CoreAudio's own word.

Only classes of devices are read: no name, no maker, no serial number.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from candidate_agent.platforms.macos import iokit
from candidate_agent.platforms.macos.door import closing
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.ports import AudioRouteChanged, Closer, DeviceAdded, DeviceEvent

PERIOD_S = 0.5

CLASSES = {
    "IOHIDDevice": ("PrimaryUsagePage", "PrimaryUsage"),
    "IOUSBHostInterface": ("bInterfaceClass",),
}
"""Class of registry entries -> properties that tell its kind."""

_GENERIC_DESKTOP = 1
_USAGES = {1: "pointer", 2: "pointer", 6: "keyboard", 7: "keyboard"}  # HID usage tables, generic desktop page
_USB_CLASSES = {1: "audio", 8: "storage", 14: "camera"}  # usb.org, class codes of interfaces
_USB_TOLD_ELSEWHERE = frozenset({3, 9})  # HID comes as its own class; a hub is no device of a person


def kind_of(class_name: str, values: Mapping[str, Any]) -> str:
    """As in DeviceAdded; "" for what is told elsewhere or is nobody's device."""
    if class_name == "IOHIDDevice":
        return _USAGES.get(values.get("PrimaryUsage", 0), "") if _is_desktop(values) else ""
    usb_class = values.get("bInterfaceClass", 0)
    return "" if usb_class in _USB_TOLD_ELSEWHERE else _USB_CLASSES.get(usb_class, "other")


def _is_desktop(values: Mapping[str, Any]) -> bool:
    return bool(values.get("PrimaryUsagePage", 0) == _GENERIC_DESKTOP)


def added(before: Mapping[int, str], now: Mapping[int, str]) -> tuple[DeviceAdded, ...]:
    """One event a kind: a device with many interfaces is one thing that was plugged in, and "other" only where nothing
    better is known of what came."""
    kinds = dict.fromkeys(kind for number, kind in now.items() if number not in before and kind)
    if len(kinds) > 1:
        kinds.pop("other", None)
    return tuple(DeviceAdded(kind) for kind in kinds)


class MacHotplug:
    def watch(self, emit: Callable[[DeviceEvent], None]) -> Closer:
        known = [_plugged_in()]

        def look() -> None:
            now = _plugged_in()
            for event in added(known[0], now):
                emit(event)
            known[0] = now

        pulse = Pulse("devices", PERIOD_S, look).start()
        return closing(_output_changed(lambda: emit(AudioRouteChanged())), pulse.end)


def _plugged_in() -> dict[int, str]:
    return dict(_entries())


def _entries() -> Iterable[tuple[int, str]]:
    for class_name, wanted in CLASSES.items():
        for number, values in iokit.entries(class_name, wanted):
            yield number, kind_of(class_name, values)


def _output_changed(tell: Callable[[], None]) -> Closer:
    """Calls `tell` when another device becomes the one that sound goes to, on a thread of CoreAudio."""
    import CoreAudio
    import objc

    address = CoreAudio.AudioObjectPropertyAddress(
        CoreAudio.kAudioHardwarePropertyDefaultOutputDevice,
        CoreAudio.kAudioObjectPropertyScopeGlobal,
        CoreAudio.kAudioObjectPropertyElementMain,
    )

    @objc.callbackFor(CoreAudio.AudioObjectAddPropertyListener)  # type: ignore[untyped-decorator]
    def changed(_object: int, _count: int, _addresses: object, _data: object) -> int:
        tell()
        return 0

    CoreAudio.AudioObjectAddPropertyListener(CoreAudio.kAudioObjectSystemObject, address, changed, None)
    registered = [changed]

    def end() -> None:
        while registered:
            listener = registered.pop()
            CoreAudio.AudioObjectRemovePropertyListener(CoreAudio.kAudioObjectSystemObject, address, listener, None)

    return end
