"""Fingerprints: the file's own hash, a signer that somebody vouches for, and each file read once."""

import hashlib
from pathlib import Path

import pytest

from candidate_agent.platforms.macos.signatures import AD_HOC, Fingerprints, sha256_of, signer_in
from candidate_agent.platforms.ports import Fingerprint


def test_the_hash_is_the_file_s(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"x" * 3_000_000)
    assert sha256_of(tmp_path / "program") == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert sha256_of(tmp_path / "gone") == ""


@pytest.mark.parametrize(
    ("team", "flags", "platform_binary", "signer"),
    [
        ("BJ4HAAB9B3", 0x10000, False, "BJ4HAAB9B3"),
        (None, 0, True, "apple"),
        (None, 0, False, ""),
        ("BJ4HAAB9B3", AD_HOC, False, ""),  # a team that nobody vouches for
        (None, AD_HOC, True, ""),
    ],
)
def test_only_a_real_signature_names_a_signer(team: str | None, flags: int, platform_binary: bool, signer: str) -> None:
    assert signer_in(team, flags, platform_binary=platform_binary) == signer


def test_a_file_is_asked_about_again_only_when_it_changed(tmp_path: Path) -> None:
    asked: list[str] = []

    def signer(path: str) -> str:
        asked.append(path)
        return "TEAM"

    program = tmp_path / "program"
    program.write_bytes(b"first")
    fingerprints = Fingerprints(signer)
    first = fingerprints.of(str(program))
    assert fingerprints.of(str(program)) == first
    assert first == Fingerprint(hashlib.sha256(b"first").hexdigest(), "TEAM")
    assert len(asked) == 1
    program.write_bytes(b"second, and longer")
    assert fingerprints.of(str(program)).sha256 != first.sha256
    assert len(asked) == 2


def test_a_file_that_is_gone_has_no_fingerprint(tmp_path: Path) -> None:
    assert Fingerprints(lambda path: "TEAM").of(str(tmp_path / "gone")) == Fingerprint()
