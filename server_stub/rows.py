"""What the database keeps of a session, as frozen rows: shared by store, ledger and ingest."""

from dataclasses import dataclass

from exam_protocol.messages import SessionInfo
from exam_protocol.records import Gap, TrackHead


@dataclass(frozen=True, slots=True)
class SessionRow:
    """`end_heads`: what END counts (None: no END yet). `declared`: gaps whose records are still to come or never do."""

    session_id: bytes
    exam_id: str
    candidate_name: str
    device_key: bytes
    wrap_key: bytes
    state: str = "joined"
    state_reason: str = ""
    opened_ms: int = 0
    last_seen_ms: int = 0
    gaps: int = 0
    complete: bool = False
    end_heads: tuple[TrackHead, ...] | None = None
    declared: tuple[Gap, ...] = ()

    def info(self, connected: bool) -> SessionInfo:
        return SessionInfo(
            self.session_id.hex(), self.exam_id, self.candidate_name, self.state, self.state_reason, connected,
            self.device_key, self.wrap_key, self.opened_ms, self.last_seen_ms, self.gaps, self.complete,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LaneRow:
    """`holes`: positions that arrived as holes and are not yet explained by a jump in a track's sequence."""

    session_id: bytes
    lane: int
    position: int = 0
    size_bytes: int = 0
    holes: int = 0


@dataclass(frozen=True, slots=True)
class TrackRow:
    """`head` covers the first `chained` records; `pending` has 32 bytes per record after them (zeros: hash unknown)."""

    session_id: bytes
    track: int
    next_sequence: int
    chained: int
    head: bytes
    pending: bytes = b""
