"""H.264 as the device records it (Annex B, parameter sets before each key frame) taken apart for MP4. Pure.

Called by `movies` for every picture of a bundle that nobody vouches for: whatever is wrong raises ProtocolError.
"""

from dataclasses import dataclass

from exam_protocol.errors import ProtocolError

SLICE, KEY_SLICE, SEQUENCE_SET, PICTURE_SET = 1, 5, 7, 8
MOST_UNITS = 4096
MOST_SET_BYTES = 4096
WITH_CHROMA_WORDS = (100, 110, 122, 244, 44, 83, 86, 118, 128)


@dataclass(frozen=True, slots=True)
class Picture:
    """`data`: the units, each with its length before it. `sets`: the decoder's configuration, b"" where none came."""

    data: bytes
    sets: bytes


def picture(stream: bytes) -> Picture:
    """Raises ProtocolError `damaged`."""
    found = units(stream)
    kinds = [unit[0] & 31 for unit in found]
    if SLICE not in kinds and KEY_SLICE not in kinds:
        raise ProtocolError("damaged", "A media record holds no picture.")
    first = dict(zip(reversed(kinds), reversed(found), strict=True))
    data = b"".join(len(unit).to_bytes(4, "big") + unit for unit in found)
    return Picture(data, configuration(first.get(SEQUENCE_SET, b""), first.get(PICTURE_SET, b"")))


def units(stream: bytes) -> list[bytes]:
    """The NAL units between start codes. Raises ProtocolError `damaged` where there are absurdly many."""
    parts = stream.split(b"\0\0\1")
    if len(parts) > MOST_UNITS:
        raise ProtocolError("damaged", "A picture is made of more pieces than it can be.")
    return [unit for part in parts[1:] if (unit := part.rstrip(b"\0"))]


def configuration(sequence_set: bytes, picture_set: bytes) -> bytes:
    """AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), b"" where a set is missing or no set at all."""
    if not 4 <= len(sequence_set) <= MOST_SET_BYTES or not 2 <= len(picture_set) <= MOST_SET_BYTES:
        return b""
    record = (
        bytes((1, *sequence_set[1:4], 0xFF, 0xE1)) + len(sequence_set).to_bytes(2, "big") + sequence_set
        + b"\1" + len(picture_set).to_bytes(2, "big") + picture_set
    )  # fmt: skip
    return record + (b"\xfd\xf8\xf8\0" if sequence_set[1] in WITH_CHROMA_WORDS else b"")  # 4:2:0, 8 bits
