"""The command line makes a folder that is private, says where it listens, and answers mistakes with a sentence."""

from pathlib import Path

import pytest

from exam_protocol.signing import SigningKey
from server_stub import cli
from tests.server_stub.client import Office, ServerProcess, proctor_server

FINGERPRINT = Office().fingerprint


def test_init_makes_a_private_key_and_prints_the_public_one(tmp_path: Path) -> None:
    printed = proctor_server("init", tmp_path / "server", "--root", FINGERPRINT).strip()
    key_path = tmp_path / "server" / "server.key"
    assert key_path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.from_seed(bytes.fromhex(key_path.read_text())).public_key.hex() == printed


def test_the_address_is_printed_and_written(server: ServerProcess) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert (server.directory / "address").read_text() == server.url + "\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["init", "{dir}/new", "--root", "abc"], "--root is a fingerprint"),
        (["init", "{dir}/old", "--root", FINGERPRINT], "has a server key already"),
        (["run", "{dir}/none"], "is no server's folder"),
        (["run", "{dir}/old", "--certificate", "x"], "belong together"),
        (["add-proctor", "{dir}/old", "amal", "--password-file", "{dir}/short"], "at least 8 characters"),
        (["export", "{dir}/old", "xyz", "--out", "{dir}/out.zip"], "no such session"),
    ],
)
def test_a_mistake_is_a_sentence_and_status_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    proctor_server("init", tmp_path / "old", "--root", FINGERPRINT)
    (tmp_path / "short").write_text("short\n")
    assert cli.main([argument.replace("{dir}", str(tmp_path)) for argument in arguments]) == 2
    assert sentence in capsys.readouterr().err
