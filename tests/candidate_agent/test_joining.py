"""Which session a link or package file leads to, what is not believed on the way, and how a session is forgotten."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from candidate_agent import joining
from candidate_agent.base.clock import ManualClock
from candidate_agent.base.errors import EnrolmentError, PackageError
from candidate_agent.config import Config, Launch
from candidate_agent.joining import Join, enrol, prepare
from candidate_agent.session.states import Kept, Phase
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


def test_an_expired_package_is_not_opened(config: Config, launch: Launch) -> None:
    with pytest.raises(PackageError) as caught:
        prepare(config, launch, later(2))
    assert caught.value.code == "package_expired"


def test_who_comes_too_early_has_a_session_that_has_not_joined(config: Config, launch: Launch) -> None:
    join = prepare(config, launch, later(-2))
    assert not join.file.enrolled and not join.has_sat
    assert prepare(config, launch, later(0)).file == join.file


@pytest.mark.parametrize("phase", ["running", "ended", "done"])
async def test_who_sat_the_exam_may_send_the_rest_after_the_window_closed(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    join = await joined(config, launch, monkeypatch)
    join.save(kept=Kept(Phase(phase)))
    again = prepare(config, launch, later(20))
    assert again.file == join.file and again.has_sat


async def test_who_was_not_admitted_in_time_cannot_go_on_after_the_window_closed(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (await joined(config, launch, monkeypatch)).save(kept=Kept(Phase.CHECKING))
    with pytest.raises(PackageError):
        prepare(config, launch, later(2))


async def test_a_disk_that_takes_nothing_does_not_stop_a_session(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = await joined(config, launch, monkeypatch)

    def full(*_: object) -> None:
        raise OSError("no space left on the disk")

    with monkeypatch.context() as disk:
        disk.setattr(joining.session_file, "replace_file", full)
        assert not join.keep(kept=Kept(Phase.PAUSED), counters={"ada": 3})
    assert join.keep(token="later")
    found = prepare(config, launch, later(0)).file
    assert (found.kept.phase, found.counters, found.token) == (Phase.PAUSED, {"ada": 3}, "later")


@pytest.mark.parametrize("changes", [{"opens_ms": 10**17}, {"closes_ms": -1}, {"expires_ms": 10**30}])
def test_a_package_with_absurd_times_is_a_damaged_one(config: Config, tmp_path: Path, changes: dict[str, int]) -> None:
    package = msgspec.structs.replace(PACKAGE, **changes)
    path = tmp_path / "absurd.exampackage"
    path.write_bytes(codec.encode(sign_document(ROOT, DOMAIN_PACKAGE, codec.encode(package))))
    with pytest.raises(PackageError) as caught:
        prepare(config, Launch(root_fingerprint(ROOT.public_key), CODE, package_path=path), later(0))
    assert caught.value.code == "package_damaged"


async def test_a_session_that_was_begun_is_found_again_without_the_package_and_the_server(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = await joined(config, launch, monkeypatch)
    far = Launch(launch.root, CODE, server_url="http://127.0.0.1:1", exam_id="exam")
    assert prepare(config, far, later(0)).file == join.file


async def test_who_waits_to_be_admitted_again_has_sat_the_exam(
    config: Config, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (await joined(config, launch, monkeypatch)).save(kept=Kept(Phase.WAITING, began_ms=NOW_MS))
    assert prepare(config, launch, later(2)).file.enrolled


def test_keys_and_session_are_on_the_disk_before_the_server_hears_of_them(config: Config, launch: Launch) -> None:
    first, again = prepare(config, launch, later(0)), prepare(config, launch, later(0))
    assert (again.file.session_id, again.file.device_seed) == (first.file.session_id, first.file.device_seed)


def test_a_package_published_anew_before_joining_is_the_one_that_counts(config: Config, launch: Launch) -> None:
    prepare(config, launch, later(0))
    newer = sign_document(ROOT, DOMAIN_PACKAGE, codec.encode(msgspec.structs.replace(PACKAGE, title="Exam, mended")))
    assert launch.package_path is not None
    launch.package_path.write_bytes(codec.encode(newer))
    assert prepare(config, launch, later(0)).file.package == newer


def test_a_forgotten_session_leaves_nothing_and_is_not_written_again(config: Config, launch: Launch) -> None:
    join = prepare(config, launch, later(0))
    (join.directory / "spool").mkdir()
    join.forget()
    join.save(token="t")
    assert list(join.directory.parent.iterdir()) == []


def test_half_a_forgotten_session_is_no_session(config: Config, launch: Launch) -> None:
    first = prepare(config, launch, later(0))
    gone = first.directory.with_name(f"{first.directory.name}.gone")
    first.directory.rename(gone)
    assert prepare(config, launch, later(0)).file.session_id != first.file.session_id
    assert not gone.exists()
