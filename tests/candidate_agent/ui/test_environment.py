"""Switches of the browser engine do not come from the desktop; what draws depends on the computer."""

import sys
from pathlib import Path

import pytest

from candidate_agent.ui.environment import draw_by_processor, strip_environment

INHERITED = {
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
    "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
    "QTWEBENGINEPROCESS_PATH": "/x",
    "HOME": "/h",
}


def test_every_switch_is_taken_out_and_named() -> None:
    environ = dict(INHERITED)
    assert strip_environment(environ) == (
        "QTWEBENGINEPROCESS_PATH",
        "QTWEBENGINE_CHROMIUM_FLAGS",
        "QTWEBENGINE_REMOTE_DEBUGGING",
    )
    assert environ == {"HOME": "/h"}


def test_a_demo_keeps_them() -> None:
    environ = {**INHERITED, "CANDIDATE_AGENT_DEMO": "1"}
    assert strip_environment(environ) == ()
    assert environ["QTWEBENGINE_REMOTE_DEBUGGING"] == "9222"


def test_anything_but_1_is_no_demo() -> None:
    environ = {**INHERITED, "CANDIDATE_AGENT_DEMO": "yes"}
    assert "QTWEBENGINE_CHROMIUM_FLAGS" in strip_environment(environ)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a graphics processor")
def test_without_a_graphics_device_the_processor_draws(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    assert draw_by_processor(environ, tmp_path)
    assert environ == {"QT_QUICK_BACKEND": "software"}


@pytest.mark.parametrize("device", ["dri/renderD128", "dri/card0", "nvidia0"])
def test_with_a_graphics_device_nothing_is_changed(device: str, tmp_path: Path) -> None:
    (tmp_path / device).parent.mkdir(exist_ok=True)
    (tmp_path / device).touch()
    environ: dict[str, str] = {}
    assert not draw_by_processor(environ, tmp_path)
    assert environ == {}


def test_what_the_desktop_chose_to_draw_with_is_kept(tmp_path: Path) -> None:
    environ = {"QT_QUICK_BACKEND": "rhi"}
    draw_by_processor(environ, tmp_path)
    assert environ == {"QT_QUICK_BACKEND": "rhi"}
