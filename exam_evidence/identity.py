"""Which record is this: what one record shows without its chain and without keys. Used by `tracks`, `opening`."""

from exam_evidence.findings import TRACKS
from exam_protocol.errors import ProtocolError
from exam_protocol.records import HEADER, HEADER_BYTES, Header, RecordType, Track, lane_of, split
from exam_protocol.sealing import key_id, parse_sframe_header, sframe_header

Name = tuple[int, int]  # (track, sequence)


def check_record(record: bytes, session_id: bytes, lane: int) -> Header:
    """The header of a record that is consistent in itself. Raises ProtocolError `damaged` and others of `split`."""
    header, body = split(record)
    if header.session_id != session_id:
        raise ProtocolError("foreign_session", "A record belongs to another session.")
    if lane_of(header.track) != lane:
        raise ProtocolError("damaged", "A record stands in the wrong lane.")
    if header.type is RecordType.DATA and not body.startswith(
        sframe_header(key_id(header.epoch, header.track), header.sequence)
    ):
        raise ProtocolError("damaged", "A sealed record names another key or counter than its header.")
    return header


def claimed_names(record: bytes) -> tuple[Name, ...]:
    """Under which (track, sequence) a damaged record may have been written: it says so twice."""
    if len(record) < HEADER_BYTES:
        return ()
    _, kind, track, _, _, sequence, _, _, _ = HEADER.unpack_from(record)
    names: list[Name] = [(track, sequence)] if track in TRACKS else []
    if kind == RecordType.DATA or track != Track.LEDGER:
        try:
            kid, counter, _ = parse_sframe_header(record[HEADER_BYTES:])
            names += [(kid & 0xFF, counter), (kid & 0xFF, sequence), (track, counter)]
        except ProtocolError:
            pass
    return tuple(names)


def likely_name(record: bytes, expected: dict[int, int]) -> Name | None:
    """The claimed name that is the next of its track; `expected` maps track to next sequence."""
    return next((name for name in claimed_names(record) if expected.get(name[0], 0) == name[1]), None)
