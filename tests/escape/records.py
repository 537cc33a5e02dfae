"""What an agent recorded, in the clear: opened as the institution's archive would. Called by `exam` for the canary."""

from collections.abc import Iterator

from candidate_agent.joining import Join
from candidate_agent.spool.store import Spool
from exam_protocol.keys import unwrap_epoch
from exam_protocol.records import Epoch, Lane, RecordType, Track, parse_header, read_signed
from exam_protocol.sealing import EpochSealer
from tests.server_stub.client import Office

ARCHIVE = "archive-1"


def opened(spool: Spool, join: Join, office: Office) -> list[bytes]:
    """Signed records as they are, sealed ones opened."""
    whole = list(_records(spool))
    session_id, device = join.file.session_id, join.file.device()
    signed = [read_signed(record, device.public_key) for record in whole if parse_header(record).track == Track.LEDGER]
    sealers = {
        body.epoch: EpochSealer(session_id, body.epoch, unwrap_epoch(body, session_id, ARCHIVE, office.archive))
        for _, body in signed
        if isinstance(body, Epoch)
    }
    sealed = [record for record in whole if parse_header(record).type is RecordType.DATA]
    return [*(repr(body).encode() for _, body in signed), *(_open(record, sealers) for record in sealed)]


def _open(record: bytes, sealers: dict[int, EpochSealer]) -> bytes:
    return sealers[parse_header(record).epoch].open(record)[1]


def _records(spool: Spool) -> Iterator[bytes]:
    for lane in Lane:
        for position in range(1, spool.last_position(lane) + 1):
            record = spool.read(lane, position)
            if record is not None:
                yield record
