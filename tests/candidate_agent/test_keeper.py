"""The keeper acts only when the pipe ends without a word, and understands a torn last line."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from candidate_agent import keeper
from candidate_agent.base.errors import LockdownError
from candidate_agent.keeper import Heard, listen
from candidate_agent.platforms import keeper_process
from candidate_agent.platforms.ports import ClipboardPiece

OLD = (ClipboardPiece("CLIPBOARD", "text", b"old"),)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"", Heard()),
        (b'{"done": true}\n', Heard(done=True)),
        (b'{"clipboard": [["CLIPBOARD", "text", "b2xk"]]}\n', Heard(clipboard=OLD)),
        (b'{"clipboard": []}\n{"clipboard": [["CLIPBOARD", "text", "b2xk"]]}\n{"do', Heard(clipboard=OLD)),
        (b'{"clipboard": "no list"}\n{"clipboard": [["a"]]}\n{"clipboard": 7}\n', Heard()),
        (b"\xff\n[1]\n", Heard()),
    ],
)
def test_what_came_through_the_pipe_is_understood(said: bytes, heard: Heard) -> None:
    assert listen(io.BytesIO(said)) == heard


def test_told_that_all_is_done_it_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    path = tmp_path / "undo.log"
    path.write_bytes(b"whatever stands here is not looked at\n")
    process = keeper_process.start(path)
    assert process.alive
    process.done()
    assert not process.alive
    assert path.exists()


def test_without_a_word_it_restores_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    process = subprocess.run(
        keeper_process.keeper_command(tmp_path / "undo.log"), input=b"", capture_output=True, timeout=20, check=True
    )
    assert process.stdout == b"ready\n"


def test_a_keeper_that_cannot_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(LockdownError) as raised:
        keeper_process.start(tmp_path, [sys.executable, "-c", "pass"])
    assert raised.value.code == "keeper_failed"
    with pytest.raises(LockdownError):
        keeper_process.start(tmp_path, [str(tmp_path / "missing")])


def test_it_asks_for_the_undo_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert keeper.main([]) == 2
    assert "UNDO_LOG" in capsys.readouterr().err
