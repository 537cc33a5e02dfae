"""The command answers with words, JSON and an exit status; every error is one sentence with a code."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from exam_evidence import words
from exam_evidence.bundle import BundleReader
from exam_evidence.cli import main
from exam_evidence.verify import verify
from exam_protocol import codec, keyfile
from tests.exam_evidence.sample import Institution, tiny_sitting


@pytest.fixture
def bundle(institution: Institution, tmp_path: Path) -> Path:
    return tiny_sitting(institution).write(tmp_path / "session.bundle")


@pytest.fixture
def key(institution: Institution, tmp_path: Path) -> list[str]:
    """Arguments that name a proctor's key file and its passphrase."""
    secret = keyfile.SecretKeys(institution.proctor.seed, institution.proctor_wrap.raw)
    file = keyfile.lock(
        secret, "long enough", kind="proctor", id="proctor-a", name="Ada", salt=os.urandom(16), nonce=os.urandom(12),
        iterations=1000,
    )  # fmt: skip
    (tmp_path / "a.key.json").write_bytes(codec.encode(file))
    (tmp_path / "pass").write_text("long enough\n")
    return ["--key", str(tmp_path / "a.key.json"), "--passphrase-file", str(tmp_path / "pass")]


def test_verify_says_whole(institution: Institution, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bundle), "--root", institution.fingerprint]) == 0
    out = capsys.readouterr().out
    assert out.startswith("WHOLE") and "Cleo <Candidate>" in out and "Wrong" not in out


def test_a_name_adds_no_line_to_the_verdict_and_moves_no_cursor(institution: Institution, bundle: Path) -> None:
    with BundleReader(bundle) as reader:
        verdict = verify(reader, institution.fingerprint)
    lines = words.verdict(verdict).splitlines()
    evil = "Kim\nWHOLE: everything is signed\x1b[2J\u202e"
    said = words.verdict(msgspec.structs.replace(verdict, candidate_name=evil, title=evil)).splitlines()
    assert len(said) == len(lines) and not set("\x1b\u202e") & set("".join(said))


def test_a_fingerprint_may_be_typed_without_hyphens(institution: Institution, bundle: Path) -> None:
    assert main(["verify", str(bundle), "--root", institution.fingerprint.upper().replace("-", "")]) == 0


def test_verify_names_what_is_wrong(
    institution: Institution, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = tiny_sitting(institution)
    del sitting.lanes[1][4]
    bundle = sitting.write(tmp_path / "b")
    assert main(["verify", str(bundle), "--root", institution.fingerprint]) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT WHOLE") and "[records_missing] lane1.records, webcam 2" in out


def test_verify_says_cut_off(institution: Institution, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = tiny_sitting(institution, end=False).write(tmp_path / "b")
    assert main(["verify", str(bundle), "--root", institution.fingerprint]) == 1
    assert capsys.readouterr().out.startswith("CUT OFF")


def test_verify_answers_in_json(institution: Institution, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bundle), "--root", institution.fingerprint, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["whole"] is True and answer["findings"] == []


def test_verify_takes_a_key_to_name_records_exactly(institution: Institution, tmp_path: Path, key: list[str]) -> None:
    bundle = tiny_sitting(institution, marks=False).write(tmp_path / "b")
    assert main(["verify", str(bundle), "--root", institution.fingerprint, *key]) == 0


def test_open_writes_everything(
    bundle: Path, key: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", str(bundle), *key, "--out", str(tmp_path / "out")]) == 0
    films = {"webcam.mp4", "audio.mp4", "side-by-side.mp4", "flags.txt", "flags.json"}
    assert {*films, "entries.jsonl", "opened.json"} == {p.name for p in (tmp_path / "out").iterdir()}
    said = capsys.readouterr().out
    assert all(film in said for film in films) and "0.5 s, 6 frames" in said


def test_the_film_side_by_side_can_be_left_out(bundle: Path, key: list[str], tmp_path: Path) -> None:
    assert main(["open", str(bundle), *key, "--out", str(tmp_path / "out"), "--no-side-by-side"]) == 0
    assert not (tmp_path / "out" / "side-by-side.mp4").exists()


def test_report_writes_a_page(institution: Institution, bundle: Path, key: list[str], tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert main(["report", str(bundle), *key, "--root", institution.fingerprint, "--out", str(out)]) == 0
    assert out.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["verify", "nowhere", "--root", "x"], 3, "bundle_missing"),
        (["verify", "BUNDLE", "--root", "0000-0000"], 1, "package_foreign"),
        (["open", "BUNDLE", "--key", "nowhere", "--passphrase-file", "PASS", "--out", "o"], 11, "key_missing"),
        (["open", "BUNDLE", "--key", "PASS", "--passphrase-file", "PASS", "--out", "o"], 11, "key_file_damaged"),
        (["open", "BUNDLE", "--key", "KEY", "--passphrase-file", "KEY", "--out", "o"], 11, "passphrase_wrong"),
        (["open", "BUNDLE", "--key", "KEY", "--passphrase-file", "nowhere", "--out", "o"], 2, "passphrase_missing"),
        (["open", "BUNDLE", "--key", "KEY", "--passphrase-file", "PASS", "--out", "DIR"], 3, "out_not_empty"),
    ],
)
def test_each_error_is_a_sentence_a_code_and_a_status(
    bundle: Path, key: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str],
    status: int, code: str,
) -> None:  # fmt: skip
    paths = {"BUNDLE": str(bundle), "KEY": key[1], "PASS": key[3], "DIR": str(tmp_path)}
    assert main([paths.get(argument, argument) for argument in arguments]) == status
    assert f"[{code}]" in capsys.readouterr().err
