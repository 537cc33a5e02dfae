import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.failure import StepFailed, wait_for
from demo.page_view import PageView, targets
from demo.pointer import Pointer
from demo.processes import Processes
from demo.stage import free_port
from tests.rig.xserver import XServer

pytestmark = [pytest.mark.real, pytest.mark.slow]
WINDOW = Path(__file__).with_name("qt_window.py")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PageView, PageView, Pointer]]:
    """Strip and exam page of a real Qt WebEngine window on a real X server, with hands."""
    screen = XServer(width=1280, height=900).start()
    processes = Processes(tmp_path_factory.mktemp("logs"))
    port = free_port()
    try:
        switches = {"QTWEBENGINE_REMOTE_DEBUGGING": str(port), "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
        processes.start("window", [sys.executable, WINDOW], {**screen.environment(), **switches})
        wait_for("both pages are there", lambda: len(targets(port)) == 2, 30)
        pointer = Pointer(processes, screen.display)
        strip = PageView(port, "strip page", pointer)
        wait_for("the window has come to rest", lambda: strip.origin() == strip.origin(), 10)
        yield strip, PageView(port, "exam page", pointer), pointer
    finally:
        processes.end_all()
        processes.end_strays()
        screen.stop()


def test_a_click_is_a_genuine_pointer_event_at_the_place_of_the_element(
    pages: tuple[PageView, PageView, Pointer],
) -> None:
    strip = pages[0]
    strip.evaluate("addEventListener('click', e => { window.genuine = e.isTrusted && e.target.id; })")
    strip.click("#help")
    assert wait_for("the click is felt", lambda: strip.evaluate("window.genuine"), 5) == "help"


def test_a_docked_view_is_scrolled_by_the_wheel_and_takes_typed_text(pages: tuple[PageView, PageView, Pointer]) -> None:
    exam, pointer = pages[1], pages[2]
    assert exam.place("#answer").state == "below"
    exam.click("#answer")
    pointer.type("A = 0, isn't it?")

    def typed() -> bool:
        return bool(exam.evaluate("document.querySelector('#answer').value") == "A = 0, isn't it?")

    assert wait_for("the text arrives", typed, 5)


def test_what_cannot_be_clicked_is_named_with_its_reason(pages: tuple[PageView, PageView, Pointer]) -> None:
    with pytest.raises(StepFailed, match="'#later' is disabled"):
        pages[0].click("#later", timeout_s=0)
    with pytest.raises(StepFailed, match="'#nobody' is missing"):
        pages[0].click("#nobody", timeout_s=0)


def test_a_page_that_is_not_there_is_told_with_those_that_are(pages: tuple[PageView, PageView, Pointer]) -> None:
    with pytest.raises(StepFailed, match="there is no page 'other page'"):
        PageView(pages[0]._port, "other page", pages[2]).text()
