"""Only what the institution signed is published, and a roster only goes forward."""

from exam_protocol import codec
from exam_protocol.policy import Roster
from exam_protocol.signing import DOMAIN_ROSTER, SignedDocument, SigningKey, sign_document
from tests.server_stub.client import Answer, Office, ServerProcess, request
from tests.server_stub.conftest import Exam


def put(server: ServerProcess, kind: str, document: object) -> Answer:
    return request(server.url, "PUT", f"/api/office/{kind}", document)


def test_a_package_of_this_institution_for_this_server_is_public(office: Office, server: ServerProcess) -> None:
    document = office.make_package(server.public_key)
    assert put(server, "package", document).status == 204
    assert put(server, "package", document).status == 204
    given = request(server.url, "GET", f"/api/exams/{office.exam_id}/package")
    assert codec.decode(given.data, SignedDocument) == document


def test_another_institution_or_another_server_is_foreign(office: Office, server: ServerProcess) -> None:
    assert put(server, "package", Office().make_package(server.public_key)).code == "package_foreign"
    assert put(server, "package", office.make_package(SigningKey.generate().public_key)).code == "server_foreign"
    assert put(server, "package", office.make_package(server.public_key, expires_ms=1)).code == "package_expired"
    assert request(server.url, "GET", f"/api/exams/{office.exam_id}/package").code == "exam_unknown"


def test_a_package_stays_as_it_is_once_candidates_have_joined(exam: Exam) -> None:
    exam.candidate()
    assert put(exam.server, "package", exam.office.make_package(exam.server.public_key)).code == "package_in_use"


def test_a_roster_must_be_signed_rise_and_follow_on(exam: Exam) -> None:
    office, server = exam.office, exam.server
    assert put(server, "roster", office.rosters[0]).status == 204
    forged = sign_document(SigningKey.generate(), DOMAIN_ROSTER, office.make_roster("amal").payload)
    assert put(server, "roster", forged).code == "foreign_key"
    second = office.rosters[-1]
    office.make_roster("bo")
    assert put(server, "roster", office.rosters[-1]).code == "roster_gap"
    assert put(server, "roster", second).status == 204
    assert put(server, "roster", office.rosters[0]).code == "roster_old"
    foreign = sign_document(office.roster_key, DOMAIN_ROSTER, codec.encode(Roster(9, "other-exam", ())))
    assert put(server, "roster", foreign).code == "exam_unknown"


def test_a_ticket_needs_the_roster_signer_and_a_code_of_its_own(exam: Exam) -> None:
    other = Office()
    assert put(exam.server, "ticket", other.make_ticket("EEEE-1")).code == "foreign_key"
    assert put(exam.server, "ticket", exam.office.make_ticket("AAAA-1111", "Somebody Else")).code == "code_used"


def test_garbage_is_damaged(exam: Exam) -> None:
    for kind in ("package", "roster", "ticket"):
        for data in (b"", b"{}", b'{"payload":"AA==","key":"AA==","signature":"AA=="}'):
            assert put(exam.server, kind, data).code in ("damaged", "package_damaged", "package_foreign")
