"""Keeps the computer awake and unlocked by everything that answers: the login manager, the desktop's own services, the
X server's screen saver. Each grant belongs to a connection or an open file of this process, and ends with it.

The power key stays with the candidate.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from Xlib.protocol import rq

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.bus import Bus, NoAnswerError, session_address, system_address
from candidate_agent.platforms.linux.connection import close, connect, connected
from candidate_agent.platforms.ports import Closer, Unsupported

WHO, WHY = "Candidate agent", "An exam is running"
_LOGIND = "org.freedesktop.login1"
_WHAT = ("sleep:idle:handle-lid-switch:handle-suspend-key:handle-hibernate-key", "sleep:idle", "idle")
_SUSPEND_AND_IDLE = 4 | 8  # flags of GNOME's session manager
_SAVER = "MIT-SCREEN-SAVER"


@dataclass(frozen=True, slots=True)
class _Service:
    """A service of the session bus that takes such a wish, and how it is said to it."""

    name: str
    path: str
    interface: str
    signature: str
    arguments: tuple[Any, ...]


SERVICES = (
    _Service("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager", "susu",
             (WHO, 0, WHY, _SUSPEND_AND_IDLE)),
    _Service("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ss",
             (WHO, WHY)),
    _Service("org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit",
             "org.freedesktop.PowerManagement.Inhibit", "ss", (WHO, WHY)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Grant:
    """`in_force`: whether it still is. `end`: gives it back."""

    in_force: Callable[[], bool]
    end: Callable[[], None]


class X11Awake:
    def __init__(self, display_name: str | None = None, environment: Mapping[str, str] = os.environ) -> None:
        self._display_name = display_name
        self._environment = environment
        self._grants: list[_Grant] = []

    def stay_awake(self) -> Closer:
        found = (self._of_login_manager(), *self._of_session(), self._of_server())
        grants = [grant for grant in found if grant is not None]
        if not grants:
            raise PlatformError("stay_awake", "Nothing on this desktop takes the wish to stay awake.")
        self._grants += grants

        def end() -> None:
            for grant in grants:
                grant.end()
            self._grants = [grant for grant in self._grants if grant not in grants]
            grants.clear()

        return end

    def awake(self) -> bool:
        """All that was granted, still: a service that was started anew has forgotten."""
        return bool(self._grants) and all(grant.in_force() for grant in self._grants)

    def _of_login_manager(self) -> _Grant | None:
        """It hands out an open file: the wish lasts until that is closed."""
        bus = Bus(system_address(self._environment), fds=True, once=True)
        owner = bus.owner(_LOGIND)
        for what in _WHAT if owner else ():
            try:
                answer = bus.call(_LOGIND, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Inhibit",
                                  "ssss", what, WHO, WHY, "block")  # fmt: skip
            except NoAnswerError:
                continue  # not allowed to ask for so much
            held = answer[0]

            def end(held: Any = held) -> None:
                held.close()
                bus.close()

            return _Grant(lambda: bus.owner(_LOGIND) == owner, end)
        bus.close()
        return None

    def _of_session(self) -> list[_Grant | None]:
        address = session_address(self._environment)
        return [self._of_service(Bus(address, once=True), service) for service in SERVICES] if address else []

    def _of_service(self, bus: Bus, service: _Service) -> _Grant | None:
        owner = bus.owner(service.name)
        try:
            if owner:
                bus.call(service.name, service.path, service.interface, "Inhibit", service.signature,
                         *service.arguments)  # fmt: skip
                return _Grant(lambda: bus.owner(service.name) == owner, bus.close)
        except NoAnswerError:
            pass
        bus.close()
        return None

    def _of_server(self) -> _Grant | None:
        try:
            connection = connect(self._display_name)
        except PlatformError:
            return None
        if not connection.has_extension(_SAVER):
            close(connection)
            return None
        _Suspend(display=connection.display, opcode=connection.display.get_extension_major(_SAVER), suspend=1)
        connection.sync()
        return _Grant(lambda: _answers(connection), lambda: close(connection))


class _Suspend(rq.Request):  # type: ignore[misc]  # the library ships no types
    """XScreenSaverSuspend of MIT-SCREEN-SAVER 1.1, which python-xlib lacks: screen saver and monitor power pause."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("suspend"))


def _answers(connection: Any) -> bool:
    try:
        connection.get_input_focus()
    except Exception:  # the server went, in one of several ways
        return False
    return True


def awake_port(display_name: str | None, environment: Mapping[str, str] = os.environ) -> X11Awake | Unsupported:
    session = Bus(session_address(environment))
    system = Bus(system_address(environment))
    services = any(session.owner(service.name) for service in SERVICES)
    asked = services or bool(system.owner(_LOGIND))
    session.close()
    system.close()
    if asked or _has_saver(display_name):
        return X11Awake(display_name, environment)
    return Unsupported("Nothing on this desktop takes the wish to stay awake.")


def _has_saver(display_name: str | None) -> bool:
    with connected(display_name) as connection:
        return bool(connection.has_extension(_SAVER))
