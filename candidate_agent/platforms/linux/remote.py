"""Signs that somebody looks in from elsewhere, each in words. Asked again and again in an exam: a millisecond or two.

Used by `system`. None of them is a verdict: a candidate may sit at a thin client, a school may watch its rooms.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux import process_names, tree
from candidate_agent.platforms.linux.bus import Bus, NoAnswerError, session_address
from candidate_agent.platforms.linux.connection import Asking

SHOWING_PROGRAMS = frozenset({
    "xrdp", "xorgxrdp", "xrdp-chansrv", "x11vnc", "xvnc", "xtightvnc", "xtigervnc", "x0vncserver", "x0tigervncserver",
    "vncserver-x11-core", "vncagent", "x2goagent", "x2gokdrive", "nxagent", "nxnode.bin", "krfb", "vino-server",
    "gnome-remote-desktop-daemon", "teamviewer_desktop", "anydesk", "rustdesk", "chrome-remote-desktop-host",
    "remoting_me2me_host", "srstreamer", "sunshine", "xpra", "guacd", "weylus", "deskreen",
})  # fmt: skip
"""By the names of their executables; only those that show or steer a display."""

SESSIONS = {
    "/org/gnome/Mutter/ScreenCast/Session": "the desktop shares its screen",
    "/org/gnome/Mutter/RemoteDesktop/Session": "the desktop is steered from elsewhere",
}
"""Where GNOME keeps its sessions of sharing -> in words."""

_MUTTER = {"ScreenCast": "org.gnome.Mutter.ScreenCast", "RemoteDesktop": "org.gnome.Mutter.RemoteDesktop"}
_NODE = re.compile(r"<node\s+name=")
_OUTPUTS = {"rdp": "session of xrdp", "VNC-": "the X server is a VNC server"}


class RemoteSigns:
    def __init__(self, environment: Mapping[str, str], display_name: str | None, root: Path = Path("/")) -> None:
        self._environment = environment
        self._display = display_name or environment.get("DISPLAY", "")
        self._asking = Asking(display_name)
        self._server = _Server()
        self._bus = Bus(session_address(environment))
        self._root = root

    def signals(self) -> tuple[str, ...]:
        found = [*self._of_environment(), *self._of_login(), *self._of_sharing()]
        try:
            with self._asking.connection() as connection:
                found += self._server.signs(connection)
        except PlatformError:
            pass
        return tuple(dict.fromkeys(found))

    def _of_environment(self) -> list[str]:
        signs = {
            "started over ssh": any(self._environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY")),
            "session of xrdp": bool(self._environment.get("XRDP_SESSION")),
            "the display is on another computer": elsewhere(self._display),
        }
        return [sign for sign, there in signs.items() if there]

    def _of_login(self) -> list[str]:
        """What the login manager wrote down of this session."""
        number = self._environment.get("XDG_SESSION_ID", "")
        if not number.isalnum():
            return []
        try:
            told = (self._root / "run/systemd/sessions" / number).read_text("utf-8", "replace")
        except OSError:
            return []
        return ["logged in from another computer"] if "REMOTE=1" in told.splitlines() else []

    def _of_sharing(self) -> list[str]:
        found = []
        for path, words in SESSIONS.items():
            service = _MUTTER[path.split("/")[-2]]
            if not self._bus.owner(service):
                continue
            try:
                told = self._bus.call(service, path, "org.freedesktop.DBus.Introspectable", "Introspect")
            except NoAnswerError:
                continue
            if has_sessions(str(told[0])):
                found.append(words)
        return found


def elsewhere(display: str) -> bool:
    """Whether a display's name has a computer in it: "localhost:10.0" is what ssh gives."""
    host = display.rpartition(":")[0]
    return bool(host) and host != "unix" and not host.startswith(("/", "unix/"))


def has_sessions(introspection: str) -> bool:
    return bool(_NODE.search(introspection))


class _Server:
    """What the X server tells of itself. The names of its outputs are asked again only when there are other ones."""

    def __init__(self) -> None:
        self._outputs: tuple[int, ...] = ()
        self._signs: list[str] = []

    def signs(self, connection: Any) -> list[str]:
        found = ["the X server is a VNC server"] if connection.has_extension("VNC-EXTENSION") else []
        if connection.has_extension("RANDR"):
            self._look_at_outputs(connection)
        return [*found, *self._signs, *(f"{name} watches this display" for name in _showing_clients(connection))]

    def _look_at_outputs(self, connection: Any) -> None:
        resources = connection.screen().root.xrandr_get_screen_resources_current()
        outputs = tuple(resources.outputs)
        if outputs == self._outputs:
            return
        infos = [connection.xrandr_get_output_info(output, resources.config_timestamp) for output in outputs]
        names = [str(getattr(info, "name", "")) for info in infos]
        self._signs = [words for start, words in _OUTPUTS.items() if any(name.startswith(start) for name in names)]
        self._outputs = outputs


def _showing_clients(connection: Any) -> list[str]:
    """Such programs among the clients of this X server, by the processes that the server itself names."""
    if not connection.has_extension("X-Resource"):
        return []
    clients = connection.res_query_clients().clients
    pids = {tree.process_of(connection, client.resource_base) for client in clients}
    found = {name for pid in pids - {0} for name in _names(pid) if name in SHOWING_PROGRAMS}
    return sorted(found)


def _names(pid: int) -> tuple[str, ...]:
    process = process_names.described(pid)
    return process.names if process is not None else ()
