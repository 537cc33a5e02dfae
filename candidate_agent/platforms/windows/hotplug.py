"""What is plugged in during the exam: device interfaces that arrive, and the output that sound goes to. Kinds only."""

import ctypes
from collections.abc import Callable
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import AudioRouteChanged, Closer, DeviceAdded, DeviceEvent
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.message_thread import Watching, start
from candidate_agent.platforms.windows.structures import DeviceInterface

KINDS = {
    "884b96c3-56ef-11d1-bc8c-00a0c91405dd": "keyboard",
    "378de44c-56ef-11d1-bc8c-00a0c91405dd": "pointer",
    "53f56307-b6bf-11d0-94f2-00a0c91efb8b": "storage",  # disks
    "53f56308-b6bf-11d0-94f2-00a0c91efb8b": "storage",  # CD-ROMs
    "6ac27878-a6fa-4155-ba85-f98f491d4f33": "storage",  # telephones and players
    "e5323777-f976-4f5b-9b55-b94699c46e44": "camera",
    "6994ad05-93ef-11d0-a3cc-00a0c9223196": "camera",  # the older class of the same
    "e6327cad-dcec-4949-ae8a-991e976a79d2": "audio",  # output
    "2eef81be-33fa-4800-9670-1cd474972c3f": "audio",  # input
    "cac88484-7515-4c03-82e6-71a87abac361": "other",  # network cards
    "86e0d1e0-8089-11d0-9ce4-08003e301f73": "other",  # serial ports
}
TICK_MS = 1000
_ARRIVED = 0x8000
_INTERFACE = 5
_ALL_CLASSES = 4
_MAPPER = ctypes.c_void_p(-1).value
_PREFERRED, _INSTANCE_SIZE, _INSTANCE = 0x2015, 0x0811, 0x0812
_NONE = 0xFFFFFFFF


class WindowsHotplug:
    def watch(self, emit: Callable[[DeviceEvent], None]) -> Closer:
        """Raises PlatformError `unsupported`."""
        listener = _Listener(emit)
        return start(
            Watching(
                "hotplug",
                prepare=listener.prepare,
                hears=(api.WM_DEVICECHANGE,),
                handle=listener.handle,
                tick=listener.tick,
                tick_ms=TICK_MS,
                cleanup=listener.cleanup,
            )
        )


class _Listener:
    def __init__(self, emit: Callable[[DeviceEvent], None]) -> None:
        self._emit = emit
        self._notification: Any = None
        self._route = ""

    def prepare(self, window: int) -> None:
        wanted = DeviceInterface(kind=_INTERFACE)
        wanted.size = ctypes.sizeof(wanted)
        self._notification = api.register_device_notification(window, ctypes.byref(wanted), _ALL_CLASSES)
        if not self._notification:
            raise PlatformError("unsupported", f"Windows does not tell what is connected ({api.last_error()}).")
        self._route = audio_route()

    def cleanup(self, window: int) -> None:
        del window
        if self._notification:
            api.unregister_device_notification(self._notification)

    def handle(self, _message: int, what: int, place: int) -> None:
        kind = added_kind(place) if what == _ARRIVED and place else ""
        if kind:
            self._emit(DeviceAdded(kind))

    def tick(self) -> None:
        """A first output counts as a change too; that none is left does not: nobody hears it."""
        route = audio_route()
        changed, self._route = route != self._route and route != "", route
        if changed:
            self._emit(AudioRouteChanged())


def added_kind(place: int) -> str:
    """Of a DEV_BROADCAST_HDR at `place`; "" for what is no interface of a kind that is told. A device has several
    interfaces, of which one is in the table."""
    record = ctypes.cast(place, ctypes.POINTER(DeviceInterface)).contents
    return KINDS.get(str(record.interface), "") if record.kind == _INTERFACE else ""


def audio_route() -> str:
    """Identity of the output that sound goes to by default; "" where there is none. Compared, never told."""
    output, flags = ctypes.c_uint32(_NONE), ctypes.c_uint32()
    asked = api.wave_out_message(_MAPPER, _PREFERRED, ctypes.byref(output), ctypes.addressof(flags))
    if asked or output.value == _NONE:
        return ""
    size = ctypes.c_size_t()
    if api.wave_out_message(output.value, _INSTANCE_SIZE, ctypes.byref(size), 0) or not size.value:
        return f"output {output.value}"
    text = ctypes.create_unicode_buffer(size.value // ctypes.sizeof(ctypes.c_wchar) + 1)
    api.wave_out_message(output.value, _INSTANCE, ctypes.addressof(text), size.value)
    return text.value
