"""The hash chain of a track: head = SHA-256(head | SHA-256(record)), from a start bound to session and track. Pure."""

import hashlib

from exam_protocol.records import Marks, TrackHead

MARK_BYTES = 4


def start(session_id: bytes, track: int) -> bytes:
    return hashlib.sha256(b"chain/v1" + session_id + bytes([track])).digest()


def record_hash(record: bytes) -> bytes:
    return hashlib.sha256(record).digest()


def extend(head: bytes, hash_of_record: bytes) -> bytes:
    return hashlib.sha256(head + hash_of_record).digest()


class Chains:
    """Heads and next sequences of every track of a session, as agent, server and verifier each keep them."""

    def __init__(self, session_id: bytes, heads: tuple[TrackHead, ...] = ()) -> None:
        self.session_id = session_id
        self._heads = {entry.track: entry for entry in heads}

    def at(self, track: int) -> TrackHead:
        return self._heads.get(track) or TrackHead(track, 0, start(self.session_id, track))

    def append(self, track: int, hash_of_record: bytes) -> TrackHead:
        now = self.at(track)
        self._heads[track] = TrackHead(track, now.next_sequence + 1, extend(now.head, hash_of_record))
        return self._heads[track]

    def heads(self) -> tuple[TrackHead, ...]:
        return tuple(self._heads[track] for track in sorted(self._heads))


class MarksSinceCheck:
    """What the writer of records collects between two checkpoints. `take` empties it into a CHECK."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[int, bytearray]] = {}

    def add(self, track: int, sequence: int, hash_of_record: bytes) -> None:
        """Sequences of a track follow on between two calls of `take`."""
        _, digests = self._digests.setdefault(track, (sequence, bytearray()))
        digests += hash_of_record[:MARK_BYTES]

    def take(self) -> tuple[Marks, ...]:
        taken, self._digests = self._digests, {}
        return tuple(Marks(track, first, bytes(digests)) for track, (first, digests) in sorted(taken.items()))
