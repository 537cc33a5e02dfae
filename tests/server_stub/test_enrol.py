"""A launch code gives one device one session, whatever happens on the line."""

import os

import pytest

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.signing import DOMAIN_ENROLLED, SignedDocument
from tests.server_stub.client import Agent, Answer, Office, ServerProcess, now_ms, request
from tests.server_stub.conftest import Exam


def enrol(server: ServerProcess, asked: object) -> Answer:
    return request(server.url, "POST", "/api/enrol", asked)


def test_the_answer_is_signed_and_carries_ticket_and_roster(exam: Exam) -> None:
    agent = Agent(exam.office)
    asked = agent.enrol_request("aaaa 1111")
    document: SignedDocument = codec.decode(enrol(exam.server, asked).data, SignedDocument)
    enrolled: m.Enrolled = codec.decode(document.open(DOMAIN_ENROLLED, exam.server.public_key), m.Enrolled)
    assert enrolled.nonce == asked.nonce
    assert enrolled.roster == exam.office.rosters[-1]
    assert b"ticket-AAAA-1111" in enrolled.ticket.payload


def test_the_same_device_and_session_get_the_same_token_again_after_a_crash(exam: Exam) -> None:
    agent = Agent(exam.office)
    first = agent.enrol(exam.server, "AAAA-1111")
    exam.server.kill()
    exam.server.start()
    assert agent.enrol(exam.server, "AAAA-1111").token == first.token


def test_a_used_code_gives_nobody_else_a_session(exam: Exam) -> None:
    agent = Agent(exam.office)
    agent.enrol(exam.server, "AAAA-1111")
    for other in (Agent(exam.office), Agent(exam.office, device=agent.device)):
        answer = enrol(exam.server, other.enrol_request("AAAA-1111"))
        assert (answer.status, answer.code) == (409, "code_used")


def test_a_session_id_belongs_to_one_code(exam: Exam) -> None:
    agent = Agent(exam.office)
    agent.enrol(exam.server, "AAAA-1111")
    assert enrol(exam.server, agent.enrol_request("BBBB-2222")).code == "code_used"


def test_an_expired_code_is_told(exam: Exam) -> None:
    request(exam.server.url, "PUT", "/api/office/ticket", exam.office.make_ticket("LATE-1", minutes=-1))
    answer = enrol(exam.server, Agent(exam.office).enrol_request("LATE-1"))
    assert (answer.status, answer.code) == (410, "code_expired")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"min": 0, "max": 0}, 426, "version_too_old"),
        ({"min": 2, "max": 3}, 426, "version_too_new"),
        ({"nonce": os.urandom(16)}, 403, "bad_signature"),
        ({"device_key": os.urandom(32)}, 403, "bad_signature"),
        ({"session_id": b"short"}, 400, "damaged"),
    ],
)
def test_a_request_that_does_not_fit_has_a_code(exam: Exam, changes: dict[str, object], status: int, code: str) -> None:
    answer = enrol(exam.server, Agent(exam.office).enrol_request("AAAA-1111", **changes))
    assert (answer.status, answer.code) == (status, code)


def test_another_package_is_foreign(exam: Exam) -> None:
    office = exam.office
    agent, published = Agent(office), office.package
    office.make_package(exam.server.public_key, title="Another")
    assert enrol(exam.server, agent.enrol_request("AAAA-1111")).code == "package_foreign"
    office.package = published
    agent.enrol(exam.server, "AAAA-1111")


def test_outside_its_window_an_exam_is_closed(office: Office, server: ServerProcess) -> None:
    office.make_package(server.public_key, opens_ms=now_ms() + 3_600_000, closes_ms=now_ms() + 7_200_000)
    server.publish(office, "AAAA-1111")
    answer = enrol(server, Agent(office).enrol_request("AAAA-1111"))
    assert (answer.status, answer.code) == (403, "outside_window")


def test_without_a_roster_there_is_no_proctor_yet(office: Office, server: ServerProcess) -> None:
    office.make_package(server.public_key)
    for kind, document in (("package", office.package), ("ticket", office.make_ticket("AAAA-1111"))):
        assert request(server.url, "PUT", f"/api/office/{kind}", document).status == 204
    answer = enrol(server, Agent(office).enrol_request("AAAA-1111"))
    assert (answer.status, answer.code) == (403, "roster_missing")


def test_guessing_codes_is_slowed_down(exam: Exam) -> None:
    agent = Agent(exam.office)
    codes = [enrol(exam.server, agent.enrol_request(f"GUESS-{number}")).code for number in range(31)]
    assert codes == ["code_unknown"] * 30 + ["rate_limited"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"code": 1}', b"\xff\xfe", b"[" * 100_000])
def test_garbage_is_damaged_and_nothing_more(exam: Exam, data: bytes) -> None:
    assert enrol(exam.server, data).code == "damaged"


def test_a_body_without_end_is_cut_off(exam: Exam) -> None:
    assert enrol(exam.server, b" " * (2 << 20)).code == "too_large"
