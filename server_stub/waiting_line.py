"""Who waits to be admitted, in the order in which they came to wait: each candidate is told their place.

Looked at once a second by `pulse`. The order is this server's memory: after its restart it is anew that of the looking.
"""

from exam_protocol.messages import Queue
from server_stub.bus import ToAgent, agent_topic
from server_stub.live import LiveSession, Sessions
from server_stub.ports import Bus

WAITING = "waiting"


class WaitingLine:
    def __init__(self, sessions: Sessions, bus: Bus) -> None:
        self._sessions, self._bus = sessions, bus
        self._line: dict[bytes, str] = {}  # session -> exam, first come first
        self._told: dict[bytes, Queue] = {}

    def of(self, session_id: bytes) -> Queue | None:
        """As it was told last."""
        return self._told.get(session_id)

    def look(self) -> None:
        """Who has just lost the line keeps the place, and is not counted until it is back."""
        waiting = {live.session_id: live for live in self._sessions if live.durable.state == WAITING}
        self._line = {session_id: exam for session_id, exam in self._line.items() if session_id in waiting}
        for live in sorted(waiting.values(), key=_came):
            self._line.setdefault(live.session_id, live.durable.exam_id)
        places = self._places({session_id for session_id, live in waiting.items() if live.link_up})
        for session_id, place in places.items():
            if self._told.get(session_id) != place:
                self._bus.publish(agent_topic(session_id), ToAgent(place))
        self._told = places

    def _places(self, there: set[bytes]) -> dict[bytes, Queue]:
        """Each exam has a line of its own."""
        lines: dict[str, list[bytes]] = {}
        for session_id, exam_id in self._line.items():
            if session_id in there:
                lines.setdefault(exam_id, []).append(session_id)
        return {
            session_id: Queue(place, len(line))
            for line in lines.values()
            for place, session_id in enumerate(line, start=1)
        }


def _came(live: LiveSession) -> tuple[int, bytes]:
    return live.durable.opened_ms, live.session_id
