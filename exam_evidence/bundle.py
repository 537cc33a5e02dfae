"""Reads an export bundle without trusting it: small members whole, lanes record by record, never a lane at once.

The file is mapped, so that three hours of recording cost no memory. A torn frame is skipped to the next record that
makes sense, and said. Called by `ledger`, `tracks`, `trust`, `relayed`, `opening`.
"""

import mmap
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from exam_evidence.findings import EvidenceError
from exam_protocol import codec
from exam_protocol.evidence import FRAME, HOLE, Bundle
from exam_protocol.records import HEADER, HEADER_BYTES

LOCAL_HEADER_BYTES = 30
MAX_SMALL_BYTES = 64 << 20
LET_GO_BYTES = 8 << 20
SESSION_AT = HEADER.size - 4 - 16  # where the session id stands in a record's header


@dataclass(frozen=True, slots=True)
class Frame:
    """One record of a lane. `framing_ok` False: the frame's length was wrong, the record's own header was used."""

    lane: int
    position: int
    record: bytes
    framing_ok: bool = True

    @property
    def is_hole(self) -> bool:
        return self.record == HOLE


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes of a lane that are no frame, after the record at `after_position`."""

    lane: int
    after_position: int
    offset: int
    length: int


class BundleReader:
    """Open with `with`. Raises EvidenceError `bundle_missing`, `bundle_damaged`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("rb")
            self._members = {info.filename: info for info in zipfile.ZipFile(self._file).infolist()}
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise EvidenceError("bundle_missing", f"{self.path} cannot be read: {error.strerror}.") from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            self._file.close()
            raise EvidenceError("bundle_damaged", f"{self.path} is not a bundle, or cut off: {error}.") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bytes.close()
        self._file.close()

    def names(self) -> list[str]:
        return sorted(self._members)

    def small(self, name: str) -> bytes | None:
        """A whole member, None where there is none. Raises EvidenceError `bundle_damaged` above 64 MiB."""
        if name not in self._members:
            return None
        start, end = self._range(name)
        if end - start > MAX_SMALL_BYTES:
            raise EvidenceError("bundle_damaged", f"{name} is larger than it can be.")
        return self._bytes[start:end]

    def checksum_holds(self, name: str) -> bool:
        """Whether a small member is what was once written; says nothing about who wrote it."""
        return zlib.crc32(self.small(name) or b"") == self._members[name].CRC

    def manifest(self) -> Bundle:
        """Raises EvidenceError `bundle_damaged`, ProtocolError `damaged`."""
        data = self.small("bundle.json")
        if data is None:
            raise EvidenceError("bundle_damaged", f"{self.path} holds no bundle.json.")
        bundle: Bundle = codec.decode(data, Bundle)
        return bundle

    def lane(self, lane: int, session_id: bytes) -> Iterator[Frame | Torn]:
        """Frames in the order of the file. `session_id` helps to find the next record after a torn one."""
        name = f"lane{lane}.records"
        if name not in self._members:
            return
        at, end = self._range(name)
        start, position, let_go = at, 0, at
        while at < end:
            if at - let_go >= LET_GO_BYTES:
                let_go = self._let_go(let_go, at)
            found = self._frame(lane, at, end, session_id)
            if found:
                frame, at = found
                position = frame.position
                yield frame
            else:
                torn_at, at = at, self._next_frame(at + 1, end, session_id)
                yield Torn(lane, position, torn_at - start, at - torn_at)

    def _let_go(self, begin: int, at: int) -> int:
        """What was read need not stay in memory; the place up to which it does not."""
        begin, end = (place // mmap.PAGESIZE * mmap.PAGESIZE for place in (begin, at))
        if sys.platform != "win32":
            self._bytes.madvise(mmap.MADV_DONTNEED, begin, end - begin)
        return end

    def _range(self, name: str) -> tuple[int, int]:
        """Where a stored member's bytes stand in the file."""
        info = self._members[name]
        at = info.header_offset
        head = self._bytes[at : at + LOCAL_HEADER_BYTES]
        if info.compress_type != zipfile.ZIP_STORED or len(head) < LOCAL_HEADER_BYTES:
            raise EvidenceError("bundle_damaged", f"{name} cannot be read from {self.path}.")
        start = at + LOCAL_HEADER_BYTES + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        return start, min(start + info.file_size, len(self._bytes))

    def _frame(self, lane: int, at: int, end: int, session_id: bytes) -> tuple[Frame, int] | None:
        """The frame at `at` and where the next one starts; None where no reading of it makes sense."""
        if at + FRAME.size > end:
            return None
        position, length = FRAME.unpack_from(self._bytes, at)
        body = at + FRAME.size
        claimed = self._claimed_length(body, end)
        if body + length <= end and (length == claimed or self._starts_frame(body + length, end, session_id)):
            return Frame(lane, position, self._bytes[body : body + length]), body + length
        if claimed and body + claimed <= end and self._starts_frame(body + claimed, end, session_id):
            return Frame(lane, position, self._bytes[body : body + claimed], framing_ok=False), body + claimed
        return None

    def _claimed_length(self, body: int, end: int) -> int:
        """The length of a record after its own header, 0 where there is none."""
        if body + HEADER_BYTES > end:
            return 0
        length: int = HEADER_BYTES + HEADER.unpack_from(self._bytes, body)[-1]
        return length if length <= codec.MAX_RECORD_BYTES else 0

    def _starts_frame(self, at: int, end: int, session_id: bytes) -> bool:
        if at == end:
            return True
        if at + FRAME.size + 1 > end:
            return False
        if FRAME.unpack_from(self._bytes, at)[1] == len(HOLE):
            return True
        session_at = at + FRAME.size + SESSION_AT
        return self._bytes[session_at : session_at + 16] == session_id

    def _next_frame(self, at: int, end: int, session_id: bytes) -> int:
        """Where the next whole frame starts after `at`, or the end."""
        lead = FRAME.size + SESSION_AT
        found = self._bytes.find(session_id, at + lead, end)
        while found != -1:
            start = found - lead
            length = FRAME.unpack_from(self._bytes, start)[1]
            if length == self._claimed_length(start + FRAME.size, end):
                return start
            found = self._bytes.find(session_id, found + 1, end)
        return end
