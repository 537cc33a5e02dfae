"""What a restart must know of a session, in one small file that is replaced whole: keys, token, how far it came.

No epoch key, no access code and no captured thing is ever in it. Deleted once the server's last receipt is here.
"""

from pathlib import Path
from typing import Annotated

import msgspec

from candidate_agent.base.errors import StorageError
from candidate_agent.base.files import private_dir, replace_file, storing
from candidate_agent.session.states import Kept
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey
from exam_protocol.signing import SignedDocument, SigningKey

FILE_NAME = "session.json"
Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
SessionId = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]


class SessionFile(msgspec.Struct, frozen=True):
    """`device_seed` and `wrap_key` are private; the file is readable by its owner alone."""

    session_id: SessionId
    device_seed: Key
    wrap_key: Key
    package: SignedDocument
    token: str = ""
    ticket: SignedDocument | None = None
    roster: SignedDocument | None = None
    kept: Kept = Kept()
    counters: dict[str, int] = {}  # last command counter per proctor

    @property
    def enrolled(self) -> bool:
        return bool(self.token)

    def device(self) -> SigningKey:
        return SigningKey.from_seed(self.device_seed)

    def wrap(self) -> WrapKey:
        return WrapKey.from_raw(self.wrap_key)


def fresh(package: SignedDocument, session_id: bytes) -> SessionFile:
    return SessionFile(session_id, SigningKey.generate().seed, WrapKey.generate().raw, package)


def load(directory: Path) -> SessionFile | None:
    """None where there is none. Raises StorageError `session_damaged`."""
    path = directory / FILE_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError("session_damaged", "The saved state of this exam cannot be read.") from error
    try:
        session: SessionFile = codec.decode(data, SessionFile, limit_bytes=codec.MAX_RECORD_BYTES)
    except ProtocolError as error:
        text = "The saved state of this exam is damaged. Please ask your exam office for a new launch code."
        raise StorageError("session_damaged", text) from error
    return session


def save(directory: Path, session: SessionFile) -> None:
    """Raises StorageError `disk_full`, `disk_unwritable`; the file that was there is whole."""
    with storing():
        replace_file(private_dir(directory) / FILE_NAME, codec.encode(session))
