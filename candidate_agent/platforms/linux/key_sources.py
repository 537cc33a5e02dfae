"""Where keys come from: XInput's raw events carry the device, and a program that sends keys has a device of its own.

Counts key presses once a second, by device and never by key, and tells each combination with whether a program sent
it. A keyboard that a program makes at the kernel (uinput) is a new keyboard: the watch of `hotplug` tells it. Keys sent
to one window by XSendEvent pass no device and are seen neither here nor by XRecord; the window drops them.
"""

import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib import error as xerror
from Xlib.ext import ge, xinput

from candidate_agent.platforms.linux.key_table import KeyTable
from candidate_agent.platforms.ports import CombinationPressed, KeyEvent, KeysCounted

PERIOD_S = 1.0
_RAW = struct.Struct("=HIIH")  # device, time, key (not looked at), source device
_SENT_BY_PROGRAMS = "XTEST keyboard"
_REMEMBERED = 64
_LATE_S = 0.05


class KeySources:
    def __init__(self, emit: Callable[[KeyEvent], None], table: KeyTable) -> None:
        self._emit = emit
        self._table = table
        self._lock = threading.Lock()
        self._tells_sources = False
        self._sending: set[int] = set()  # devices that programs send keys with
        self._not_held: list[int] = []  # second keyboards and pointers that another program has
        self._recent: deque[tuple[int, bool]] = deque(maxlen=_REMEMBERED)  # when, by a program
        self._waiting: deque[tuple[int, str, float]] = deque(maxlen=_REMEMBERED)
        self._pressed = self._injected = 0
        self._counted_since_s = time.monotonic()

    def pressed(self, name: str, at_ms: int) -> None:
        """A combination, from the thread of XRecord; the raw event of the same moment may be read before or after."""
        with self._lock:
            known = [injected for when, injected in self._recent if when == at_ms]
            if not known and self._tells_sources:
                self._waiting.append((at_ms, name, time.monotonic()))
                return
        self._emit(CombinationPressed(name, any(known)))

    def prepare(self, connection: Any) -> None:
        self._table.read(connection)
        if not connection.has_extension("XInputExtension"):
            return
        xinput.XIQueryVersion(
            display=connection.display,
            opcode=connection.display.get_extension_major(xinput.extname),
            major_version=2,
            minor_version=2,  # from here on raw events come even while another program holds the keyboard
        )
        self._look_at_devices(connection)
        masks = [(xinput.AllMasterDevices, xinput.RawKeyPressMask), (xinput.AllDevices, xinput.HierarchyChangedMask)]
        connection.screen().root.xinput_select_events(masks)
        self._tells_sources = True

    def handle(self, connection: Any, event: Any) -> None:
        if event.type == X.MappingNotify:
            self._table.read(connection)
        elif event.type != ge.GenericEventCode:
            return
        elif event.evtype == xinput.HierarchyChanged:
            self._look_at_devices(connection)
        elif event.evtype == xinput.RawKeyPress:
            _, at_ms, _, source = _RAW.unpack_from(event.data)
            self._count(at_ms, source in self._sending)

    def rest(self, connection: Any) -> float | None:
        now_s = time.monotonic()
        self._not_held = [device for device in self._not_held if not _hold(connection, device)]
        with self._lock:
            late = [name for _, name, since_s in self._waiting if now_s - since_s > _LATE_S]
            self._waiting = deque((one for one in self._waiting if now_s - one[2] <= _LATE_S), _REMEMBERED)
        for name in late:  # a key that repeats: the raw event came once, when it went down
            self._emit(CombinationPressed(name))
        if now_s - self._counted_since_s >= PERIOD_S:
            self._tell_counts(now_s)
            now_s = self._counted_since_s
        return PERIOD_S - (now_s - self._counted_since_s) if self._pressed else PERIOD_S

    def _count(self, at_ms: int, injected: bool) -> None:
        if not self._pressed:
            self._counted_since_s = time.monotonic()
        self._pressed += 1
        self._injected += injected
        with self._lock:
            self._recent.append((at_ms, injected))
            found = [name for when, name, _ in self._waiting if when == at_ms]
            self._waiting = deque((one for one in self._waiting if one[0] != at_ms), _REMEMBERED)
        for name in found:
            self._emit(CombinationPressed(name, injected))

    def _tell_counts(self, now_s: float) -> None:
        pressed, injected = self._pressed, self._injected
        over_ms = round((now_s - self._counted_since_s) * 1000)
        self._pressed = self._injected = 0
        self._counted_since_s = now_s
        if pressed:
            self._emit(KeysCounted(pressed, injected, over_ms))

    def _look_at_devices(self, connection: Any) -> None:
        devices = connection.xinput_query_device(xinput.AllDevices).devices
        self._sending = {
            device.deviceid
            for device in devices
            if device.use == xinput.SlaveKeyboard and device.name.endswith(_SENT_BY_PROGRAMS)
        }
        further = [
            device
            for use in (xinput.MasterKeyboard, xinput.MasterPointer)
            for device in sorted(device.deviceid for device in devices if device.use == use)[1:]
        ]
        self._not_held = [device for device in further if not _hold(connection, device)]


def _hold(connection: Any, device: int) -> bool:
    """A second keyboard or pointer of the server (multi-pointer X) is not in the toolkit's grab, and could type into
    other windows: what it sends comes here, and goes no further. Ends with this watch. False where another program has
    it at this moment: it is asked for again."""
    root = connection.screen().root
    mode = xinput.GrabModeAsync
    try:
        return bool(root.xinput_grab_device(device, X.CurrentTime, mode, mode, False, 0).status == X.GrabSuccess)
    except xerror.XError:
        return True  # it is gone again
