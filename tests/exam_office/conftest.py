"""An office with one exam and one proctor, made through the command as an institution makes it."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from exam_office import cli
from exam_office.office import Office
from exam_protocol import codec
from exam_protocol import keyfile as format_of
from exam_protocol.keys import WrapKey
from exam_protocol.signing import SigningKey

SERVER_KEY = "5e" * 32
CONFIG = """
exam_id = "BIO-101"
title = "Biology"
contact = "exams@university.invalid"
time_zone = "Europe/Berlin"
[course]
name = "Introduction to Biology"
number = "BIO-101"
instructors = ["Ada Lindgren"]
"""


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """600,000 rounds are for attackers, not for tests; the format's own tests use them."""
    lock = format_of.lock
    monkeypatch.setattr(format_of, "lock", lambda *args, **kwargs: lock(*args, **{**kwargs, "iterations": 1000}))


@dataclass
class Desk:
    """The office's folder and its command."""

    path: Path
    capsys: pytest.CaptureFixture[str]
    passphrase_path: Path
    proctor_wrap: WrapKey

    @property
    def office(self) -> Office:
        return Office(self.path / "office")

    def run(self, name: str, *arguments: str) -> dict[str, str]:
        """What a command answers; it must succeed."""
        assert self.status(name, *arguments, "--json") == 0, self.capsys.readouterr().err
        answer: dict[str, str] = json.loads(self.capsys.readouterr().out)
        return answer

    def status(self, name: str, *arguments: str) -> int:
        keys = () if name == "publish" else ("--passphrase-file", str(self.passphrase_path))
        return cli.main([name, str(self.path / "office"), *keys, *arguments])

    def refused(self, name: str, *arguments: str) -> tuple[int, str]:
        """Exit status and code of a command that must fail with one sentence."""
        self.capsys.readouterr()
        status = self.status(name, *arguments)
        error = self.capsys.readouterr().err.strip()
        assert status != 0 and error.startswith("exam-office: ") and len(error.splitlines()) == 1
        return status, error[error.rindex("[") + 1 : -1]

    def package_arguments(self, config: str = CONFIG, server: str = "https://exam.invalid") -> list[str]:
        path = self.path / "exam.toml"
        path.write_text(config)
        out = str(self.path / "out.exampackage")
        return ["--config", str(path), "--server", server, "--server-key", SERVER_KEY, "--out", out]

    def roster_arguments(self, code: str = "winter7tree", card: str = "proctor-a") -> list[str]:
        path = str(self.path / f"{card}.card.json")
        return ["--exam", "BIO-101", "--card", path, "--address", "https://lms.invalid/1", "--access-code", code]

    def seat_arguments(self) -> list[str]:
        return ["--exam", "BIO-101", "--candidate", "c-1", "--name", "Cleo Candidate"]

    def add_card(self, name: str, wrap_key: WrapKey | None = None) -> None:
        wrap = (wrap_key or WrapKey.generate()).public_key
        card = format_of.Card(1, name, "Ada", "proctor", SigningKey.generate().public_key, wrap)
        (self.path / f"{name}.card.json").write_bytes(codec.encode(card))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    passphrase_path = tmp_path / "passphrase"
    passphrase_path.write_text("a long passphrase\n")
    made = Desk(tmp_path, capsys, passphrase_path, WrapKey.generate())
    made.add_card("proctor-a", made.proctor_wrap)
    made.run("init", "--institution", "Test University")
    return made


@pytest.fixture
def exam(desk: Desk) -> Desk:
    desk.run("package", *desk.package_arguments())
    return desk


@pytest.fixture
def umask() -> Callable[[], int]:
    def current() -> int:
        mask = os.umask(0)
        os.umask(mask)
        return mask

    return current
