"""An institution for one practice: keys that live in memory only, one exam, one proctor, one candidate. Pure.

Chance and time come in from outside. Called by `room`, which publishes the documents at the practice server.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import quote

from exam_protocol import codec, policy
from exam_protocol.keys import WrapKey, exam_info, seal
from exam_protocol.policy import ExamAccess, ExamPackage, Policy, Recipient, Roster, RosterEntry, Ticket
from exam_protocol.signing import (
    DOMAIN_PACKAGE,
    DOMAIN_ROSTER,
    DOMAIN_TICKET,
    SignedDocument,
    SigningKey,
    sign_document,
)
from practice_room.order import Order

EXAM_ID = "practice"
PROCTOR_ID = "practice-proctor"
STATEMENT_VERSION = "practice"
HOUR_MS = 3_600_000
CODE_LETTERS, CODE_LENGTH = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20


@dataclass(frozen=True, slots=True)
class Institution:
    root: SigningKey
    roster_key: SigningKey
    archive: WrapKey
    proctor_sign: SigningKey
    proctor_wrap: WrapKey
    code: str

    @classmethod
    def new(cls) -> "Institution":
        return cls(
            SigningKey.generate(), SigningKey.generate(), WrapKey.generate(), SigningKey.generate(),
            WrapKey.generate(), "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        )  # fmt: skip

    @property
    def fingerprint(self) -> str:
        return policy.root_fingerprint(self.root.public_key)

    def package(self, order: Order, server_url: str, server_key: bytes, now_ms: int) -> SignedDocument:
        """Only today, kept for a day at most: the room deletes everything much sooner."""
        rules = Policy(duration_s=order.duration_s, room_scan=order.room_scan, retention_days=1)
        body = ExamPackage(
            exam_id=EXAM_ID, title=order.title, institution=order.institution, server_url=server_url,
            server_key=server_key, roster_signer=self.roster_key.public_key,
            archive_recipients=(Recipient("practice-archive", self.archive.public_key),),
            integrity_statement=order.statement, integrity_version=STATEMENT_VERSION, alternative=order.alternative,
            contact=order.contact, opens_ms=now_ms - HOUR_MS, closes_ms=now_ms + 12 * HOUR_MS,
            expires_ms=now_ms + 12 * HOUR_MS, policy=rules,
        )  # fmt: skip
        return sign_document(self.root, DOMAIN_PACKAGE, codec.encode(body))

    def roster(self, order: Order, access: ExamAccess, now_ms: int) -> SignedDocument:
        entry = RosterEntry(
            id=PROCTOR_ID, name=order.proctor, role="proctor", sign_key=self.proctor_sign.public_key,
            wrap_key=self.proctor_wrap.public_key, from_ms=now_ms - HOUR_MS, until_ms=now_ms + 12 * HOUR_MS,
            sealed_exam=seal(self.proctor_wrap.public_key, codec.encode(access), exam_info(EXAM_ID)),
        )  # fmt: skip
        return sign_document(self.roster_key, DOMAIN_ROSTER, codec.encode(Roster(1, EXAM_ID, (entry,))))

    def ticket(self, order: Order, now_ms: int) -> SignedDocument:
        body = Ticket(
            "practice-ticket", EXAM_ID, "practice-candidate", order.candidate, policy.code_hash(self.code),
            now_ms + HOUR_MS,
        )  # fmt: skip
        return sign_document(self.roster_key, DOMAIN_TICKET, codec.encode(body))

    def link(self, server_url: str) -> str:
        server = quote(server_url, safe="")
        return f"exam-agent://start?server={server}&exam={EXAM_ID}&root={self.fingerprint}#{self.code}"
