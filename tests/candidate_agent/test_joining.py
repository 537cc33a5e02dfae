"""Joining: a session is made once, found again without the server, and forgotten as a whole."""

from pathlib import Path

import pytest

from candidate_agent import joining
from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import PackageError, ServerError
from candidate_agent.config import Config, Launch
from exam_protocol import codec
from exam_protocol.policy import ExamPackage, root_fingerprint
from exam_protocol.signing import DOMAIN_PACKAGE, SignedDocument, SigningKey, sign_document

ROOT = SigningKey.generate()
CODE = "ABCD-EFGH"
CLOCK = SystemClock()


def package(closes_in_s: int = 3600) -> SignedDocument:
    now_ms = CLOCK.wall_ms()
    closes_ms = now_ms + closes_in_s * 1000
    body = ExamPackage(
        "algebra", "Linear Algebra", "University", "http://127.0.0.1:1", bytes(32), bytes(32), (), "I work alone.",
        "1", "Ask for a room.", "exams@university.example", now_ms - 7_200_000, closes_ms, closes_ms,
    )  # fmt: skip
    return sign_document(ROOT, DOMAIN_PACKAGE, codec.encode(body))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "exam.exampackage"
    path.write_bytes(codec.encode(package()))
    return path


def launch(path: Path | None, root: str = root_fingerprint(ROOT.public_key), code: str = CODE) -> Launch:
    if path is None:
        return Launch(root, code, server_url="http://127.0.0.1:1", exam_id="algebra")
    return Launch(root, code, package_path=path)


def prepare(home_dir: Path, how: Launch) -> joining.Join:
    return joining.prepare(Config(home_dir / "home"), how, CLOCK)


def test_keys_and_session_are_on_the_disk_before_the_server_hears_of_them(tmp_path: Path, path: Path) -> None:
    first, again = prepare(tmp_path, launch(path)), prepare(tmp_path, launch(path))
    assert (again.file.session_id, again.file.device_seed) == (first.file.session_id, first.file.device_seed)
    assert prepare(tmp_path, launch(path, code="WXYZ-2345")).file.session_id != first.file.session_id


def test_a_session_that_was_begun_is_found_again_without_the_server(tmp_path: Path, path: Path) -> None:
    begun = prepare(tmp_path, launch(path))
    with pytest.raises(ServerError):
        prepare(tmp_path, launch(None))
    begun.save(token="t")
    assert prepare(tmp_path, launch(None)).file == begun.file


def test_what_was_recorded_can_be_brought_in_after_the_exam_has_closed(tmp_path: Path, path: Path) -> None:
    path.write_bytes(codec.encode(package(closes_in_s=-60)))
    with pytest.raises(PackageError):
        prepare(tmp_path, launch(path))
    path.write_bytes(codec.encode(package()))
    begun = prepare(tmp_path, launch(path))
    begun.save(token="t", package=package(closes_in_s=-60))
    assert prepare(tmp_path, launch(None)).file.session_id == begun.file.session_id


def test_a_package_published_anew_before_joining_is_the_one_that_counts(tmp_path: Path, path: Path) -> None:
    prepare(tmp_path, launch(path))
    newer = package(closes_in_s=7200)
    path.write_bytes(codec.encode(newer))
    assert prepare(tmp_path, launch(path)).file.package == newer


def test_a_session_of_another_institution_is_not_found(tmp_path: Path, path: Path) -> None:
    prepare(tmp_path, launch(path)).save(token="t")
    with pytest.raises(PackageError) as foreign:
        prepare(tmp_path, launch(path, root="0000-0000"))
    assert foreign.value.code == "package_foreign"


def test_a_forgotten_session_leaves_nothing_and_is_not_written_again(tmp_path: Path, path: Path) -> None:
    join = prepare(tmp_path, launch(path))
    (join.directory / "spool").mkdir()
    join.forget()
    join.save(token="t")
    assert list((tmp_path / "home" / "sessions").iterdir()) == []


def test_half_a_forgotten_session_is_no_session(tmp_path: Path, path: Path) -> None:
    first = prepare(tmp_path, launch(path))
    gone = first.directory.with_name(f"{first.directory.name}.gone")
    first.directory.rename(gone)
    assert prepare(tmp_path, launch(path)).file.session_id != first.file.session_id
    assert not gone.exists()
