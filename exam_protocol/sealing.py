"""SFrame (RFC 9605), suite 0x0005: AES-256-GCM with SHA-512 and a 16-byte tag. Pure bytes in, bytes out.

KID = epoch << 8 | track and CTR = sequence, so RFC 9605's own derivation gives each track its key and a nonce repeats
only if a sequence does. The 44-byte record header is the metadata, hence authenticated.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from exam_protocol.errors import ProtocolError
from exam_protocol.records import Header, RecordType, split

SUITE = 0x0005
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def key_id(epoch: int, track: int) -> int:
    return epoch << 8 | track


def _field(value: int) -> tuple[int, bytes]:
    """The 4-bit code of RFC 9605 section 4.3 for a KID or CTR, and the bytes that follow where it did not fit."""
    if value < 8:
        return value, b""
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return 8 | (len(data) - 1), data


def sframe_header(kid: int, ctr: int) -> bytes:
    kid_code, kid_bytes = _field(kid)
    ctr_code, ctr_bytes = _field(ctr)
    return bytes([kid_code << 4 | ctr_code]) + kid_bytes + ctr_bytes


def parse_sframe_header(data: bytes) -> tuple[int, int, int]:
    """(KID, CTR, bytes of the header). Raises ProtocolError `damaged`, also for a number in needlessly many bytes."""
    if not data:
        raise ProtocolError("damaged", "A sealed record is empty.")
    kid, at = _number(data, data[0] >> 4, 1)
    ctr, at = _number(data, data[0] & 15, at)
    if sframe_header(kid, ctr) != data[:at]:
        raise ProtocolError("damaged", "A sealed record's header is not in its shortest form.")
    return kid, ctr, at


def _number(data: bytes, code: int, at: int) -> tuple[int, int]:
    """Value of a 4-bit code and where the next field starts."""
    if code < 8:
        return code, at
    end = at + (code & 7) + 1
    if end > len(data):
        raise ProtocolError("damaged", "A sealed record ends inside its header.")
    return int.from_bytes(data[at:end], "big"), end


class TrackKey:
    """Key and salt that SFrame derives from an epoch's base key for one KID."""

    def __init__(self, base_key: bytes, kid: int) -> None:
        extract = HMAC(b"", SHA512())
        extract.update(base_key)
        secret = extract.finalize()
        suffix = kid.to_bytes(8, "big") + SUITE.to_bytes(2, "big")
        self.kid = kid
        self.key = HKDFExpand(SHA512(), KEY_BYTES, b"SFrame 1.0 Secret key " + suffix).derive(secret)
        self.salt = HKDFExpand(SHA512(), NONCE_BYTES, b"SFrame 1.0 Secret salt " + suffix).derive(secret)
        self._cipher = AESGCM(self.key)

    def _nonce(self, ctr: int) -> bytes:
        return (int.from_bytes(self.salt, "big") ^ ctr).to_bytes(NONCE_BYTES, "big")

    def encrypt(self, ctr: int, metadata: bytes, plaintext: bytes) -> bytes:
        header = sframe_header(self.kid, ctr)
        return header + self._cipher.encrypt(self._nonce(ctr), plaintext, header + metadata)

    def decrypt(self, ctr: int, metadata: bytes, ciphertext: bytes) -> bytes:
        """Raises ProtocolError `damaged` unless tag, header, KID, CTR and metadata all fit."""
        header = sframe_header(self.kid, ctr)
        if not ciphertext.startswith(header):
            raise ProtocolError("damaged", "A sealed record names another key or counter than its header.")
        try:
            return self._cipher.decrypt(self._nonce(ctr), ciphertext[len(header) :], header + metadata)
        except InvalidTag as error:
            raise ProtocolError("damaged", "A sealed record was changed after it was sealed.") from error


class EpochSealer:
    """Seals and opens the DATA records of one epoch. Not thread safe; the caller numbers the records."""

    def __init__(self, session_id: bytes, epoch: int, base_key: bytes) -> None:
        self.session_id = session_id
        self.epoch = epoch
        self._base_key = base_key
        self._tracks: dict[int, TrackKey] = {}

    def _track(self, track: int) -> TrackKey:
        if track not in self._tracks:
            self._tracks[track] = TrackKey(self._base_key, key_id(self.epoch, track))
        return self._tracks[track]

    def seal(self, track: int, sequence: int, media_time_us: int, flags: int, plaintext: bytes) -> bytes:
        """A whole DATA record."""
        key = self._track(track)
        body_length = len(sframe_header(key.kid, sequence)) + len(plaintext) + TAG_BYTES
        header = Header(
            RecordType.DATA, track, flags, self.epoch, sequence, media_time_us, self.session_id, body_length
        ).pack()
        return header + key.encrypt(sequence, header, plaintext)

    def open(self, record: bytes) -> tuple[Header, bytes]:
        """Header and plaintext. Raises ProtocolError `damaged`, also for another session or epoch."""
        header, body = split(record)
        if header.session_id != self.session_id or header.epoch != self.epoch or header.type is not RecordType.DATA:
            raise ProtocolError("damaged", "A record belongs to another session or epoch.")
        return header, self._track(header.track).decrypt(header.sequence, record[: len(record) - len(body)], body)
