"""Plays the emergency exit in the real window on a real X server, and prints what was seen as JSON. One process for
all tests of `test_way_out.py`; the scenes run in the order in which they stand here.
"""

import contextlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from candidate_agent.platforms.linux.keys import X11Keys
from candidate_agent.ui import way_out
from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.windows import Windows
from tests.candidate_agent.ui.play import Play, _corner
from tests.candidate_agent.ui.servers import Site, serving
from tests.candidate_agent.ui.stage import picture, until, xdotool

OPEN = "ctrl+shift+F9"
SCENES: dict[str, Callable[["Leaving"], Any]] = {}
FLOOD = "setInterval(() => alert('again'), 5); alert('first');"


def scene(function: Callable[["Leaving"], Any]) -> Callable[["Leaving"], Any]:
    SCENES[function.__name__] = function
    return function


class Leaving(Play):
    def __init__(self, exam: Site, friend: Site, foreign: Site) -> None:
        super().__init__(exam, friend, foreign)
        self.let_go = 0
        self.windows = Windows(Bridge(self.events.append), on_let_go=self._let_go)

    def _let_go(self) -> None:
        self.let_go += 1

    def panel(self) -> dict[str, Any] | None:
        return self.windows._ask(lambda: _seen(self.windows))

    def opens(self) -> dict[str, Any]:
        xdotool("key", OPEN)
        return dict(until(lambda: self.panel() and self.panel()["focus"] == "stay" and self.panel(), "the panel"))

    def closed(self) -> bool:
        return bool(until(lambda: self.panel() is None, "no panel"))

    def leaves(self) -> list[str]:
        """The second step, by keyboard alone."""
        xdotool("key", "Tab")
        until(lambda: self.panel()["focus"] == "leave", "the button has the keyboard")  # type: ignore[index]
        xdotool("key", "Return")
        self.closed()
        names = [type(event).__name__ for event in self.events]
        self.events.clear()
        return names

    def begin_exam(self) -> None:
        self.windows.enter_exam()
        self.show("exam")
        self.open_exam()
        self.focus_answer()


def _seen(windows: Windows) -> dict[str, Any] | None:
    way = windows._way_out
    panel = way.panel if way else None
    if panel is None or not panel.isVisible():
        return None
    focus = "stay" if panel.stay_button.hasFocus() else "leave" if panel.leave_button.hasFocus() else ""
    at = panel.geometry()
    whole = windows._native.rect().contains(at)
    return {"focus": focus, "whole": whole, "stay": panel.stay_button.text(), "leave": panel.leave_button.text()}


def renderers() -> list[psutil.Process]:
    """Pages run in processes that the engine's own first process forks."""
    engine = [p for p in psutil.Process().children(recursive=True) if p.name() == "QtWebEngineProcess"]
    return [process for process in engine if process.ppid() in {parent.pid for parent in engine}]


@contextlib.contextmanager
def stopped(processes: list[psutil.Process]) -> Iterator[None]:
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@scene
def before_the_exam(play: Leaving) -> Any:
    play.show("waiting")
    xdotool("key", OPEN)
    xdotool("key", "Tab")
    return play.panel()


@scene
def opened_over_the_exam(play: Leaving) -> Any:
    play.begin_exam()
    xdotool("type", "one")
    until(lambda: play.answer() == "one", "typed into the exam")
    seen = play.opens()
    if "WAY_OUT_PICTURE" in os.environ:
        picture(Path(os.environ["WAY_OUT_PICTURE"]))
    xdotool("key", OPEN)
    xdotool("type", "lost")
    xdotool("key", "Escape")
    play.closed()
    xdotool("type", "two")
    until(lambda: play.answer().endswith("two"), "typing goes on in the exam")
    return {"seen": seen, "answer": play.answer(), "events": [type(event).__name__ for event in play.events]}


@scene
def enter_at_once_stays(play: Leaving) -> Any:
    play.opens()
    xdotool("key", "Return")
    play.closed()
    return [type(event).__name__ for event in play.events]


@scene
def two_steps_leave(play: Leaving) -> Any:
    play.opens()
    return play.leaves()


@scene
def the_pointer_works_too(play: Leaving) -> Any:
    play.opens()

    def place() -> tuple[int, int]:
        assert play.windows._way_out and play.windows._way_out.panel
        button = play.windows._way_out.panel.leave_button
        point = button.mapToGlobal(button.rect().center())
        return point.x(), point.y()

    x, y = play.windows._ask(place)
    xdotool("mousemove", str(x), str(y), "click", "1")
    play.closed()
    names = [type(event).__name__ for event in play.events]
    play.events.clear()
    return names


@scene
def with_a_notice_open(play: Leaving) -> Any:
    play.show("exam-warning")
    until(lambda: play.height() > 60, "the strip has grown")
    play.opens()
    left = play.leaves()
    play.show("exam")
    return left


@scene
def while_the_exam_is_paused(play: Leaving) -> Any:
    play.windows.cover_exam()
    play.show("paused")
    play.opens()
    left = play.leaves()
    play.open_exam()
    play.show("exam")
    return left


@scene
def with_pages_that_hang(play: Leaving) -> Any:
    play.focus_answer()
    hung = renderers()
    with stopped(hung):
        play.opens()
        left = play.leaves()
    return {"hung": len(hung), "left": left}


@scene
def with_a_page_that_takes_the_focus(play: Leaving) -> Any:
    play.exam_js("globalThis.taking = setInterval(() => { window.focus(); answer.focus(); }, 5);")
    play.opens()
    left = play.leaves()
    play.exam_js("clearInterval(globalThis.taking);")
    return left


@scene
def with_a_page_that_loads_itself_anew(play: Leaving) -> Any:
    play.exam_js("addEventListener('keydown', (e) => e.preventDefault(), true); location.reload();")
    play.opens()
    left = play.leaves()
    until(lambda: play.exam_js("document.querySelector('#answer') !== null"), "loaded anew")
    return left


@scene
def with_a_list_open(play: Leaving) -> Any:
    play.exam_js("document.body.innerHTML = '<select id=answer><option>a<option>b<option>c</select>';")

    def clicked() -> int:
        x, y = play.exam_js("(({x, y}) => [x + 10, y + 10])(answer.getBoundingClientRect())")
        left, top = play.windows._ask(lambda: _corner(play.windows))
        xdotool("mousemove", str(int(left + x)), str(int(top + y)), "click", "1")
        with contextlib.suppress(AssertionError):
            return int(until(_popups, "the list", 1.0))
        return 0

    popped = until(clicked, "the list")
    play.opens()
    left = play.leaves()
    until(X11Keys().held, "the keyboard is held again after the list closed", 1.0)
    return {"popped": popped, "left": left}


def _popups() -> int:
    """Windows that no window manager handles, as the lists of pages are."""
    from Xlib import X, display

    line = display.Display()
    found = 0
    for window in line.screen().root.query_tree().children:
        seen, size = window.get_attributes(), window.get_geometry()
        found += seen.map_state == X.IsViewable and seen.override_redirect and 8 < size.width < 1000
    line.close()
    return found


@scene
def with_pages_that_died(play: Leaving) -> Any:
    died = renderers()
    for process in died:
        process.kill()
    psutil.wait_procs(died, 5)
    play.opens()
    return {"died": len(died), "left": play.leaves()}


@scene
def with_a_flood_of_dialogs(play: Leaving) -> Any:
    play.windows.hide_exam(forget=True)
    play.open_exam()
    play.focus_answer()
    subprocess.run(["xdotool", "sleep", "0.2"], check=True)
    play.windows._post(lambda: play.windows._exam.view.page().runJavaScript(FLOOD))  # type: ignore[union-attr]
    play.opens()
    return play.leaves()


@scene
def a_session_that_follows_is_left_in_peace(play: Leaving) -> Any:
    play.windows._phase = "unlocking"
    play.opens()
    left = play.leaves()
    decided = play.let_go
    play.windows.leave_exam()
    until(lambda: not play.windows._held, "given back")
    return {"left": left, "let_go": decided}


@scene
def a_session_that_does_not_follow(play: Leaving) -> Any:
    """The last one: nothing of the window is left."""
    way_out.DECIDE_MS = 200
    play.windows.enter_exam()
    play.windows._phase = "running"
    play.opens()
    left = play.leaves()
    until(lambda: play.let_go, "let go")
    return {"left": left, "keyboard": _keyboard_is_free(), "visible": play.windows._ask(lambda: _visible(play))}


def _visible(play: Leaving) -> bool:
    return bool(play.windows._native.isVisible())


def _keyboard_is_free() -> bool:
    from Xlib import X, display

    line = display.Display()
    status = line.screen().root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    line.close()
    return bool(status == X.GrabSuccess)


def perform(play: Leaving) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for name, function in SCENES.items():
        try:
            results[name] = function(play)
        except Exception:
            results[name] = {"error": traceback.format_exc()}
        print(name, json.dumps(results[name])[-900:], file=sys.stderr, flush=True)
    return results


def main() -> None:
    way_out.DECIDE_MS = way_out.GIVE_BACK_MS = 600_000  # nobody follows in these scenes
    exam, friend, foreign = Site(), Site(), Site()
    with serving(exam), serving(friend), serving(foreign):
        exam.page("/start", "<title>Exam</title><textarea id=answer rows=6 cols=60></textarea>")
        play = Leaving(exam, friend, foreign)
        results: dict[str, Any] = {}

        def ready() -> None:
            try:
                results.update(perform(play))
            finally:
                play.windows.close()

        play.windows.run(ready)
    sys.stdout.write(json.dumps(results))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
