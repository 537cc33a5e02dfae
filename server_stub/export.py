"""The evidence bundle of one session as a stream: layout in `exam_protocol.evidence`. Used by the route and the CLI."""

import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from exam_protocol import codec
from exam_protocol.evidence import FORMAT, Bundle
from exam_protocol.records import Lane
from server_stub.clock import Clock
from server_stub.ports import Blobs
from server_stub.registry import Registry
from server_stub.store import Store


class _Outbox:
    """A file that cannot seek: what zipfile writes is handed on at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


@dataclass(frozen=True, slots=True)
class Exporter:
    store: Store
    registry: Registry
    blobs: Blobs
    clock: Clock
    server_key: Callable[[], bytes]

    def stream(self, session_id: bytes) -> Iterator[bytes]:
        """ZIP bytes, lane by lane as far as it is durable now. Raises KeyError if there is no such session."""
        members = self._members(session_id)
        outbox = _Outbox()
        with zipfile.ZipFile(cast("IO[bytes]", outbox), "w", zipfile.ZIP_STORED) as bundle:
            for name, chunks in members:
                info = zipfile.ZipInfo(name, time.gmtime(self.clock.wall_ms() / 1000)[:6])
                info.external_attr = 0o600 << 16
                with bundle.open(info, "w", force_zip64=True) as member:
                    for chunk in chunks:
                        member.write(chunk)
                        yield outbox.take()
        yield outbox.take()

    def _members(self, session_id: bytes) -> list[tuple[str, Iterator[bytes]]]:
        session = self.store.session(session_id)
        package = None if session is None else self.registry.package(session.exam_id)
        ticket = self.registry.ticket_of(session_id)
        if session is None or package is None or ticket is None:
            raise KeyError(session_id.hex())
        lanes = self.store.lanes(session_id)
        size_of = {lane: lanes[lane].size_bytes if lane in lanes else 0 for lane in Lane}
        about = Bundle(FORMAT, session_id.hex(), session.exam_id, self.server_key(), self.clock.wall_ms())
        members = [
            ("bundle.json", iter([codec.encode(about)])),
            ("package.json", iter([codec.encode(package[0])])),
            ("ticket.json", iter([codec.encode(ticket)])),
        ]
        for document, roster in self.registry.rosters(session.exam_id):
            members.append((f"rosters/{roster.version}.json", iter([codec.encode(document)])))
        for lane in Lane:
            members.append((f"lane{lane:d}.records", self.blobs.read(session_id, lane, size_of[lane])))
        members.append(("commands.jsonl", iter([_lines(self.registry.commands(session_id))])))
        members.append(("receipts.jsonl", iter([_lines(self.store.receipts(session_id))])))
        return members


def _lines(documents: list[bytes]) -> bytes:
    return b"".join(document + b"\n" for document in documents)
