"""The session file: survives a restart whole, is private, and says so when it is damaged."""

import stat
from pathlib import Path

import msgspec
import pytest

from candidate_agent.base.errors import StorageError
from candidate_agent.spool import session_file
from exam_protocol.signing import DOMAIN_PACKAGE, SigningKey, sign_document

PACKAGE = sign_document(SigningKey.generate(), DOMAIN_PACKAGE, b"{}")


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    session = msgspec.structs.replace(session_file.fresh(PACKAGE, b"s" * 16), token="t", counters={"ada": 3})
    session_file.save(tmp_path / "new", session)
    assert session_file.load(tmp_path / "new") == session
    assert stat.S_IMODE((tmp_path / "new" / "session.json").stat().st_mode) == 0o600


def test_keys_of_another_length_are_damage(tmp_path: Path) -> None:
    whole = session_file.fresh(PACKAGE, b"s" * 16)
    for field in ("session_id", "device_seed", "wrap_key"):
        session_file.save(tmp_path, msgspec.structs.replace(whole, **{field: b"short"}))
        with pytest.raises(StorageError) as damaged:
            session_file.load(tmp_path)
        assert damaged.value.code == "session_damaged"


def test_no_file_is_no_session(tmp_path: Path) -> None:
    assert session_file.load(tmp_path) is None


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_bytes(b"{")
    with pytest.raises(StorageError) as damaged:
        session_file.load(tmp_path)
    assert damaged.value.code == "session_damaged"
