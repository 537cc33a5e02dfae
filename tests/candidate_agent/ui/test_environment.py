"""Switches of the browser engine and code for it do not come from the desktop; what draws depends on the computer."""

import sys
from pathlib import Path

import pytest

from candidate_agent.ui.environment import draw_by_processor, preloaded, strip_environment

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


@pytest.mark.parametrize(
    "name",
    [
        "QTWEBENGINE_DISABLE_SANDBOX", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_PLATFORM",
        "QT_QPA_GENERIC_PLUGINS", "QT_XCB_GL_INTEGRATION", "QT_LOGGING_RULES", "QT_STYLE_OVERRIDE", "QT_API",
        "QML_IMPORT_PATH", "QML2_IMPORT_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT",
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "GTK_MODULES", "GTK_PATH",
        "GIO_EXTRA_MODULES", "NODE_OPTIONS", "SSLKEYLOGFILE", "CHROME_DEVEL_SANDBOX", "GCONV_PATH", "LOCPATH",
        "OPENSSL_CONF", "VK_LAYER_PATH", "PYWEBVIEW_GUI", "ALSA_CONFIG_PATH",
    ],
)  # fmt: skip
def test_what_loads_code_or_writes_secrets_down_is_taken_out(name: str) -> None:
    environ = {name: "/x"}
    assert strip_environment(environ) == (name,) and environ == {}


@pytest.mark.parametrize(
    "name",
    [
        "HOME", "DISPLAY", "LANG", "PATH", "XDG_RUNTIME_DIR", "QT_ACCESSIBILITY", "QT_SCALE_FACTOR", "QT_IM_MODULE",
        "XMODIFIERS", "GTK_IM_MODULE", "http_proxy", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE", "PULSE_SERVER",
    ],
)  # fmt: skip
def test_what_people_need_to_see_type_and_get_through_stays(name: str) -> None:
    environ = {name: "x"}
    assert strip_environment(environ) == () and environ == {name: "x"}


def test_what_has_acted_already_is_named_without_its_value() -> None:
    environ = {"LD_PRELOAD": "/tmp/x.so", "PYTHONPATH": "/tmp", "LD_AUDIT": "", "HOME": "/h"}
    assert preloaded(environ) == ("LD_PRELOAD", "PYTHONPATH")
    strip_environment(environ)
    assert preloaded(environ) == ()


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
