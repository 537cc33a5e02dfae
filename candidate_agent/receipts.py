"""The server's receipt: whether it is believed, and how it is kept for the candidate. Used by `ears`, `housekeeping`
and `sending`; `ui.receipt` draws the page.
"""

from collections.abc import Iterable
from pathlib import Path

from candidate_agent.base.files import private_dir, replace_file
from candidate_agent.joining import Join
from candidate_agent.ui import receipt as receipt_page
from candidate_agent.ui.receipt import Sitting
from candidate_agent.ui.texts import Texts
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.messages import Receipt
from exam_protocol.records import Track, TrackHead
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument


def opened(document: SignedDocument, join: Join) -> Receipt | None:
    """None where it is another session's. Raises ProtocolError where the server of the package did not sign it."""
    receipt: Receipt = codec.decode(document.open(DOMAIN_RECEIPT, join.package.server_key), Receipt)
    return receipt if receipt.session_id == join.file.session_id else None


def agrees(receipt: Receipt, heads: Iterable[TrackHead], damaged_records: int) -> bool:
    """Whether what the server signed is what was sealed here, but for what was declared damaged. The ledger's own
    records may still be on their way: they end with END, and a gap may follow it."""
    theirs = {row.track: row for row in receipt.tracks}
    missing = 0
    for ours in heads:
        row = theirs.get(ours.track)
        if ours.track == Track.LEDGER:
            continue
        count = row.next_sequence if row else 0
        if row and (count > ours.next_sequence or (count == ours.next_sequence and row.head != ours.head)):
            return False
        missing += ours.next_sequence - count
    return missing <= damaged_records


def believed(document: SignedDocument, join: Join, heads: Iterable[TrackHead], damaged_records: int) -> bool:
    """That everything has arrived, in the server's signature and by our own count."""
    try:
        receipt = opened(document, join)
    except ProtocolError:
        return False
    return receipt is not None and receipt.complete and agrees(receipt, heads, damaged_records)


def write(document: SignedDocument, page_path: Path, sitting: Sitting, language: str) -> None:
    """The page, and beside it the original with the server's signature. Once a page is there, all of it is there."""
    original = page_path.with_suffix(".json")
    private_dir(original.parent)
    replace_file(original, codec.encode(document))
    receipt: Receipt = codec.decode(document.payload, Receipt)
    page = receipt_page.page(receipt, sitting, original.name, Texts(language))
    replace_file(page_path, page.encode())
