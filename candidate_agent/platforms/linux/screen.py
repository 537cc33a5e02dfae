"""ScreenPort of X11: pictures by the portable port, and from the extension DAMAGE where there is anything new. Built by
`backend` alone. Where the server lacks the extension, pictures are compared as on other systems.
"""

from typing import Any

from Xlib import error as xerror
from Xlib.ext import damage

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.connection import close, connect
from candidate_agent.platforms.ports import WHOLE, Display, Picture, PictureStream, Rows, RowStream, ScreenPort


class DamageStream:
    """A stream of one display, and a connection that hears where on the whole desktop anything changes."""

    def __init__(self, stream: RowStream, connection: Any) -> None:
        self.width, self.height = stream.width, stream.height
        self._stream = stream
        self._connection: Any = connection
        self._damage = connection.screen().root.damage_create(damage.DamageReportBoundingBox)
        connection.sync()

    def read(self) -> Picture | None:
        return self._stream.read()

    def read_rows(self, rows: Rows) -> Picture | None:
        return self._stream.read_rows(rows)

    def changed(self) -> Rows | None:
        """The whole where the server cannot be asked: then the picture tells."""
        if self._connection is None:
            return WHOLE
        try:
            return self._ask() if self._connection.pending_events() else None
        except (xerror.ConnectionClosedError, OSError):
            self._connection = None
            return WHOLE

    def _ask(self) -> Rows | None:
        """Where something changed so far; what is drawn from here on is told again. The server begins anew before the
        picture is taken. What is told in between stays for the next question."""
        areas = []
        while self._connection.pending_events():
            event = self._connection.next_event()
            if getattr(event, "damage", None) == self._damage:  # every client is told of other keyboards as well
                areas.append(event.area)
        if areas:
            self._connection.damage_subtract(self._damage)
            self._connection.sync()
        here = [self._rows(area) for area in areas if self._is_here(area)]
        return (min(first for first, _ in here), max(end for _, end in here)) if here else None

    def _is_here(self, area: Any) -> bool:
        across = area.x < self._stream.left + self.width and area.x + area.width > self._stream.left
        down = area.y < self._stream.top + self.height and area.y + area.height > self._stream.top
        return bool(across and down)

    def _rows(self, area: Any) -> Rows:
        return max(0, area.y - self._stream.top), min(self.height, area.y + area.height - self._stream.top)

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
        if not isinstance(stream, RowStream):
            return stream
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
