"""What a Linux desktop lets the program use, told from devices and sockets."""

import os
from pathlib import Path

import pytest

from candidate_agent.platforms.linux.permissions import LinuxPermissions


def told(root: Path, *, sees_keys: bool = True, **environment: str) -> dict[str, bool | None]:
    return {one.name: one.granted for one in LinuxPermissions(environment, root, sees_keys=sees_keys).permissions()}


def test_a_device_that_is_not_there_is_not_spoken_of(tmp_path: Path) -> None:
    assert told(tmp_path) == {"screen": True, "input": True}
    assert told(tmp_path, sees_keys=False)["input"] is False


def test_one_camera_that_may_be_used_is_enough(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "video0").touch()
    assert told(tmp_path)["camera"] is True


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="to root nothing is shut")
def test_a_camera_that_is_shut_is_a_no(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "video0").touch(mode=0)
    assert told(tmp_path)["camera"] is False


def test_a_sound_server_hands_out_the_microphone(tmp_path: Path) -> None:
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()
    assert told(tmp_path, XDG_RUNTIME_DIR=str(tmp_path))["microphone"] is True
    assert "microphone" not in told(tmp_path, XDG_RUNTIME_DIR=str(tmp_path / "nothing"))
