"""Questions to the services of the desktop over D-Bus. Used by `awake`, `notifications` and `system`.

Services are never started by asking. A connection is opened at the first question; what a service grants to a
connection ends with it, and so with this process.
"""

import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANSWER_S = 1.0


class NoAnswerError(Exception):
    """No bus, no such service, or it refused."""


class Bus:
    """One connection, for any thread; opened anew when it broke, unless `once`: then it stays broken."""

    def __init__(self, address: str, *, fds: bool = False, once: bool = False) -> None:
        self._address = address
        self._fds = fds
        self._once = once
        self._lock = threading.RLock()
        self._kept: list[Any] = []
        self._opened = False
        weakref.finalize(self, _close_all, self._kept)

    def call(
        self, destination: str, path: str, interface: str, member: str, signature: str = "", *arguments: Any,
        start: bool = False,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Raises NoAnswerError."""
        try:
            from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call
        except ImportError as error:  # the keeper must give the computer back also from a broken installation
            raise NoAnswerError("the library for D-Bus is missing") from error
        message = new_method_call(DBusAddress(path, destination, interface), member, signature or None, arguments)
        if not start:
            message.header.flags |= MessageFlag.no_auto_start
        with self._lock:
            try:
                answer = self._connection().send_and_get_reply(message, timeout=ANSWER_S)
            except (OSError, TimeoutError, ValueError, RuntimeError, EOFError) as error:
                _close_all(self._kept)
                raise NoAnswerError(str(error)) from error
        if answer.header.message_type is MessageType.error:
            raise NoAnswerError(str(answer.body))
        return tuple(answer.body)

    def owner(self, name: str) -> str:
        """The unique name of the connection that has a well-known name now. "": nobody, or there is no bus."""
        try:
            answer = self.call(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", "s", name
            )
        except NoAnswerError:
            return ""
        return str(answer[0])

    def close(self) -> None:
        with self._lock:
            _close_all(self._kept)

    def _connection(self) -> Any:
        if not self._kept:
            if not self._address or (self._once and self._opened):
                raise OSError("no bus")
            from jeepney.io.blocking import open_dbus_connection

            self._opened = True
            self._kept.append(open_dbus_connection(self._address, enable_fds=self._fds, auth_timeout=ANSWER_S))
        return self._kept[0]


def _close_all(kept: list[Any]) -> None:
    while kept:
        kept.pop().close()


def session_address(environment: Mapping[str, str]) -> str:
    """Empty where this session has no bus."""
    told = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    path = Path(runtime) / "bus"
    return told or (f"unix:path={path}" if runtime and path.exists() else "")


def system_address(environment: Mapping[str, str]) -> str:
    told = environment.get("DBUS_SYSTEM_BUS_ADDRESS", "")
    path = Path("/run/dbus/system_bus_socket")
    return told or (f"unix:path={path}" if path.exists() else "")
