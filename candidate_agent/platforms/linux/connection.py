"""Connections to the X server: one per thread, and threads that end when they are told to.

Used by every X11 port of this folder. A watch waits on its connection and on a pipe of its own. Opening a connection
costs 3 ms of CPU, a question 0.05 ms: what is asked every second keeps its connection (`Asking`).
"""

import contextlib
import select
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from Xlib import display as xdisplay
from Xlib import error as xerror
from Xlib.protocol import display as protocol
from Xlib.protocol import event as xevent
from Xlib.protocol.event import event_class as xevent_classes

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux import wakeable

if TYPE_CHECKING:  # the clipboard holder starts without the ports and what they bring
    from candidate_agent.platforms.ports import Closer

_CONNECTING = threading.Lock()


def connect(display_name: str | None) -> Any:
    """A new connection. Raises PlatformError `unsupported` where no X server answers."""
    try:
        connection = _with_own_events(display_name)
    except (xerror.DisplayError, OSError) as error:
        raise PlatformError("unsupported", "The X server of this desktop does not answer.") from error
    connection.set_error_handler(lambda *_: None)  # windows vanish between two questions; each reply is checked
    return connection


def _with_own_events(display_name: str | None) -> Any:
    """python-xlib keeps the numbers of extension events once for all connections; servers may number differently."""
    with _CONNECTING:
        protocol.Display.event_classes = xevent_classes.copy()
        connection = xdisplay.Display(display_name)
        connection.display.event_classes = protocol.Display.event_classes
        protocol.Display.event_classes = xevent_classes.copy()
    return connection


@contextmanager
def connected(display_name: str | None) -> Iterator[Any]:
    connection = connect(display_name)
    try:
        yield connection
    finally:
        close(connection)


def close(connection: Any) -> None:
    try:
        connection.close()
    except (xerror.ConnectionClosedError, OSError):
        return  # the server went first


class Asking:
    """A connection kept for questions that come again and again, from any thread; made anew when it broke."""

    def __init__(self, display_name: str | None) -> None:
        self._display_name = display_name
        self._lock = threading.RLock()
        self._kept: list[Any] = []
        weakref.finalize(self, _close_all, self._kept)

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Raises PlatformError `unsupported` where no X server answers, or it went meanwhile."""
        with self._lock:
            if not self._kept:
                self._kept.append(connect(self._display_name))
            try:
                yield self._kept[0]
                while self._kept[0].pending_events():  # a changed keyboard map is told to everybody
                    self._kept[0].next_event()
            except (xerror.ConnectionClosedError, OSError) as error:
                _close_all(self._kept)
                raise PlatformError("unsupported", "The X server of this desktop does not answer.") from error


def _close_all(kept: list[Any]) -> None:
    while kept:
        close(kept.pop())


def answer(connection: Any, request: Any, into: int) -> None:
    """Answers a SelectionRequest: the property that holds the data, or `X.NONE` to refuse."""
    request.requestor.send_event(
        xevent.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=into,
        )
    )
    connection.flush()


class EventThread:
    """A connection, the thread that reads it, and the pipe that ends both."""

    def __init__(self, display_name: str | None, name: str) -> None:
        self._display_name = display_name
        self._name = name

    def start(
        self,
        prepare: Callable[[Any], None],
        handle: Callable[[Any, Any], None],
        rest: "Callable[[Any], float | None] | None" = None,
        last: Callable[[Any], None] = lambda _connection: None,
    ) -> "Closer":
        """`prepare(connection)` runs here, `handle(connection, event)` on the thread. Raises what `prepare` raises.

        `rest(connection)` runs whenever a burst of events is over; it answers in how many seconds it wants to be asked
        again, come what may. None: not before the next event. `last(connection)` runs when it is ended.
        """
        connection = connect(self._display_name)
        try:
            prepare(connection)
            connection.sync()
        except BaseException:
            close(connection)
            raise
        return wakeable.start(self._name, lambda wake: self._run(connection, wake, handle, rest or _no_rest, last))

    def _run(
        self,
        connection: Any,
        wake: int,
        handle: Callable[[Any, Any], None],
        rest: Callable[[Any], float | None],
        last: Callable[[Any], None],
    ) -> None:
        try:
            while True:
                while connection.pending_events():
                    event = connection.next_event()
                    with contextlib.suppress(xerror.XError):  # a window or output that went while it was looked at
                        handle(connection, event)
                wait_s = None
                with contextlib.suppress(xerror.XError):
                    wait_s = rest(connection)
                if connection.pending_events():
                    continue  # came with the answers to what `rest` asked
                ready, _, _ = select.select([connection.fileno(), wake], [], [], wait_s)
                if wake in ready:
                    last(connection)
                    return
        except (xerror.ConnectionClosedError, OSError):
            return  # the X server ended, and every program of the desktop with it
        finally:
            close(connection)


def _no_rest(_connection: Any) -> None:
    return None
