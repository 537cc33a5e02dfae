"""The screen port on a real X server."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from tests.candidate_agent.capture.studio import CodeWindow, x_server
from tests.rig.camera import read_code

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with x_server(1280, 800) as name:
        yield name


@pytest.fixture
def shown(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DISPLAY", server)
    window = CodeWindow(server)
    window.show(777)
    yield server
    window.close()


def test_a_picture_holds_what_is_on_the_screen(shown: str) -> None:
    stream = devices.screen_port().open(Display("screen", 0, 0, 1280, 800, True))
    picture = stream.read()
    stream.close()
    assert picture is not None and picture.pixels.shape == (800, 1280, 4)
    assert (stream.width, stream.height) == (1280, 800) and picture.taken_us > 0
    assert read_code(picture.pixels) == 777


def test_a_closed_stream_gives_nothing(shown: str) -> None:
    stream = devices.screen_port().open(Display("screen", 0, 0, 1280, 800, True))
    stream.close()
    stream.close()
    assert stream.read() is None


def test_the_only_display_is_found_under_any_name(shown: str) -> None:
    stream = devices.screen_port().open(Display("HDMI-9", 0, 0, 5, 5, False))
    assert stream.width == 1280
    stream.close()


def test_without_a_server_the_display_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":59999")
    with pytest.raises(DeviceError) as failure:
        devices.screen_port().open(Display("screen", 0, 0, 1280, 800, True))
    assert failure.value.code == "display_missing"


def test_a_picture_that_is_kept_does_not_change_when_the_screen_does(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", server)
    window = CodeWindow(server)
    stream = devices.screen_port().open(Display("screen", 0, 0, 1280, 800, True))
    kept = []
    for code in range(300, 308):
        window.show(code)
        picture = stream.read()
        assert picture is not None
        kept.append(picture.pixels)
    window.close()
    stream.close()
    assert [read_code(pixels) for pixels in kept] == list(range(300, 308))


def test_a_screen_that_is_read_for_long_needs_two_pictures_of_memory(shown: str) -> None:
    if sys.platform != "linux":
        pytest.skip("memory that is used again is Linux' alone")
    before, latest = mapped_pictures(), None
    stream = devices.screen_port().open(Display("screen", 0, 0, 1280, 800, True))
    for _ in range(20):
        latest = stream.read()
    mapped = mapped_pictures() - before
    stream.close()
    assert latest is not None and mapped == 2
    del latest
    assert mapped_pictures() == before


def mapped_pictures() -> int:
    return Path("/proc/self/maps").read_text().count("/memfd:screen")
