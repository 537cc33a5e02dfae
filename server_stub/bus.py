"""The bus of one process, and the events on it. Ingest publishes, consoles and agents listen; nobody waits."""

from collections.abc import Callable
from dataclasses import dataclass

from exam_protocol.messages import AgentMessage
from exam_protocol.records import Header
from exam_protocol.signing import SignedDocument
from server_stub.ports import Subscriber


@dataclass(frozen=True, slots=True)
class RecordsStored:
    """Durable records of one lane, oldest first."""

    session_id: bytes
    records: tuple[tuple[Header, bytes], ...]


@dataclass(frozen=True, slots=True)
class SessionUpdated:
    session_id: bytes


@dataclass(frozen=True, slots=True)
class RosterPublished:
    exam_id: str
    document: SignedDocument


@dataclass(frozen=True, slots=True)
class ToAgent:
    """A message for the agent's control connection."""

    message: AgentMessage


def exam_topic(exam_id: str) -> str:
    return f"exam:{exam_id}"


def records_topic(session_id: bytes) -> str:
    return f"records:{session_id.hex()}"


def agent_topic(session_id: bytes) -> str:
    return f"agent:{session_id.hex()}"


class InProcessBus:
    def __init__(self) -> None:
        self._subscribers: dict[str, dict[object, Subscriber]] = {}

    def publish(self, topic: str, event: object) -> int:
        subscribers = list(self._subscribers.get(topic, {}).values())
        for subscriber in subscribers:
            subscriber(event)
        return len(subscribers)

    def subscribe(self, topic: str, subscriber: Subscriber) -> Callable[[], None]:
        key = object()
        self._subscribers.setdefault(topic, {})[key] = subscriber

        def end() -> None:
            listeners = self._subscribers.get(topic, {})
            listeners.pop(key, None)
            if not listeners:
                self._subscribers.pop(topic, None)

        return end
