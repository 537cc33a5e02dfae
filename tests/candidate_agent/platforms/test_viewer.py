"""A file opens in the person's own viewer, and a computer without one is no accident."""

import sys
import threading
from pathlib import Path

import pytest

from candidate_agent.platforms import viewer


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is what opens files there")
def test_the_desktops_opener_is_given_the_file_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}.new && mv {seen}.new {seen}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert viewer.open_file(tmp_path / "a receipt.html")
    for thread in [thread for thread in threading.enumerate() if thread.name == "viewer"]:
        thread.join(20)
    assert seen.read_text() == str(tmp_path / "a receipt.html")


def test_without_an_opener_it_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer, "opener", lambda path: [str(tmp_path / "nothing"), str(path)])
    assert viewer.open_file(tmp_path / "receipt.html") is False
