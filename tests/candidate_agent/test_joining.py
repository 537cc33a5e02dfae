"""Which session a link or package file leads to, and what is not believed on the way."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from candidate_agent import joining
from candidate_agent.base.clock import ManualClock
from candidate_agent.base.errors import EnrolmentError, PackageError
from candidate_agent.config import Config, Launch
from candidate_agent.joining import Join, enrol, prepare
from exam_protocol import codec
from exam_protocol.messages import Enrolled
from exam_protocol.policy import ExamPackage, Roster, Ticket, code_hash, root_fingerprint
from exam_protocol.signing import (
    DOMAIN_PACKAGE,
    DOMAIN_ROSTER,
    DOMAIN_TICKET,
    SignedDocument,
    SigningKey,
    sign_document,
)

ROOT, OFFICE = SigningKey.generate(), SigningKey.generate()
NOW_MS = ManualClock().wall_ms()
HOUR_MS, CODE = 3_600_000, "ABCD-EFGH"
PACKAGE = ExamPackage(
    "exam", "Exam", "School", "https://exam.invalid", bytes(32), OFFICE.public_key, (), "", "1", "", "",
    NOW_MS - HOUR_MS, NOW_MS + HOUR_MS, NOW_MS + HOUR_MS,
)  # fmt: skip
TICKET = Ticket("t-1", "exam", "kim", "Kim", code_hash(CODE), NOW_MS + HOUR_MS)


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    path = tmp_path / "exam.exampackage"
    path.write_bytes(codec.encode(sign_document(ROOT, DOMAIN_PACKAGE, codec.encode(PACKAGE))))
    return Launch(root_fingerprint(ROOT.public_key), CODE, package_path=path)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "home")


def ticket(**changes: Any) -> SignedDocument:
    return sign_document(OFFICE, DOMAIN_TICKET, codec.encode(msgspec.structs.replace(TICKET, **changes)))


def answering(monkeypatch: pytest.MonkeyPatch, document: SignedDocument) -> None:
    roster = sign_document(OFFICE, DOMAIN_ROSTER, codec.encode(Roster(1, "exam", ())))

    async def answer(*_: object, **__: object) -> Enrolled:
        return Enrolled(bytes(16), "token", document, roster, NOW_MS)

    monkeypatch.setattr(joining.enrolment, "enrol", answer)


def later(hours: int) -> ManualClock:
    return ManualClock(NOW_MS + hours * HOUR_MS)


async def joined(config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch) -> Join:
    answering(monkeypatch, ticket())
    join = prepare(config, launch, later(0))
    await enrol(join)
    return join


async def test_the_same_link_finds_the_same_session_again(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = await joined(config, launch, monkeypatch)
    assert prepare(config, launch, later(0)).file == join.file
    assert join.ticket == TICKET


async def test_a_server_that_answers_with_another_candidates_ticket_is_not_believed(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed by the office and for this exam, but somebody else's."""
    answering(monkeypatch, ticket(candidate_name="Lee", code_hash=code_hash("another code")))
    join = prepare(config, launch, later(0))
    with pytest.raises(EnrolmentError) as caught:
        await enrol(join)
    assert caught.value.code == "ticket_foreign" and not join.file.enrolled


@pytest.mark.parametrize(("hours", "code"), [(-2, "outside_window"), (2, "package_expired")])
def test_nobody_starts_outside_the_window(config: Config, launch: Launch, hours: int, code: str) -> None:
    with pytest.raises(PackageError) as caught:
        prepare(config, launch, later(hours))
    assert caught.value.code == code


@pytest.mark.parametrize("phase", ["running", "ended", "done"])
async def test_who_sat_the_exam_may_send_the_rest_after_the_window_closed(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    join = await joined(config, launch, monkeypatch)
    join.save(phase=phase)
    assert prepare(config, launch, later(20)).file == join.file


async def test_who_was_not_admitted_in_time_cannot_go_on_after_the_window_closed(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (await joined(config, launch, monkeypatch)).save(phase="checking")
    with pytest.raises(PackageError):
        prepare(config, launch, later(2))


async def test_a_disk_that_takes_nothing_does_not_stop_a_session(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = await joined(config, launch, monkeypatch)

    def full(*_: object) -> None:
        raise OSError("no space left on the disk")

    with monkeypatch.context() as disk:
        disk.setattr(joining.session_file, "save", full)
        assert not join.keep(phase="paused", counters={"ada": 3})
    assert join.keep(reason="later")
    found = prepare(config, launch, later(0)).file
    assert (found.phase, found.counters, found.reason) == ("paused", {"ada": 3}, "later")


@pytest.mark.parametrize("changes", [{"opens_ms": 10**17}, {"closes_ms": -1}, {"expires_ms": 10**30}])
def test_a_package_with_absurd_times_is_a_damaged_one(config: Config, tmp_path: Path, changes: dict[str, int]) -> None:
    package = msgspec.structs.replace(PACKAGE, **changes)
    path = tmp_path / "absurd.exampackage"
    path.write_bytes(codec.encode(sign_document(ROOT, DOMAIN_PACKAGE, codec.encode(package))))
    with pytest.raises(PackageError) as caught:
        prepare(config, Launch(root_fingerprint(ROOT.public_key), CODE, package_path=path), later(0))
    assert caught.value.code == "package_damaged"
