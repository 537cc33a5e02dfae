# ruff: noqa: E501  (JavaScript that stands in one line reads better than broken)
"""Plays the real window on a real X server and prints what was seen, as JSON: one process for all tests of
`test_windows.py` and `test_exam_view.py`. Started by `conftest.py`; the scenes run in the order in which they stand
here.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from exam_protocol.policy import ExamAccess
from tests.candidate_agent.ui import hostile
from tests.candidate_agent.ui.servers import Site, serving
from tests.candidate_agent.ui.stage import run_script, until, xdotool
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS

CODE = "S3CRETCODE"
SCENES: dict[str, Callable[["Play"], Any]] = {}


def scene(function: Callable[["Play"], Any]) -> Callable[["Play"], Any]:
    SCENES[function.__name__] = function
    return function


class Play:
    def __init__(self, exam: Site, friend: Site, foreign: Site) -> None:
        self.exam, self.friend, self.foreign = exam, friend, foreign
        self.events: list[Any] = []
        self.blocked: list[tuple[str, str]] = []
        self.close_asked = 0
        self.windows = Windows(Bridge(self.events.append), on_closed=self._closed)

    def _closed(self) -> None:
        self.close_asked += 1

    def show(self, name: str) -> dict[str, Any]:
        state = STATES[name]
        drawn = view(state.session, now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
        self.windows.publish(drawn)
        until(lambda: self.js("document.querySelector('#screen')?.dataset.screen") == drawn["screen"], name)
        return drawn

    def js(self, script: str) -> Any:
        return run_script(self.windows, script)

    def exam_js(self, script: str) -> Any:
        return run_script(self.windows, script, exam=True)

    def access(self) -> ExamAccess:
        return ExamAccess(self.exam.url + "/start", CODE, (self.exam.url, self.friend.url))

    def open_exam(self) -> None:
        self.windows.show_exam(self.access(), lambda kind, where: self.blocked.append((kind, where)))
        until(self.windows.exam_visible, "exam is visible")
        until(lambda: self.exam_js("document.querySelector('#answer') !== null"), "exam is loaded")

    def load(self, path: str) -> None:
        """Whatever the exam page shows now."""
        from PySide6.QtCore import QUrl

        self.windows._ask(lambda: self.page().load(QUrl(self.exam.url + path)))

    def page(self) -> Any:
        """GUI thread."""
        assert self.windows._exam is not None and self.windows._exam.view is not None
        return self.windows._exam.view.page()

    def corner(self) -> tuple[int, int]:
        """Where the exam page begins on the screen."""
        return self.windows._ask(lambda: _corner(self.windows))

    def top_windows(self) -> int:
        return self.windows._ask(_top_windows)

    def focus_answer(self) -> None:
        """Clicks until the answer has the keyboard: the window manager may still be raising us at the first click."""

        def clicked() -> bool:
            x, y = self.exam_js("(({x, y}) => [x + 40, y + 20])(answer.getBoundingClientRect())")
            left, top = self.corner()
            xdotool("mousemove", str(int(left + x)), str(int(top + y)), "click", "1")
            state = self.exam_js("[document.activeElement.id, document.hasFocus()]")
            if state != ["answer", True]:
                print("click", state, (left, top), (x, y), _active_window(), file=sys.stderr, flush=True)
                subprocess.run(["xdotool", "sleep", "0.2"], check=True)
            return bool(state == ["answer", True])

        until(clicked, "the answer has the keyboard")
        xdotool("key", "End")  # a second click soon after another one selects a word

    def answer(self) -> str:
        return str(self.exam_js("answer.value"))

    def height(self) -> int:
        return self.windows._ask(lambda: int(self.windows._native.webview.height()))


def _corner(windows: Windows) -> tuple[int, int]:
    from PySide6.QtCore import QPoint

    assert windows._exam is not None and windows._exam.view is not None
    point = windows._exam.view.mapToGlobal(QPoint(0, 0))
    return point.x(), point.y()


@scene
def screens(play: Play) -> Any:
    shown = {}
    for name in STATES:
        drawn = play.show(name)
        title = until(lambda: play.js("document.querySelector('#title')?.textContent"), "a title")
        ids = play.js("[...document.querySelectorAll('[id]')].map(node => node.id)")
        shown[name] = {"screen": drawn["screen"], "title": title, "ids": ids}
    return shown


@scene
def languages(play: Play) -> Any:
    """Chosen in the header while somebody types; then the page is drawn in it, and English again."""
    play.show("identity")
    play.js(
        "(() => { const field = document.querySelector('#chat-input'); field.focus(); field.value = 'half'; })(); 1"
    )
    play.events.clear()
    play.js(
        "(() => { const list = document.querySelector('#language'); list.value = 'ar'; list.dispatchEvent(new Event('change')); })(); 1"
    )
    until(lambda: play.events, "a choice")
    drawn = {name: _in_language(play, name) for name in ("ar", "de", "tlh", "en")}
    return {"chosen": [repr(event) for event in play.events], "drawn": drawn}


def _in_language(play: Play, language: str) -> Any:
    state = STATES["identity"]
    session = replace(state.session, language=language)
    play.windows.publish(view(session, now_us=NOW_US, wall_ms=WALL_MS, live=state.live))
    spoken = "en" if language == "tlh" else language
    until(lambda: play.js("document.documentElement.lang") == spoken, f"language {language}")
    return play.js(
        "({dir: document.documentElement.dir, title: document.querySelector('#title').textContent, clock: document.querySelector('#clock').textContent,"
        "typed: document.querySelector('#chat-input').value, focus: document.activeElement.id, list: document.querySelector('#language').value})"
    )


@scene
def languages_of_the_strip(play: Play) -> Any:
    play.show("exam")
    play.js("document.querySelector('#help').click(); 1")
    until(lambda: play.js("document.querySelector('#language-de')"), "the help panel")
    play.events.clear()
    play.js("document.querySelector('#language-de').click(); 1")
    until(lambda: play.events, "a choice")
    pressed = play.js("[...document.querySelectorAll('[id^=language-][aria-pressed=true]')].map(node => node.id)")
    play.js("document.querySelector('#help').click(); 1")
    return {"chosen": [repr(event) for event in play.events], "pressed": pressed}


@scene
def hostile_text(play: Play) -> Any:
    play.show("identity")
    return play.js(
        "({text: document.querySelector('#chat-lines').textContent, made: document.querySelectorAll('#chat-lines script, #chat-lines b').length})"
    )


@scene
def hostile_everywhere(play: Play) -> Any:
    """What was made of the text, what is wider than the window, and which buttons cannot be reached, by state."""
    return {name: _hostile(play, number, name) for number, name in enumerate(STATES)}


def _hostile(play: Play, number: int, name: str) -> Any:
    state, mark = STATES[name], f"mark{number}."
    drawn = view(hostile.hostile(state.session, mark), now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
    play.windows.publish(drawn)
    seen = f"document.body.textContent.includes('{mark}') || {json.dumps(name == 'long')}"
    until(
        lambda: play.js(f"document.querySelector('#screen').dataset.screen === '{drawn['screen']}' && ({seen})"), name
    )
    for element in filter(None, state.panel.split(", ")):
        play.js(f"document.getElementById('{element}').click()")
    return play.js(
        "((shown, reach) => ({"
        "made: document.querySelectorAll('#pwned, marquee, body script').length + (typeof globalThis.pwned !== 'undefined') + (document.title === 'pwned'),"
        "wide: document.documentElement.scrollWidth > innerWidth,"
        "out: shown('button, input').filter(({box}) => box.left < -1 || box.right > innerWidth + 1).map(({id}) => id),"
        "far: shown(reach).filter(({box}) => box.top < -1 || box.bottom > innerHeight + 1).map(({id}) => id)}))"
        "((which) => [...document.querySelectorAll(which)].filter((node) => node.checkVisibility()).map((node) => ({id: node.id, box: node.getBoundingClientRect()})),"
        "'.actions button, #help, #leave, .strip button')"
    )


@scene
def own_page_stays_home(play: Play) -> Any:
    play.js(
        f"globalThis.tried = []; fetch('{play.foreign.url}/own').then(() => tried.push('open'), () => tried.push('blocked'));"
        f"const picture = new Image(); picture.onerror = () => tried.push('blocked'); picture.onload = () => tried.push('open');"
        f"picture.src = '{play.foreign.url}/own.png'; location.href = '{play.foreign.url}/own-away'; document.body.append(picture); 1"
    )
    until(lambda: play.js("tried.length === 2"), "both were decided")
    play.js("fetch('file:///etc/hostname').then(() => tried.push('open'), () => tried.push('blocked')); 1")
    until(lambda: play.js("tried.length === 3"), "the file was decided")
    return {
        "tried": play.js("tried"),
        "foreign": play.foreign.paths(),
        "address": play.js("location.href"),
        "pywebview": play.js("typeof window.pywebview"),
        "eval": _eval_in(play),
    }


def _eval_in(play: Play) -> Any:
    play.js("globalThis.evaluated = 'no'; try { evaluated = eval('1'); } catch (error) { evaluated = error.name; }")
    return play.js("globalThis.evaluated")


@scene
def clicks_become_events(play: Play) -> Any:
    play.show("consent-statement")
    play.events.clear()
    play.js("document.getElementById('consent-accept').click()")
    until(lambda: play.events, "an event")
    return [type(event).__name__ for event in play.events]


@scene
def enter_goes_on(play: Play) -> Any:
    """From the heading, to which the focus goes at each stage; not from a field, and not to the agreement."""
    press = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, repeat: %s})); 1"
    play.show("consent")
    play.show("consent-webcam")
    until(lambda: play.js("document.querySelector('#screen').dataset.part") == "webcam", "the second stage")
    play.events.clear()
    focus = until(lambda: play.js("document.activeElement.id"), "a focus")
    play.js(press % "true")
    play.js("document.getElementById('chat-input').focus(); 1")
    play.js(press % "false")
    play.js("document.getElementById('title').focus(); 1")
    play.js(press % "false")
    until(lambda: play.events, "an event")
    went = [(type(event).__name__, event.item) for event in play.events]
    play.events.clear()
    play.show("consent-statement")
    until(lambda: play.js("document.querySelector('#screen').dataset.part") == "statement", "the last stage")
    play.js(press % "false")
    play.js("document.getElementById('consent-back').click(); 1")
    until(lambda: play.events, "an event")
    return {"focus": focus, "went": went, "last": [type(event).__name__ for event in play.events]}


@scene
def typed_text_survives(play: Play) -> Any:
    play.show("identity")
    play.js(
        "document.getElementById('chat-input').focus(); document.getElementById('chat-input').value = 'half a sen'; 1"
    )
    play.show("identity-again")
    play.show("room")
    kept = play.js("({value: document.getElementById('chat-input').value, focus: document.activeElement.id})")
    play.events.clear()
    play.js("document.getElementById('chat-send').click()")
    said = until(lambda: [event.text for event in play.events if type(event).__name__ == "CandidateSaid"], "said")
    return {**kept, "said": said, "left": play.js("document.getElementById('chat-input').value")}


@scene
def newest_view_wins(play: Play) -> Any:
    before = play.windows.superseded
    session = STATES["checks-fine"].session
    for number in range(300):
        named = replace(session, candidate_name=f"Number {number}")
        play.windows.publish(view(named, now_us=NOW_US, wall_ms=WALL_MS, live=STATES["checks-fine"].live))
    until(lambda: "Number 299" in play.js("document.querySelector('header').textContent"), "the newest view")
    return {"superseded": play.windows.superseded - before}


@scene
def a_dead_page_comes_back(play: Play) -> Any:
    play.show("waiting")
    pid = play.windows._ask(lambda: int(play.windows._native.webview.page().renderProcessPid()))
    os.kill(pid, signal.SIGKILL)
    until(
        lambda: play.windows._ask(lambda: int(play.windows._native.webview.page().renderProcessPid())) not in (0, pid),
        "a new process",
    )
    return until(lambda: play.js("document.querySelector('#screen')?.dataset.screen"), "the page again")


@scene
def close_is_only_asked(play: Play) -> Any:
    subprocess.run(["wmctrl", "-i", "-c", hex(play.windows.window_id())], check=True)
    until(lambda: play.close_asked, "the question")
    return {"asked": play.close_asked, "still_there": play.windows.window_id() > 0}


@scene
def entering(play: Play) -> Any:
    play.geometry_before = _geometry(play)  # type: ignore[attr-defined]
    play.windows.enter_exam()
    full = until(lambda: _geometry(play) if _geometry(play)[2:] == _screen_size() else None, "fullscreen")
    play.show("exam")
    play.open_exam()
    until(lambda: play.height() == 48, "a strip of 48 px")
    return {"full": full, "screen": _screen_size(), "strip": play.height()}


def _geometry(play: Play) -> list[str]:
    lines = xdotool("getwindowgeometry", "--shell", str(play.windows.window_id())).splitlines()
    values = dict(line.split("=") for line in lines)
    return [values["X"], values["Y"], values["WIDTH"], values["HEIGHT"]]


def _screen_size() -> list[str]:
    return xdotool("getdisplaygeometry").split()


@scene
def no_bridge(play: Play) -> Any:
    names = ("pywebview", "qt", "QWebChannel", "examClient", "RTCPeerConnection", "WebTransport", "print", "open")
    return {name: play.exam_js(f"typeof globalThis.{name}") for name in names}


@scene
def access_code(play: Play) -> Any:
    play.exam_js(
        f"fetch('/data'); fetch('{play.friend.url}/style'); fetch('/away-to-friend'); fetch('{play.friend.url}/back'); fetch('/hop'); 1"
    )
    until(
        lambda: (
            {"/style", "/landed"} <= set(play.friend.paths())
            and {"/data", "/came-back", "/hopped"} <= set(play.exam.paths())
        ),
        "all four",
    )
    return {
        "exam": play.exam.asked,
        "friend": play.friend.asked,
        "shown": CODE in str(play.exam_js("document.documentElement.outerHTML + location.href")),
    }


@scene
def foreign_ways(play: Play) -> Any:
    foreign = play.foreign.url
    play.foreign.asked.clear()
    play.exam_js(f"""globalThis.tried = {{}};
      const note = (name, promise) => promise.then(() => tried[name] = 'open', () => tried[name] = 'blocked');
      note('fetch', fetch('{foreign}/fetch', {{mode: 'no-cors'}}));
      note('redirect', fetch('/away-to-foreign', {{mode: 'no-cors'}}));
      note('image', new Promise((yes, no) => {{ const i = new Image(); i.onload = yes; i.onerror = no; i.src = '{foreign}/i.png'; }}));
      note('script', new Promise((yes, no) => {{ const s = document.createElement('script'); s.onload = yes; s.onerror = no; s.src = '{foreign}/s.js'; document.body.append(s); }}));
      note('socket', new Promise((yes, no) => {{ const w = new WebSocket('{foreign.replace("http", "ws")}/socket'); w.onopen = yes; w.onerror = no; }}));
      note('worker', new Promise((yes, no) => {{ const w = new Worker(URL.createObjectURL(new Blob(["fetch('{foreign}/worker', {{mode: 'no-cors'}}).then(() => postMessage(1), () => postMessage(0))"])));
        w.onmessage = (m) => m.data ? yes() : no(); w.onerror = no; }}));
      try {{ tried.beacon = navigator.sendBeacon('{foreign}/beacon') ? 'queued' : 'blocked'; }} catch {{ tried.beacon = 'blocked'; }}
      const frame = document.createElement('iframe'); frame.src = '{foreign}/frame'; document.body.append(frame);
      const link = document.createElement('a'); link.href = '{foreign}/blank'; link.target = '_blank'; document.body.append(link); link.click();
      const file = document.createElement('a'); file.href = '/paper.bin'; file.download = 'paper.bin'; document.body.append(file); file.click();
      navigator.mediaDevices?.getUserMedia({{audio: true, video: true}}).then(() => tried.camera = 'open', (e) => tried.camera = 'blocked') ?? (tried.camera = 'blocked');
      note('clipboard', navigator.clipboard ? navigator.clipboard.readText() : Promise.reject());
      1""")
    until(lambda: len(play.exam_js("Object.keys(tried)")) >= 9, "all ways were decided", 20)
    play.exam_js(f"location.href = '{foreign}/navigate'; 1")
    until(lambda: ("navigation", play.foreign.url) in play.blocked, "the navigation was refused")
    play.exam_js("location.href = 'file:///etc/hostname'; 1")
    return {
        "tried": play.exam_js("tried"),
        "foreign": play.foreign.paths(),
        "blocked": sorted(set(play.blocked)),
        "address": play.exam_js("location.href"),
        "top_windows": play.windows._ask(_top_windows),
    }


def _top_windows() -> int:
    from PySide6.QtWidgets import QApplication

    return sum(widget.isVisible() for widget in QApplication.topLevelWidgets())


@scene
def typing_stays_in(play: Play) -> Any:
    other = subprocess.Popen(["xev", "-event", "keyboard", "-name", "other"], stdout=subprocess.PIPE, text=True)
    play.other = other  # type: ignore[attr-defined]
    until(lambda: _window_named("other"), "the other window")
    _other_in_front()
    play.windows.take_front()
    until(lambda: _active_window() == str(play.windows.window_id()), "the exam in front")
    play.focus_answer()
    xdotool("type", "--delay", "5", "first")
    for keys in ("alt+Tab", "super+d", "alt+F4", "alt+space", "ctrl+alt+t", "Print", "alt+F2"):
        xdotool("key", keys)
    xdotool("type", "--delay", "5", " second")
    until(lambda: play.answer().endswith(" second"), "both words")
    _other_in_front()
    play.windows.take_front()
    until(lambda: _active_window() == str(play.windows.window_id()), "the front taken back")
    return {"answer": play.answer(), "visible": play.windows.exam_visible()}


def _other_in_front() -> None:
    def active() -> bool:
        subprocess.run(["wmctrl", "-a", "other"], check=True)
        return _active_window() == _window_named("other")

    until(active, "the other window is the active one")


def _active_window() -> str:
    """ "" for the moment in which none is."""
    found = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True)
    return found.stdout.strip()


def _window_named(name: str) -> str:
    found = subprocess.run(["xdotool", "search", "--name", f"^{name}$"], capture_output=True, text=True)
    return found.stdout.split("\n")[0].strip()


@scene
def a_notice_takes_no_keys(play: Play) -> Any:
    play.focus_answer()
    play.show("exam-warning")
    tall = until(lambda: play.height() if play.height() > 60 else None, "the strip has grown")
    xdotool("type", "--delay", "5", " third")
    until(lambda: play.answer().endswith("third"), "typing goes on")
    play.events.clear()
    play.js("document.getElementById('ack-c-warning').click()")
    until(lambda: play.events, "the acknowledgement")
    play.show("exam")
    until(lambda: play.height() == 48, "the strip is small again")
    return {"tall": tall, "answer": play.answer(), "event": type(play.events[0]).__name__}


@scene
def f6_moves_between(play: Play) -> Any:
    play.focus_answer()
    xdotool("key", "F6")
    until(lambda: play.windows._ask(lambda: bool(play.windows._native.webview.hasFocus())), "the bar has the keyboard")
    xdotool("key", "F6")
    until(lambda: play.exam_js("document.hasFocus()"), "the exam has it back")
    xdotool("type", "!")
    until(lambda: play.answer().endswith("!"), "typed into the exam")
    return play.answer()


@scene
def no_copy_no_paste(play: Play) -> Any:
    holder = subprocess.Popen(
        ["xclip", "-selection", "clipboard", "-i"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    holder.communicate("from outside")
    play.focus_answer()
    before = play.answer()
    xdotool("key", "ctrl+a")
    xdotool("key", "ctrl+c")
    xdotool("key", "ctrl+x")
    xdotool("key", "End")
    xdotool("key", "ctrl+v")
    xdotool("key", "shift+Insert")
    xdotool("type", "?")
    until(lambda: play.answer().endswith("?"), "the keys have arrived")
    clipboard = subprocess.run(
        ["xclip", "-selection", "clipboard", "-o"], capture_output=True, text=True, timeout=10
    ).stdout
    return {"before": before, "after": play.answer(), "clipboard": clipboard}


@scene
def pause_keeps_the_page(play: Play) -> Any:
    before = play.answer()
    play.windows.cover_exam()
    play.show("paused")
    until(lambda: not play.windows.exam_visible(), "covered")
    tall = until(lambda: play.height() if play.height() > 400 else None, "our page fills the window")
    loads = play.exam.paths().count("/start")
    play.open_exam()
    play.show("exam")
    until(lambda: play.height() == 48, "the strip again")
    return {"same": play.answer() == before, "tall": tall, "loads": play.exam.paths().count("/start") - loads}


@scene
def forgetting(play: Play) -> Any:
    play.exam_js(
        "localStorage.canary = 'kept'; document.cookie = 'canary=kept; max-age=9999'; sessionStorage.canary = 'kept'; 1"
    )
    had = play.exam_js("localStorage.canary + document.cookie")
    play.windows.hide_exam(forget=True)
    until(lambda: not play.windows.exam_visible(), "gone")
    profiles = until(lambda: play.windows._ask(_profiles), "profiles are counted")
    play.open_exam()
    left = play.exam_js(
        "[localStorage.canary ?? '', document.cookie, sessionStorage.canary ?? '', answer.value].join('')"
    )
    play.windows.hide_exam(forget=True)
    return {"had": had, "left": left, "profiles": profiles}


def _profiles() -> int:
    """Living views: pywebview's own is one of them."""
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication

    return sum(isinstance(widget, QWebEngineView) for widget in QApplication.allWidgets())


@scene
def leaving(play: Play) -> Any:
    play.windows.leave_exam()
    after = until(
        lambda: _geometry(play) if _geometry(play) == play.geometry_before else None,
        f"{play.geometry_before}, not {_geometry(play)}",
    )  # type: ignore[attr-defined]
    other: subprocess.Popen[str] = play.other  # type: ignore[attr-defined]
    _other_in_front()
    xdotool("key", "z")
    subprocess.run(["xdotool", "sleep", "0.3"], check=True)
    other.terminate()
    heard = other.communicate(timeout=10)[0]
    return {
        "before": play.geometry_before,
        "after": after,
        "heard": heard.count("KeyPress"),
        "z": "keysym 0x7a" in heard,
    }  # type: ignore[attr-defined]


@scene
def keyboard_of_another(play: Play) -> Any:
    """Another program holds the keyboard: entering says so, and the window can still be left."""
    from Xlib import X, display

    line = display.Display()
    root = line.screen().root
    root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    line.sync()
    try:
        play.windows.enter_exam()
        outcome = "held"
    except Exception as error:
        outcome = getattr(error, "code", repr(error))
    line.ungrab_keyboard(X.CurrentTime)
    line.sync()
    line.close()
    play.windows.leave_exam()
    return outcome


def perform(play: Play, scenes: dict[str, Callable[[Play], Any]]) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for name, function in scenes.items():
        try:
            results[name] = function(play)
        except Exception:
            results[name] = {"error": traceback.format_exc()}
        print(name, json.dumps(results[name])[-900:], file=sys.stderr, flush=True)
    return results


def run(scenes: dict[str, Callable[[Play], Any]]) -> None:
    """Plays the scenes in one window, with three servers, and prints the results."""
    exam, friend, foreign = Site(), Site(), Site()
    with serving(exam), serving(friend), serving(foreign):
        exam.page("/start", "<title>Exam</title><textarea id=answer rows=6 cols=60></textarea>")
        exam.page("/hop", status=302, Location="/hopped")
        exam.page("/away-to-friend", status=302, Location=friend.url + "/landed")
        exam.page("/away-to-foreign", status=302, Location=foreign.url + "/redirect")
        friend.page("/back", status=302, Location=exam.url + "/came-back")
        exam.page("/paper.bin", "paper", Content_Type="application/octet-stream")
        play = Play(exam, friend, foreign)
        results: dict[str, Any] = {}

        def ready() -> None:
            try:
                results.update(perform(play, scenes))
            finally:
                play.windows.close()

        play.windows.run(ready)
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    run(SCENES)
