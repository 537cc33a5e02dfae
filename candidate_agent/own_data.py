"""The candidate's own copy of what this computer has of a session, as one ZIP. Called by `app` (with what was noted
in memory) and by `earlier` for the command line (without it). docs/after.md says what is in it, and why not more.

<session>/readme.txt              what is in here, in the candidate's language
<session>/receipt.html, .json     as they were kept
<session>/documents/*.json        exam package, ticket and roster in words; *.signed.json: as they were signed
<session>/records.json            how many records of each track were made, and their fingerprint
<session>/noted.json              what was recorded in words, from memory: only while the program is still open
<session>/laneN.records           sealed records that the server does not have yet, framed as in an evidence bundle
"""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from candidate_agent.base.files import private_dir, storing, sync_dir
from candidate_agent.diary import Diary
from candidate_agent.joining import Join
from candidate_agent.spool.store import Spool
from candidate_agent.ui.texts import Texts
from exam_protocol import codec
from exam_protocol.evidence import frame
from exam_protocol.records import Lane, Track
from exam_protocol.signing import SignedDocument

README_PARTS = ("what", "receipt", "documents", "noted", "records", "keys", "more")


def save(
    out_path: Path, receipts_dir: Path, session: str, texts: Texts, *,
    join: Join | None = None, spool: Spool | None = None, diary: Diary | None = None,
) -> None:  # fmt: skip
    """Appends one session to `out_path`, which is made where it is missing. Raises StorageError."""
    with storing():
        private_dir(out_path.parent)
        os.close(os.open(out_path, os.O_RDWR | os.O_CREAT, 0o600))
        with zipfile.ZipFile(out_path, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, data in _members(receipts_dir, session, texts, join, diary):
                archive.writestr(f"{session}/{name}", data)
            if spool is not None:
                _add_sealed(archive, session, spool)
        sync_dir(out_path.parent)


def _members(
    receipts_dir: Path, session: str, texts: Texts, join: Join | None, diary: Diary | None
) -> Iterator[tuple[str, bytes]]:
    yield "readme.txt", _readme(texts)
    for suffix in (".html", ".json"):
        path = receipts_dir / f"{session}{suffix}"
        if path.exists():
            yield f"receipt{suffix}", path.read_bytes()
    if join is not None:
        yield from _documents(join)
    if diary is not None:
        yield "noted.json", _pretty(list(diary.entries()))


def _readme(texts: Texts) -> bytes:
    return ("\n\n".join(texts.say(f"export.readme.{part}") for part in README_PARTS) + "\n").encode()


def _documents(join: Join) -> Iterator[tuple[str, bytes]]:
    file = join.file
    for name, document in (("package", file.package), ("ticket", file.ticket), ("roster", file.roster)):
        if document is not None:
            yield f"documents/{name}.json", _pretty(_payload(document))
            yield f"documents/{name}.signed.json", codec.encode(document)


def _payload(document: SignedDocument) -> Any:
    return msgspec.json.decode(document.payload)


def _add_sealed(archive: zipfile.ZipFile, session: str, spool: Spool) -> None:
    made = [
        {"track": Track(head.track).name.lower(), "records": head.next_sequence, "fingerprint": head.head.hex()}
        for head in spool.heads()
    ]
    archive.writestr(f"{session}/records.json", _pretty(made))
    for lane in Lane:
        with archive.open(f"{session}/lane{lane:d}.records", "w", force_zip64=True) as member:
            for position in range(spool.freed_position(lane) + 1, spool.synced_position(lane) + 1):
                record = spool.read(lane, position)
                if record is not None:
                    member.write(frame(position, record))


def _pretty(value: object) -> bytes:
    return msgspec.json.format(codec.encode(value), indent=2)
