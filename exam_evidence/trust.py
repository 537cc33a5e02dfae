"""What all else is measured by: package, ticket and rosters, checked up to the institution's root. Used by `verify`."""

from dataclasses import dataclass, field

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import EvidenceError, Finding
from exam_protocol import codec, policy
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, Roster, Ticket
from exam_protocol.signing import SignedDocument

EVIDENCE_NEVER_EXPIRES_MS = 0  # a package is verified long after its exam: its expiry is compared with OPEN instead


@dataclass(frozen=True, slots=True)
class Trust:
    package: ExamPackage
    package_hash: bytes
    ticket: Ticket | None
    ticket_hash: bytes
    rosters: dict[int, Roster]
    roster_hashes: dict[int, bytes]
    findings: list[Finding] = field(default_factory=list)


def read_trust(reader: BundleReader, root: str) -> Trust:
    """Raises EvidenceError where the package itself is not the institution's: then nothing can be said."""
    data = reader.small("package.json")
    if data is None:
        raise EvidenceError("package_missing", "The bundle holds no exam package.", 1)
    try:
        document, package = policy.open_package(data, root, EVIDENCE_NEVER_EXPIRES_MS)
    except ProtocolError as error:
        raise EvidenceError(error.code, f"package.json: {error.text}", 1) from error
    findings: list[Finding] = []
    ticket_document, ticket = _ticket(reader, package, findings)
    rosters, hashes = _rosters(reader, package, findings)
    ticket_hash = policy.document_hash(ticket_document) if ticket_document else b""
    return Trust(package, policy.document_hash(document), ticket, ticket_hash, rosters, hashes, findings)


def _ticket(
    reader: BundleReader, package: ExamPackage, findings: list[Finding]
) -> tuple[SignedDocument | None, Ticket | None]:
    data = reader.small("ticket.json")
    try:
        if data is None:
            raise ProtocolError("damaged", "The bundle holds no ticket.")
        document: SignedDocument = codec.decode(data, SignedDocument)
        return document, policy.open_ticket(document, package)
    except ProtocolError as error:
        findings.append(Finding(f"ticket_{_reason(error)}", error.text, "ticket.json"))
        return None, None


def _rosters(
    reader: BundleReader, package: ExamPackage, findings: list[Finding]
) -> tuple[dict[int, Roster], dict[int, bytes]]:
    rosters: dict[int, Roster] = {}
    hashes: dict[int, bytes] = {}
    for name in sorted(name for name in reader.names() if name.startswith("rosters/") and name.endswith(".json")):
        try:
            document: SignedDocument = codec.decode(reader.small(name) or b"", SignedDocument)
            roster = policy.open_roster(document, package)
        except ProtocolError as error:
            findings.append(Finding(f"roster_{_reason(error)}", error.text, name))
            continue
        rosters[roster.version], hashes[roster.version] = roster, policy.document_hash(document)
    for version, roster in rosters.items():
        if version - 1 in hashes and roster.previous_hash != hashes[version - 1]:
            text = f"Roster {version} does not follow on roster {version - 1}."
            findings.append(Finding("roster_order", text, f"rosters/{version}.json"))
    if not rosters:
        findings.append(Finding("roster_missing", "The bundle holds no roster that the office signed.", "rosters/"))
    return rosters, hashes


def _reason(error: ProtocolError) -> str:
    return {"foreign_key": "foreign", "bad_signature": "changed", "wrong_exam": "of_other_exam"}.get(
        error.code, "damaged"
    )


def read_package(reader: BundleReader) -> ExamPackage:
    """The package's content, for a reader who has verified it before. Raises ProtocolError `damaged`."""
    document: SignedDocument = codec.decode(reader.small("package.json") or b"", SignedDocument)
    package: ExamPackage = codec.decode(document.payload, ExamPackage)
    return package
