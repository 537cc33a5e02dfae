"""The export bundle of one session: layout and framing shared by who writes it and who verifies it. Pure.

A ZIP without compression (everything inside is ciphertext or small):

    bundle.json        Bundle
    package.json       SignedDocument, as the office published it
    ticket.json        SignedDocument
    rosters/N.json     SignedDocument per version
    lane0.records      framed records of the control lane, in order of position
    lane1.records      framed records of the media lane
    commands.jsonl     SignedDocument per line: proctors' commands as they were relayed
    receipts.jsonl     SignedDocument per line: the server's receipts
"""

import struct
from collections.abc import Iterator

import msgspec

from exam_protocol.codec import MAX_RECORD_BYTES
from exam_protocol.errors import ProtocolError

FORMAT = 1
FRAME = struct.Struct(">QI")  # lane position, length
HOLE = b"\0"  # stands on the wire and in a lane where a damaged record was; a GAP record says which


class Bundle(msgspec.Struct, frozen=True):
    format: int
    session_id: str  # hexadecimal
    exam_id: str
    server_key: bytes
    exported_ms: int


def frame(position: int, record: bytes) -> bytes:
    return FRAME.pack(position, len(record)) + record


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(position, record) of a lane file. Raises ProtocolError `damaged` at a torn end or an absurd length."""
    at = 0
    while at < len(data):
        if at + FRAME.size > len(data):
            raise ProtocolError("damaged", "A lane file ends in the middle of a frame.")
        position, length = FRAME.unpack_from(data, at)
        at += FRAME.size
        if length > MAX_RECORD_BYTES or at + length > len(data):
            raise ProtocolError("damaged", f"A lane file ends in the middle of record {position}.")
        yield position, data[at : at + length]
        at += length
