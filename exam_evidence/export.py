"""Everything that a key opens, written into a folder: movies, pictures, entries, findings. Called by `cli` for `open`.

screen.mp4 webcam.mp4 audio.mp4 ... side-by-side.mp4   id_card-1-0.jpg room-1-0.jpg ...   entries.jsonl
flags.json flags.txt   opened.json
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import av
import msgspec

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import EvidenceError, Finding, track_name
from exam_evidence.ledger import Ledger, read_ledger, session_id_of
from exam_evidence.marks import Marks
from exam_evidence.movies import MovieFile, Movies
from exam_evidence.opening import OpenedRecord, Reader, make_opener, open_lane
from exam_evidence.side_by_side import FILE, Progress, compose
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.records import MEDIA_TRACKS, Entry, FlagEntry, Gap, Lane, PictureEntry, ReportEntry, unpack_media

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}


class Opened(msgspec.Struct, frozen=True):
    """What `open` wrote. `findings` name every record that could not be opened."""

    session_id: str
    opened_ms: int  # wall time of media time zero
    movies: tuple[MovieFile, ...]
    pictures: tuple[str, ...]
    entries: int
    records: int
    findings: tuple[Finding, ...]
    side_by_side: MovieFile | None = None
    flags: int = 0


def export(reader: BundleReader, who: Reader, out_dir: Path, progress: Progress | None = None) -> Opened:
    """With `progress` also one film of everything, which takes minutes.

    Raises EvidenceError `out_not_empty`, `not_for_us`, `out_unwritable`.
    """
    ledger = read_ledger(reader, session_id_of(reader, reader.manifest()))
    opener = make_opener(ledger, who)
    _empty_dir(out_dir)
    findings = [
        Finding("epoch_shut", f"Epoch {number} does not open: {why}.", "lane0.records")
        for number, why in sorted(opener.shut.items())
    ]
    writer = _Writer(out_dir, ledger.gaps())
    try:
        with (out_dir / "entries.jsonl").open("w", encoding="utf-8") as lines:
            for record in open_lane(reader, Lane.CONTROL, ledger, opener, findings):
                writer.entry(record, lines, findings)
        for record in open_lane(reader, Lane.MEDIA, ledger, opener, findings):
            writer.media(record, findings)
        movies = writer.movies.close()
        together = _together(out_dir, movies, ledger, progress, findings) if progress else None
        wall_ms, zone = (ledger.open.wall_ms, ledger.open.zone) if ledger.open else (0, "")
        flags = writer.marks.write(out_dir, movies, together, wall_ms, zone)
    except OSError as error:
        raise EvidenceError("out_unwritable", f"{out_dir} cannot be written: {error}.") from error
    finally:
        writer.movies.abandon()
    opened = Opened(
        ledger.session_id.hex(), wall_ms, movies, tuple(writer.pictures),
        writer.entries, writer.records, tuple(findings), together, flags,
    )  # fmt: skip
    (out_dir / "opened.json").write_bytes(msgspec.json.format(codec.encode(opened), indent=2))
    return opened


def _together(
    out_dir: Path, movies: tuple[MovieFile, ...], ledger: Ledger, progress: Progress, findings: list[Finding]
) -> MovieFile | None:
    """The one film; where it cannot be made, the films of the tracks are there all the same."""
    opened = ledger.open
    try:
        return compose(out_dir, movies, opened.wall_ms if opened else 0, opened.zone if opened else "", progress)
    except (av.FFmpegError, ValueError, MemoryError) as error:
        (out_dir / FILE).unlink(missing_ok=True)
        findings.append(Finding("side_by_side_failed", f"It was not made: {error}.", FILE))
        return None


class _Writer:
    def __init__(self, out_dir: Path, declared: Sequence[Gap]) -> None:
        self._out_dir = out_dir
        self.movies = Movies(out_dir, declared)
        self.marks = Marks()
        self.pictures: list[str] = []
        self.entries = self.records = 0

    def entry(self, record: OpenedRecord, lines: TextIO, findings: list[Finding]) -> None:
        self.records += 1
        try:
            entry: Entry = codec.decode(record.plaintext, Entry, limit_bytes=codec.MAX_RECORD_BYTES)
        except ProtocolError as error:
            findings.append(_unreadable(record, Lane.CONTROL, error.text))
            return
        content: dict[str, Any] = msgspec.to_builtins(entry)
        if isinstance(entry, PictureEntry):
            content["data"] = self._picture(entry)
        if isinstance(entry, FlagEntry):
            self.marks.add(record.header.sequence, entry)
        if isinstance(entry, ReportEntry) and entry.picture:
            content["picture"] = self._screenshot(entry, record.header.sequence)
        head = record.header
        row = {"track": track_name(head.track), "sequence": head.sequence, "media_time_us": head.media_time_us}
        lines.write((codec.encode({**row, **content}) + b"\n").decode())
        self.entries += 1

    def media(self, record: OpenedRecord, findings: list[Finding]) -> None:
        self.records += 1
        try:
            if record.header.track not in MEDIA_TRACKS:
                raise ProtocolError("damaged", "A record stands in the wrong lane.")
            self.movies.add(record.header, unpack_media(record.plaintext))
        except ProtocolError as error:
            findings.append(_unreadable(record, Lane.MEDIA, str(error)))

    def _screenshot(self, entry: ReportEntry, sequence: int) -> str:
        name = f"report-{sequence}.jpg"
        (self._out_dir / name).write_bytes(entry.picture)
        self.pictures.append(name)
        return name

    def _picture(self, entry: PictureEntry) -> str:
        """The file's name; a step is a word of ours, anything else in it is left out."""
        step = "".join(c for c in entry.step if c.isalnum() or c == "_")[:40]
        name = f"{step}-{entry.attempt}-{entry.index}.{SUFFIXES.get(entry.media_type, 'bin')}"
        (self._out_dir / name).write_bytes(entry.data)
        self.pictures.append(name)
        return name


def _unreadable(record: OpenedRecord, lane: Lane, text: str) -> Finding:
    head = record.header
    return Finding(
        "entry_unreadable", text, f"lane{int(lane)}.records",
        track=track_name(head.track), sequence=head.sequence, position=record.position,
    )  # fmt: skip


def _empty_dir(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(path.iterdir()):
            raise EvidenceError("out_not_empty", f"{path} is not empty.")
    except OSError as error:
        raise EvidenceError("out_unwritable", f"{path} cannot be written: {error.strerror}.") from error
