"""An institution, its proctor and candidates in memory: real keys, real sealed records."""

import base64
import hashlib
import json
import os
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exam_protocol import chain, codec, keys
from exam_protocol import messages as m
from exam_protocol import records as r
from exam_protocol.policy import ExamAccess, ExamPackage, Policy, Recipient, Roster, RosterEntry, root_fingerprint
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import (
    DOMAIN_COMMAND,
    DOMAIN_PACKAGE,
    DOMAIN_ROSTER,
    SignedDocument,
    SigningKey,
    sign_document,
)

EXAM_ID = "LA-2026-final"
ACCESS = ExamAccess("https://exam.example/sitting/7", "k7Qm42", ("https://exam.example",))
PASSPHRASE = "ten or more letters"
ITERATIONS = 600_000


def make_key_file(proctor_id: str, name: str, sign: SigningKey, wrap: keys.WrapKey, passphrase: str) -> bytes:
    """A key file as exam_protocol/keyfile.py writes it, by Python alone."""
    salt, nonce = os.urandom(16), os.urandom(12)
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS)
    secrets = {"sign": base64.b64encode(sign.seed).decode(), "wrap": base64.b64encode(wrap.raw).decode()}
    sealed = AESGCM(key).encrypt(nonce, json.dumps(secrets).encode(), b"key-file/v1")
    file = {
        "format": 1, "kind": "proctor", "id": proctor_id, "name": name, "salt": base64.b64encode(salt).decode(),
        "iterations": ITERATIONS,
        "nonce": base64.b64encode(nonce).decode(), "sealed": base64.b64encode(sealed).decode(),
    }  # fmt: skip
    return json.dumps(file).encode()


def read_key_file(content: bytes, passphrase: str) -> tuple[SigningKey, keys.WrapKey]:
    file = json.loads(content)
    assert (file["format"], file["kind"], file["iterations"]) == (1, "proctor", ITERATIONS)
    salt, nonce, sealed = (base64.b64decode(file[name]) for name in ("salt", "nonce", "sealed"))
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, file["iterations"])
    secrets = json.loads(AESGCM(key).decrypt(nonce, sealed, b"key-file/v1"))
    return (
        SigningKey.from_seed(base64.b64decode(secrets["sign"])),
        keys.WrapKey.from_raw(base64.b64decode(secrets["wrap"])),
    )


class Institution:
    """Root key, roster signer, server key, one proctor."""

    def __init__(self, proctor_id: str = "p.moreau", proctor_name: str = "Pauline Moreau") -> None:
        self.proctor_id, self.proctor_name = proctor_id, proctor_name
        self.root, self.signer, self.server = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
        self.sign_key, self.wrap_key = SigningKey.generate(), keys.WrapKey.generate()
        self.archive = keys.WrapKey.generate()
        self.key_file = make_key_file(proctor_id, proctor_name, self.sign_key, self.wrap_key, PASSPHRASE)
        self.package = sign_document(self.root, DOMAIN_PACKAGE, codec.encode(self._package()))
        self.name_in_roster(self.sign_key.public_key, self.wrap_key.public_key)

    @property
    def fingerprint(self) -> str:
        return root_fingerprint(self.root.public_key)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def name_in_roster(self, sign_key: bytes, wrap_key: bytes, version: int = 1) -> None:
        sealed = keys.seal(wrap_key, codec.encode(ACCESS), keys.exam_info(EXAM_ID))
        now = self.now_ms()
        entry = RosterEntry(
            self.proctor_id, self.proctor_name, "proctor", sign_key, wrap_key, now - 3_600_000, now + 9_000_000, sealed
        )
        self.roster = sign_document(self.signer, DOMAIN_ROSTER, codec.encode(Roster(version, EXAM_ID, (entry,))))
        self.recipients = {self.proctor_id: wrap_key, "archive-1": self.archive.public_key}

    def read_command(self, document: SignedDocument) -> m.Command:
        """Verified by the proctor's signature."""
        command: m.Command = codec.decode(document.open(DOMAIN_COMMAND, self.sign_key.public_key), m.Command)
        return command

    def _package(self) -> ExamPackage:
        now = self.now_ms()
        return ExamPackage(
            EXAM_ID, "Linear Algebra, final exam", "University of Lindenberg", "https://exam.example:8443",
            self.server.public_key, self.signer.public_key, (Recipient("archive-1", self.archive.public_key),),
            "I work alone.", "2026-1", "Please call the office.", "office@lindenberg.example", now - 3_600_000,
            now + 9_000_000, now + 90_000_000, Policy(warnings_before_end=2),
        )  # fmt: skip


class Candidate:
    """One candidate's agent, reduced to what leaves it. Times: media time zero is `wall_ms`."""

    def __init__(self, institution: Institution, name: str, *, age_s: float = 0) -> None:
        self.institution, self.name = institution, name
        self.device, self.wrap = SigningKey.generate(), keys.WrapKey.generate()
        self.session_id = os.urandom(16)
        self.wall_ms = institution.now_ms() - int(age_s * 1000)
        self.chains = chain.Chains(self.session_id)
        self.records: list[bytes] = []
        self.publish: Callable[[bytes], None] = lambda record: None
        self.changed: Callable[[], None] = lambda: None
        self.state_name, self.connected, self.epoch = "joined", True, 0
        self.last_seen_ms = institution.now_ms()
        self._sealer: EpochSealer | None = None

    @property
    def session_hex(self) -> str:
        return self.session_id.hex()

    def now_us(self) -> int:
        return (self.institution.now_ms() - self.wall_ms) * 1000

    def info(self) -> m.SessionInfo:
        return m.SessionInfo(
            self.session_hex, EXAM_ID, self.name, self.state_name, "", self.connected, self.device.public_key,
            self.wrap.public_key, self.wall_ms, self.last_seen_ms, 0, False,
        )  # fmt: skip

    def start(self) -> "Candidate":
        """OPEN and the first EPOCH."""
        self.signed(self.opening())
        self.new_epoch()
        return self

    def opening(self) -> r.Open:
        return r.Open(
            self.session_id, b"t" * 32, self.device.public_key, self.wrap.public_key, "0.1.0", "linux/x11",
            hashlib.sha256(self.institution.package.payload).digest(), 1, self.wall_ms, "Europe/Paris",
        )  # fmt: skip

    def signed(self, body: r.Signed, signer: SigningKey | None = None) -> bytes:
        sequence = self.chains.at(r.Track.LEDGER).next_sequence
        record = r.sign_record(
            body, signer or self.device, session_id=self.session_id, epoch=self.epoch, sequence=sequence,
            media_time_us=self.now_us(),
        )  # fmt: skip
        return self._keep(r.Track.LEDGER, record)

    def new_epoch(self, *, commitment: bytes | None = None) -> None:
        self.epoch += 1
        base_key = os.urandom(32)
        wraps = keys.wrap_epoch(base_key, self.session_id, self.epoch, self.institution.recipients)
        promise = commitment or keys.commitment(base_key)
        self.signed(r.Epoch(self.epoch, promise, self.chains.heads(), 1, b"r" * 32, wraps))
        self._sealer = EpochSealer(self.session_id, self.epoch, base_key)

    def seal(self, track: int, plaintext: bytes, *, flags: int = 0, at_us: int | None = None) -> bytes:
        """The next record of a track, not yet kept or published."""
        assert self._sealer is not None
        at = self.now_us() if at_us is None else at_us
        return self._sealer.seal(track, self.chains.at(track).next_sequence, at, flags, plaintext)

    def entry(self, track: int, entry: r.Entry) -> bytes:
        return self._keep(track, self.seal(track, codec.encode_padded(entry)))

    def media(self, track: int, media: r.Media, *, key: bool = False, at_us: int | None = None) -> bytes:
        flags = r.RecordFlag.KEY_FRAME if key else 0
        return self._keep(track, self.seal(track, r.pack_media(media), flags=flags, at_us=at_us))

    def state(self, state: str, reason: str = "") -> None:
        self.state_name = state
        self.signed(r.State(state, reason, self.institution.now_ms()))
        self.changed()

    def check(self) -> None:
        self.signed(r.Check(self.chains.heads(), self.institution.now_ms()))

    def link(self, connected: bool, *, lost_s: float = 0) -> None:
        self.connected = connected
        self.last_seen_ms = self.institution.now_ms() - int(lost_s * 1000)
        self.changed()

    def skip(self, track: int, record: bytes) -> None:
        """Counts a record that never arrives."""
        self.chains.append(track, chain.record_hash(record))

    def open_command(self, document: SignedDocument) -> tuple[m.Command, m.CommandBody]:
        command = self.institution.read_command(document)
        assert command.session_id == self.session_id
        sealed_for = keys.command_info(self.session_id, command.counter)
        body: m.CommandBody = codec.decode(self.wrap.open(command.sealed, sealed_for), m.CommandBody)
        return command, body

    def answer(self, command: m.Command, outcome: str, code: str = "") -> None:
        self.entry(r.Track.CONTROL, r.ResultEntry(command.command_id, outcome, code, self.institution.now_ms()))

    def _keep(self, track: int, record: bytes) -> bytes:
        self.chains.append(track, chain.record_hash(record))
        self.records.append(record)
        self.publish(record)
        return record
