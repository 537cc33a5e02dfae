"""The three doors to something bigger than one process: bus, state, blobs. Small on purpose.

Built here: in process (`bus`), SQLite (`store`), append-only files (`blobs`). A cluster brings others.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from server_stub.rows import LaneRow, SessionRow, TrackRow

Subscriber = Callable[[object], None]


class Bus(Protocol):
    """Events to whoever listens on a topic. Publishing never waits for a listener."""

    def publish(self, topic: str, event: object) -> int:
        """How many listened."""

    def subscribe(self, topic: str, subscriber: Subscriber) -> Callable[[], None]:
        """Returns what ends the subscription."""


class State(Protocol):
    """What ingest needs of the database: read once per session, written once per group commit."""

    def session(self, session_id: bytes) -> SessionRow | None: ...

    def lanes(self, session_id: bytes) -> dict[int, LaneRow]: ...

    def tracks(self, session_id: bytes) -> dict[int, TrackRow]: ...

    def commit(self, sessions: Iterable[SessionRow], lanes: Iterable[LaneRow], tracks: Iterable[TrackRow]) -> None:
        """One transaction, durable on return."""


class Blobs(Protocol):
    """Append-only bytes per session and lane."""

    def append(self, session_id: bytes, lane: int, data: bytes) -> None:
        """Durable on return. Raises OSError, and then nothing was appended as far as the state knows."""

    def cut(self, session_id: bytes, lane: int, size_bytes: int) -> int:
        """Cuts a torn tail back to `size_bytes`; returns the size there really is (less, if something was lost)."""

    def read(self, session_id: bytes, lane: int, through_bytes: int, from_bytes: int = 0) -> Iterator[bytes]:
        """Chunks of what stands between the two."""
