"""Bytes <-> structs, with the limits beside the parser. Called wherever anything enters or leaves; no I/O.

Two tempers: what is signed and binds people (package, roster, ticket) is decoded strictly, an unknown field is an
error; what two programs say to each other (messages, entries) is decoded tolerantly, an unknown field is skipped.
"""

from typing import Any, TypeVar

import msgspec

from exam_protocol.errors import ProtocolError

MAX_TEXT_BYTES = 1 << 20
MAX_RECORD_BYTES = 8 << 20
PAD_BYTES = 256

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: Any) -> bytes:
    """JSON of a struct; the same struct gives the same bytes."""
    return _encoder.encode(value)


def encode_padded(value: Any) -> bytes:
    """JSON padded with spaces to a multiple of 256 bytes, so that the size of a sealed record tells little."""
    data = encode(value)
    return data + b" " * (-len(data) % PAD_BYTES)


def decode(data: bytes | str, kind: type[T] | Any, *, limit_bytes: int = MAX_TEXT_BYTES) -> T:
    """A struct of `kind` from JSON. Raises ProtocolError `too_large` or `damaged`; never anything else."""
    if len(data) > limit_bytes:
        raise ProtocolError("too_large", f"{len(data)} bytes arrived where at most {limit_bytes} are allowed.")
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError("damaged", f"This is not readable: {error}") from error
