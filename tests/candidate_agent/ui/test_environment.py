"""Switches of the browser engine do not come from the desktop."""

from candidate_agent.ui.environment import strip_environment

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
