"""ScreenPort of X11: pictures by the portable port, and from the extension DAMAGE whether there is anything new. Built
by `backend` alone. Where the server lacks the extension, pictures are compared as on other systems.
"""

from typing import Any

from Xlib import error as xerror
from Xlib.ext import damage

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.connection import close, connect
from candidate_agent.platforms.ports import Display, Picture, PictureStream, ScreenPort


class DamageStream:
    """A stream of one display, and a connection that hears of every change on the whole desktop."""

    def __init__(self, stream: PictureStream, connection: Any) -> None:
        self.width, self.height = stream.width, stream.height
        self._stream = stream
        self._connection: Any = connection
        self._damage = connection.screen().root.damage_create(damage.DamageReportNonEmpty)
        connection.sync()

    def read(self) -> Picture | None:
        return self._stream.read()

    def changed(self) -> bool:
        """True also where the server cannot be asked: then the picture tells."""
        if self._connection is None:
            return True
        try:
            if not self._connection.pending_events():
                return False
            self._begin_anew()
        except (xerror.ConnectionClosedError, OSError):
            self._connection = None
        return True

    def _begin_anew(self) -> None:
        """What is drawn from here on is told again; the server has done so before the picture is taken."""
        while self._connection.pending_events():
            self._connection.next_event()
        self._connection.damage_subtract(self._damage)
        self._connection.sync()

    def close(self) -> None:
        self._stream.close()
        if self._connection is not None:
            close(self._connection)
            self._connection = None


class X11Screen:
    def __init__(self, pictures: ScreenPort, display_name: str | None = None) -> None:
        self._pictures = pictures
        self._display_name = display_name

    def open(self, display: Display) -> PictureStream:
        """Raises DeviceError `display_missing`."""
        stream = self._pictures.open(display)
        try:
            connection = connect(self._display_name)
        except PlatformError:
            return stream
        try:
            if not connection.has_extension(damage.extname):
                close(connection)
                return stream
            connection.damage_query_version()
            return DamageStream(stream, connection)
        except (xerror.XError, xerror.ConnectionClosedError, OSError, AttributeError):
            close(connection)
            return stream
