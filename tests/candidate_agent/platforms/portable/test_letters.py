"""Letters by a program: what it prints is the answer; whatever else happens is no answer."""

import os
from pathlib import Path

import pytest

from candidate_agent.platforms.portable import letters
from candidate_agent.platforms.ports import Unsupported


def program(folder: Path, body: str) -> letters.Tesseract:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return letters.Tesseract(str(path))


@pytest.mark.skipif(os.name != "posix", reason="the program here is a shell script")
def test_the_picture_goes_in_by_a_pipe_and_the_letters_come_out(tmp_path: Path) -> None:
    assert program(tmp_path, 'printf "P<UTO"; cat').read(b"<<PNG", 10) == "P<UTO<<PNG"


@pytest.mark.skipif(os.name != "posix", reason="the program here is a shell script")
@pytest.mark.parametrize("body", ["exec sleep 30", "echo P; exit 3"])
def test_a_program_that_hangs_or_fails_reads_nothing(tmp_path: Path, body: str) -> None:
    assert program(tmp_path, body).read(b"", 0.2) == ""


def test_a_program_that_is_gone_reads_nothing(tmp_path: Path) -> None:
    assert letters.Tesseract(str(tmp_path / "gone")).read(b"", 1) == ""


def test_without_the_program_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert isinstance(letters.letter_port(), Unsupported)
