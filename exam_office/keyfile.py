"""Key files on disk: made for nobody else's eyes, opened with a passphrase. Called by `make` and `cli`.

The format is `exam_protocol.keyfile`.
"""

import os
from pathlib import Path

from exam_office.errors import KEYS, OfficeError
from exam_office.files import read, write_new
from exam_protocol import codec, keyfile
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey
from exam_protocol.signing import SigningKey

MIN_PASSPHRASE = 8


def create(path: Path, passphrase: str, *, kind: str, id: str, name: str, sign: bool, wrap: bool) -> keyfile.SecretKeys:
    """Makes new keys and their file (mode 0600); an existing file is never replaced."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise OfficeError("passphrase_short", f"A passphrase has at least {MIN_PASSPHRASE} characters.", KEYS)
    keys = keyfile.SecretKeys(SigningKey.generate().seed if sign else None, WrapKey.generate().raw if wrap else None)
    file = keyfile.lock(
        keys, passphrase, kind=kind, id=id, name=name,
        salt=os.urandom(keyfile.SALT_BYTES), nonce=os.urandom(keyfile.NONCE_BYTES),
    )  # fmt: skip
    write_new(path, codec.encode(file), mode=0o600)
    return keys


def unlock(path: Path, passphrase: str) -> keyfile.SecretKeys:
    """Raises OfficeError `file_missing`, `key_file_damaged`, `passphrase_wrong`."""
    try:
        return keyfile.unlock(keyfile.parse(read(path)), passphrase)
    except ProtocolError as error:
        raise OfficeError(error.code, f"{path.name}: {error.text}", KEYS) from error


def card(path: Path) -> keyfile.Card:
    """A proctor's public card. Raises OfficeError `file_missing`, `card_damaged`."""
    try:
        return keyfile.parse_card(read(path))
    except ProtocolError as error:
        raise OfficeError(error.code, f"{path.name}: {error.text}", KEYS) from error
