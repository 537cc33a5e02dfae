"""Enrolment: a launch code, once, for a session token bound to the candidate's device key."""

import sqlite3

from exam_protocol import codec, version
from exam_protocol.errors import ProtocolError
from exam_protocol.messages import Enrolled, EnrolRequest
from exam_protocol.policy import ExamPackage, Ticket, code_hash, document_hash
from exam_protocol.signing import DOMAIN_ENROL, DOMAIN_ENROLLED, SignedDocument, Signer, sign_document, verify
from server_stub.clock import Clock
from server_stub.registry import CodeTaken, Registry
from server_stub.rows import SessionRow
from server_stub.store import Store
from server_stub.tokens import Claims, Tokens, thumbprint

DRAIN_MS = 24 * 3600 * 1000  # after the exam closes, what was recorded may still be brought in


class Enrolment:
    def __init__(self, registry: Registry, store: Store, signer: Signer, tokens: Tokens, clock: Clock) -> None:
        self._registry, self._store, self._signer, self._tokens = registry, store, signer, tokens
        self._clock = clock

    def enrol(self, request: EnrolRequest) -> SignedDocument:
        """Called in a worker thread; durable on return. The same device and session get the same answer again.

        Raises ProtocolError `damaged`, `version_too_old`, `version_too_new`, `code_unknown`, `code_used`,
        `code_expired`, `package_foreign`, `outside_window`, `roster_missing`, `bad_signature`,
        `server_storage`.
        """
        version.agree(request.min, request.max)
        hashed = code_hash(request.code)
        _check_form(request)
        payload = hashed + request.package_hash + request.wrap_key + request.session_id + request.nonce
        verify(request.device_key, DOMAIN_ENROL, payload, request.proof)
        document, ticket, package = self._ticket(hashed, request)
        self._use(hashed, ticket, package, request)
        return self._answer(document, ticket, package, request)

    def _ticket(self, hashed: bytes, request: EnrolRequest) -> tuple[SignedDocument, Ticket, ExamPackage]:
        found = self._registry.ticket(hashed)
        package = None if found is None else self._registry.package(found[1].exam_id)
        if found is None or package is None:
            raise ProtocolError("code_unknown", "This launch code is not known here. Please check it.")
        if document_hash(package[0]) != request.package_hash:
            raise ProtocolError("package_foreign", "This launch code belongs to another exam package.")
        return found[0], found[1], package[1]

    def _use(self, hashed: bytes, ticket: Ticket, package: ExamPackage, request: EnrolRequest) -> None:
        used_by = self._registry.enrolled(hashed)
        if used_by is not None:
            session = self._store.session(used_by)
            if used_by != request.session_id or session is None or session.device_key != request.device_key:
                raise ProtocolError("code_used", "This launch code was used already. Please ask for a new one.")
            return
        now_ms = self._clock.wall_ms()
        if now_ms > ticket.code_expires_ms:
            raise ProtocolError("code_expired", "This launch code has expired. Please ask for a new one.")
        if not package.opens_ms <= now_ms <= package.closes_ms:
            raise ProtocolError("outside_window", "The exam is not open now.")
        session = SessionRow(
            request.session_id, ticket.exam_id, ticket.candidate_name, request.device_key, request.wrap_key,
            opened_ms=now_ms, last_seen_ms=now_ms,
        )  # fmt: skip
        try:
            self._registry.enrol(hashed, session)
        except CodeTaken as error:
            raise ProtocolError("code_used", "This launch code was used already. Please ask for a new one.") from error
        except sqlite3.Error as error:
            raise ProtocolError("server_storage", "The server cannot store at the moment. Please try again.") from error

    def _answer(
        self, document: SignedDocument, ticket: Ticket, package: ExamPackage, request: EnrolRequest
    ) -> SignedDocument:
        roster = self._registry.roster(ticket.exam_id)
        if roster is None:
            raise ProtocolError("roster_missing", "The exam has no proctors yet. Please try again later.")
        ends_ms = package.closes_ms + ticket.accommodations.extra_time_s * 1000 + DRAIN_MS
        claims = Claims(
            ticket.exam_id, ticket.ticket_id, request.session_id.hex(), ends_ms // 1000,
            {"jkt": thumbprint(request.device_key)},
        )  # fmt: skip
        answer = Enrolled(request.nonce, self._tokens.issue(claims), document, roster[0], self._clock.wall_ms())
        return sign_document(self._signer, DOMAIN_ENROLLED, codec.encode(answer))


def _check_form(request: EnrolRequest) -> None:
    sizes = (
        (request.package_hash, 32), (request.device_key, 32), (request.wrap_key, 32), (request.session_id, 16),
        (request.nonce, 16), (request.proof, 64),
    )  # fmt: skip
    if any(len(value) != size for value, size in sizes) or len(request.code) > 200:
        raise ProtocolError("damaged", "A part of this request has the wrong length.")
