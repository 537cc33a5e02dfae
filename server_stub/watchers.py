"""Who watches whom, over all consoles of this server: the candidate is told, and a proctor's number is limited."""

from collections.abc import Iterable

from exam_protocol.messages import Watched
from server_stub.bus import ToAgent, agent_topic
from server_stub.ports import Bus


class Watchers:
    """Keyed by console (any hashable thing), so that one proctor may have two consoles open."""

    def __init__(self, bus: Bus, *, limit: int) -> None:
        self._bus, self._limit = bus, limit
        self._watching: dict[bytes, dict[object, str]] = {}

    def of(self, session_id: bytes) -> tuple[str, ...]:
        """Ids of the proctors who have this session open."""
        return tuple(sorted(set(self._watching.get(session_id, {}).values())))

    def add(self, console: object, proctor: str, session_id: bytes) -> bool:
        """False where the proctor already watches as many candidates as one person may."""
        theirs = {watched for watched, consoles in self._watching.items() if proctor in consoles.values()}
        if session_id not in theirs and len(theirs) >= self._limit:
            return False
        before = self.of(session_id)
        self._watching.setdefault(session_id, {})[console] = proctor
        self._tell(session_id, before)
        return True

    def remove(self, console: object, sessions: Iterable[bytes]) -> None:
        for session_id in tuple(sessions):
            before = self.of(session_id)
            consoles = self._watching.get(session_id, {})
            consoles.pop(console, None)
            if not consoles:
                self._watching.pop(session_id, None)
            self._tell(session_id, before)

    def _tell(self, session_id: bytes, before: tuple[str, ...]) -> None:
        now = self.of(session_id)
        if now != before:
            self._bus.publish(agent_topic(session_id), ToAgent(Watched(now)))
