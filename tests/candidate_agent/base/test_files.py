"""What a disk refuses becomes an error with a code; a file is replaced whole or not at all."""

import errno
from pathlib import Path

import pytest

from candidate_agent.base.errors import StorageError
from candidate_agent.base.files import replace_file, storing


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EROFS, "disk_unwritable")],
)
def test_what_the_disk_refuses_has_a_code(number: int, code: str) -> None:
    with pytest.raises(StorageError) as raised, storing():
        raise OSError(number, "refused")
    assert raised.value.code == code


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    replace_file(path, b"old")
    (tmp_path / "kept.new").mkdir()
    with pytest.raises(StorageError), storing():
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
