"""Windows by the window manager's properties and the server's own tree: the port. `window_watch` tells what happens,
`front` takes the front back."""

from collections.abc import Callable

from candidate_agent.platforms.linux import front, tree
from candidate_agent.platforms.linux.connection import Asking, EventThread
from candidate_agent.platforms.linux.window_watch import WindowWatch
from candidate_agent.platforms.ports import Closer, Window, WindowEvent


class X11Windows:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._asking = Asking(display_name)

    def windows(self) -> tuple[Window, ...]:
        """Top-level windows that can be seen, lowest first."""
        with self._asking.connection() as connection:
            clients = [tree.client_of(connection, frame) for frame in tree.visible_frames(connection)]
            found = [tree.describe(connection, client) for client in clients]
            return tuple(window for window in found if window is not None)

    def active(self) -> Window | None:
        with self._asking.connection() as connection:
            window = tree.active_window(connection)
            return tree.describe(connection, window) if window is not None else None

    def bring_to_front(self, window_id: int) -> None:
        with self._asking.connection() as connection:
            front.bring_to_front(connection, window_id)

    def watch(self, our_window_id: int, emit: Callable[[WindowEvent], None]) -> Closer:
        watch = WindowWatch(our_window_id, emit)
        return EventThread(self._display_name, "windows").start(watch.prepare, watch.handle, watch.rest)
