# ruff: noqa: E501  (JavaScript that stands in one line reads better than broken)
"""Plays the exam browser in the real window and prints what was seen, as JSON, for `test_exam_browser.py`. Started by
`conftest.py` on a screen of its own; the scenes run in the order in which they stand here.
"""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QPushButton

from candidate_agent.ui.page_dialogs import Bar
from exam_protocol.policy import ExamAccess, Policy
from tests.candidate_agent.ui import certificate
from tests.candidate_agent.ui.play import CODE, Play, run
from tests.candidate_agent.ui.servers import Site, serving
from tests.candidate_agent.ui.snooper import TARGET, Snooper
from tests.candidate_agent.ui.stage import until, xdotool
from tests.escape import pages

CONFIG_KEY, CLIENT_KEY = "ab" * 32, "cd" * 32
POLICY = Policy(headers=(("X-Room", "Hall 2"),), user_agent_suffix="ExamHall/1.0", page_camera=True, clipboard="inside")
KEYS = ["F1", "F3", "F5", "F7", "F11", "F12", "ctrl+r", "ctrl+shift+r", "ctrl+u", "ctrl+s", "ctrl+p", "ctrl+o", "ctrl+f", "ctrl+g", "ctrl+h", "ctrl+j", "ctrl+n", "ctrl+t", "ctrl+w", "ctrl+shift+n", "ctrl+shift+i", "ctrl+shift+j", "ctrl+shift+c", "ctrl+shift+Delete", "alt+Left", "alt+Right", "alt+Home", "alt+d", "shift+F10", "Menu", "ctrl+Tab", "ctrl+shift+s"]  # fmt: skip
TLS = ("EXAM_TLS_TRUSTED", "EXAM_TLS_FOREIGN")  # variables that name folders of `certificate`
SCENES: dict[str, Callable[[Play], Any]] = {}


def scene(function: Callable[[Play], Any]) -> Callable[[Play], Any]:
    SCENES[function.__name__] = function
    return function


def open_with(play: Play, policy: Policy, access: ExamAccess) -> None:
    """Another exam in the same window. The policy is one for a whole run of the program; here it changes between two."""
    play.windows.hide_exam(forget=True)

    def change() -> None:
        assert play.windows._exam is not None
        play.windows._exam._policy = policy

    play.windows._ask(change)
    play.windows.show_exam(access, lambda kind, where: play.blocked.append((kind, where)))
    until(lambda: play.exam_js("document.querySelector('#answer') !== null"), "exam is loaded")


@scene
def tricks(play: Play) -> Any:
    pages.prepare(play)
    play.show("exam")
    play.open_exam()
    with pages.listening() as udp:
        tried = {trick.name: pages.run(trick, play, udp) for trick in pages.TRICKS}
        control = pages.PageTrick("control", "what is allowed", "return (await fetch('/data')).ok")
        return {
            "tried": tried,
            "control": pages.run(control, play, udp),
            "blocked": sorted({k for k, _ in play.blocked}),
        }


@scene
def tricks_with_a_click(play: Play) -> Any:
    """What a page is given only when a person has just clicked on it."""

    def press() -> None:
        x, y = _place(play, "go")
        xdotool("mousemove", x, y, "click", "1")

    with pages.listening() as udp, Snooper() as snooper:
        tried = {trick.name: pages.run(trick, play, udp, press) for trick in (*pages.WINDOWS, *pages.RIGHTS)}
        control = pages.PageTrick("control", "a click", "return navigator.userActivation.isActive")
        return {"tried": tried, "control": pages.run(control, play, udp, press), "snooped": snooper.texts}


@scene
def headers(play: Play) -> Any:
    exam, friend = play.exam, play.friend
    access = ExamAccess(exam.url + "/start", CODE, (friend.url,), CONFIG_KEY, CLIENT_KEY)
    open_with(play, POLICY, access)
    start = exam.url + "/start"
    proofs = {start: _seb(play)}
    for path in ("fetch", "image", "frame", "top"):
        exam.page(f"/far-{path}", status=302, Location=f"{friend.url}/near-{path}")
    friend.page("/near-top", "<textarea id=answer></textarea>")
    exam.page("/hopped", "<textarea id=answer></textarea>")
    play.exam_js(
        "fetch('/data#part'); fetch('/far-fetch'); new Image().src = '/far-image'; const frame = document.createElement('iframe'); frame.src = '/far-frame'; document.body.append(frame); 1"
    )
    until(
        lambda: {"/near-fetch", "/near-image", "/near-frame"} <= set(friend.paths()) and "/data" in exam.paths(), "all"
    )
    for path, site in (("/hop", exam), ("/far-top", friend)):
        play.load(path)
        there = site.url + ("/hopped" if site is exam else "/near-top")
        until(lambda there=there: play.exam_js("document.querySelector('#answer') && location.href") == there, there)
        proofs[there] = _seb(play)
    heard = {site.url + path: names for site in (exam, friend) for path, names in site.heard.items()}
    return {"heard": heard, "proofs": proofs, "exam": exam.url, "friend": friend.url}


def _seb(play: Play) -> Any:
    play.exam_js("SafeExamBrowser.security.updateKeys(() => { globalThis.updated = true; }); 1")
    until(lambda: play.exam_js("globalThis.updated === true"), "the keys are told to be there")
    return play.exam_js(
        "[SafeExamBrowser.security.configKey, SafeExamBrowser.security.browserExamKey, SafeExamBrowser.version, navigator.userAgent]"
    )


@scene
def camera_by_policy(play: Play) -> Any:
    def ask(what: str) -> Any:
        play.exam_js(
            f"globalThis.seen = ''; navigator.mediaDevices.getUserMedia({{{what}: true}}).then((s) => {{ seen = s.getTracks()[0].kind; s.getTracks()[0].stop(); }}, (e) => {{ seen = e.name; }}); 1"
        )
        return until(lambda: play.exam_js("globalThis.seen"), what)

    play.load("/start")
    until(
        lambda: play.exam_js(
            f"location.href === '{play.exam.url}/start' && document.querySelector('#answer') !== null"
        ),
        "start",
    )
    return {"video": ask("video"), "audio": ask("audio")}


@scene
def inside_clipboard(play: Play) -> Any:
    play.exam.page(
        "/second",
        "<textarea id=answer rows=6 cols=60></textarea><div id=rich contenteditable>rich </div><input id=secret type=password value=hidden-word>",
    )
    _outside("clipboard", "from outside")
    with Snooper() as snooper:
        _type(play, "canary ")
        xdotool("key", "ctrl+v", "shift+Insert", "ctrl+shift+v")  # nothing was copied yet
        xdotool("key", "ctrl+a", "ctrl+c", "End", "ctrl+v")
        doubled = until(lambda: play.answer() if play.answer().count("canary") == 2 else None, "pasted")
        xdotool("key", "ctrl+a", "ctrl+x")
        until(lambda: play.answer() == "", "cut")
        _go(play, "/second")
        _type(play, "")
        xdotool("key", "ctrl+v", "e", "n", "d")
        other_page = until(lambda: play.answer() if play.answer().endswith("end") else None, "pasted into another page")
        play.exam_js("secret.focus(); secret.select(); 1")
        xdotool("key", "ctrl+c")
        play.exam_js("rich.focus(); getSelection().selectAllChildren(rich); getSelection().collapseToEnd(); 1")
        xdotool("key", "ctrl+Insert", "ctrl+v")
        rich = until(
            lambda: play.exam_js("rich.textContent.includes('canary') && rich.innerHTML"), "pasted into rich text"
        )
        fresh = _paste_in_fresh_frame(play)
    snooped, owners = snooper.texts, snooper.clipboard_owners
    open_with(play, POLICY, play.access())
    _type(play, "")
    xdotool("key", "ctrl+v")
    xdotool("type", "?")
    until(lambda: play.answer().endswith("?"), "typed")
    return {
        "doubled": doubled, "other_page": other_page, "rich": rich, "fresh": fresh, "after": play.answer(),
        "snooped": snooped, "owners": owners, "clipboard": _held("clipboard"),
    }  # fmt: skip


def _paste_in_fresh_frame(play: Play) -> Any:
    """A frame that is reached into before any script of ours is there hears what a paste event carries."""
    play.exam_js("""globalThis.heard = []; const frame = Object.assign(document.createElement('iframe'), {id: 'fresh'}); document.body.prepend(frame);
      frame.contentDocument.body.innerHTML = '<textarea id=inner></textarea>';
      frame.contentWindow.addEventListener('paste', (e) => heard.push(e.clipboardData.getData('text')), true);
      frame.contentDocument.querySelector('#inner').focus(); 1""")
    xdotool("key", "ctrl+v", "shift+Insert")
    xdotool("type", "!")
    until(
        lambda: play.exam_js(
            "document.querySelector('#fresh').contentDocument.querySelector('#inner').value.includes('!')"
        ),
        "typed",
    )
    return play.exam_js("heard")


def _type(play: Play, text: str) -> None:
    play.focus_answer()
    if text:
        xdotool("type", text)
        until(lambda: text.strip() in play.answer(), "typed")


def _go(play: Play, path: str) -> None:
    play.exam_js("globalThis.old = true; 1")
    play.load(path)
    until(
        lambda: play.exam_js("!globalThis.old && document.querySelector('#answer') && location.pathname") == path, path
    )


def _outside(selection: str, text: str) -> None:
    command = ["xclip", "-selection", selection, "-i"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    holder.communicate(text)


def _held(selection: str) -> str:
    command = ["xclip", "-selection", selection, "-o"]
    return subprocess.run(command, capture_output=True, text=True, timeout=10).stdout


@scene
def selecting_offers_nothing(play: Play) -> Any:
    """Selecting with mouse and keys, dragging, the middle button."""
    play.exam.page(
        "/paragraph",
        "<p id=text>canary paragraph</p><textarea id=answer rows=6 cols=60>canary answer</textarea><a id=link href='/linked'>link</a>",
    )
    _go(play, "/paragraph")
    with Snooper() as snooper:
        x, y = _place(play, "text")
        xdotool("mousemove", x, y, "click", "--repeat", "3", "1")
        selected = until(lambda: play.exam_js("String(getSelection()).trim()"), "selected")
        xdotool("mousedown", "1")
        _drag_to_snooper()
        play.focus_answer()
        xdotool("key", "ctrl+a", "shift+Home")
        _outside("primary", "from outside")
        x, y = _place(play, "answer")
        xdotool("mousemove", x, y, "click", "2")
        x, y = _place(play, "link")
        xdotool(
            "mousemove",
            x,
            y,
            "click",
            "2",
            "keydown",
            "shift",
            "click",
            "1",
            "keyup",
            "shift",
            "keydown",
            "ctrl",
            "click",
            "1",
            "keyup",
            "ctrl",
        )
        xdotool("click", "8", "click", "9")
        play.focus_answer()
        xdotool("type", "!")
        until(lambda: play.answer().endswith("!"), "typed")
    return {
        "selected": selected, "snooped": snooper.texts, "drops": snooper.drops, "answer": play.answer(), "path": play.exam_js("location.pathname"),
        "linked": "/linked" in play.exam.paths(), "windows": play.top_windows(),
    }  # fmt: skip


@scene
def dragging_out(play: Play) -> Any:
    """From a frame whose own listener keeps the guard from hearing of it."""
    _go(play, "/paragraph")
    play.exam_js("""globalThis.started = 0; const frame = Object.assign(document.createElement('iframe'), {id: 'fresh'}); document.body.prepend(frame);
      frame.contentWindow.addEventListener('dragstart', (e) => { started++; e.stopImmediatePropagation(); e.dataTransfer.setData('text/plain', 'canary'); }, true);
      frame.contentDocument.body.innerHTML = '<b draggable=true style="font-size: 40px">drag me</b>'; 1""")
    with Snooper() as snooper:
        x, y = _place(play, "fresh")
        xdotool("mousemove", x, y, "mousedown", "1")
        _drag_to_snooper()
    return {"started": play.exam_js("started"), "drops": snooper.drops}


def _drag_to_snooper() -> None:
    """In steps, as a hand does it, and with time for the two programs to talk to each other."""
    left, top, width, height = TARGET
    for step in range(1, 11):
        x, y = (left + width // 2) * step // 10, (top + height // 2) * step // 10
        xdotool("mousemove", "--sync", str(x), str(y), "sleep", "0.03")
    xdotool("mousemove_relative", "--sync", "5", "5", "sleep", "0.1", "mouseup", "1", "sleep", "0.1")


def _place(play: Play, name: str) -> tuple[str, str]:
    x, y = play.exam_js(
        f"(({{x, y}}) => [x + 20, y + 30 - 20 * (document.getElementById('{name}').offsetHeight < 40)])(document.getElementById('{name}').getBoundingClientRect())"
    )
    left, top = play.corner()
    return str(int(left + x)), str(int(top + y))


@scene
def browser_keys(play: Play) -> Any:
    _go(play, "/start")
    play.exam_js("globalThis.kept = true; history.pushState({}, '', '/start?2'); 1")
    _type(play, "before ")
    for keys in KEYS:
        xdotool("key", keys)
    x, y = _place(play, "answer")
    xdotool("mousemove", x, y, "click", "3")
    play.focus_answer()
    xdotool("type", "after")
    until(lambda: play.answer().endswith("after"), "typed after all of them")
    popup = play.windows._ask(lambda: QApplication.activePopupWidget() is None)
    return {
        "kept": play.exam_js("globalThis.kept === true"),
        "search": play.exam_js("location.search"),
        "answer": play.answer(),
        "windows": play.top_windows(),
        "no_menu": popup,
    }


@scene
def questions(play: Play) -> Any:
    """alert, confirm and prompt: over the page, with the keyboard; the strip stays usable."""
    answers = {}
    for name, script, keys in (
        ("agreed", "confirm('Hand in?')", ["Return"]),
        ("refused", "confirm('Hand in?')", ["Escape"]),
        ("typed", "prompt('Seat?', '')", ["1", "2", "Return"]),
        ("read", "String(alert('<b>Ten minutes</b>'))", ["Return"]),
    ):
        play.focus_answer()
        play.exam_js(f"globalThis.said = null; setTimeout(() => {{ said = [{script}]; }}, 0); 1")
        bar = until(lambda: play.windows._ask(_bar), "the question")
        windows = play.top_windows()
        strip = play.js("document.querySelector('#leave') !== null")
        xdotool("key", *keys)
        answers[name] = [*until(lambda: play.exam_js("said"), "the answer"), bar, windows, strip]
    return answers


def _bar() -> str:
    """Name and buttons of the question that is shown."""
    shown = [w for w in QApplication.allWidgets() if isinstance(w, Bar) and w.isVisible() and w.isActiveWindow()]
    return (
        " | ".join([shown[0].accessibleName(), *(b.text() for b in shown[0].findChildren(QPushButton))])
        if shown
        else ""
    )


@scene
def questions_against_the_pages_own_rules(play: Play) -> Any:
    """A content security policy that forbids every request."""
    rules = {"Content_Security_Policy": "default-src 'none'; script-src 'unsafe-inline'"}
    play.exam.page("/strict", "<textarea id=answer></textarea>", **rules)
    _go(play, "/strict")
    play.exam_js("globalThis.said = null; setTimeout(() => { said = [confirm('Hand in?')]; }, 0); 1")
    until(lambda: play.windows._ask(_bar), "the question")
    xdotool("key", "Return")
    return until(lambda: play.exam_js("said"), "the answer")


@scene
def over_tls(play: Play) -> Any:
    """An exam as it is in earnest: https, WebSocket, questions; then one whose certificate nobody trusts."""
    trusted, foreign = (certificate.context(Path(os.environ[name])) for name in TLS)
    with serving(Site(), trusted) as site, serving(Site(), foreign) as impostor:
        for each in (site, impostor):
            each.page("/start", "<textarea id=answer rows=6 cols=60></textarea>")
        open_with(play, POLICY, ExamAccess(site.url + "/start", CODE, (impostor.url,), CONFIG_KEY))
        play.exam_js(
            f"globalThis.got = []; fetch('/data').then((a) => got.push(a.status)); fetch('{impostor.url}/data').catch(() => got.push('refused')); 1"
        )
        got = until(lambda: len(play.exam_js("got")) == 2 and sorted(map(str, play.exam_js("got"))), "both")
        play.focus_answer()
        play.exam_js("globalThis.said = null; setTimeout(() => { said = [confirm('Hand in?')]; }, 0); 1")
        until(lambda: play.windows._ask(_bar), "the question")
        xdotool("key", "Return")
        said = until(lambda: play.exam_js("said"), "the answer")
        proof = play.exam_js("SafeExamBrowser.security.configKey")
        return {
            "got": got,
            "said": said,
            "proof": proof,
            "url": site.url,
            "impostor": impostor.asked,
            "code": site.codes("/start"),
        }


@scene
def a_dead_page_is_loaded_again(play: Play) -> Any:
    open_with(play, POLICY, play.access())
    pid = play.windows._ask(lambda: int(play.page().renderProcessPid()))
    os.kill(pid, signal.SIGKILL)
    until(lambda: play.windows._ask(lambda: int(play.page().renderProcessPid())) not in (0, pid), "a new process")
    until(lambda: play.exam_js("document.querySelector('#answer') !== null"), "the page again")
    return play.exam_js("[typeof print, typeof open, String(confirm).includes('ask')]")


@scene
def leaving_anyway(play: Play) -> Any:
    """A page that asks without end, one that hangs, one that does not want to be left, one that waits for an answer."""
    left = {}
    for name, script in (
        ("waits", "setTimeout(() => alert('wait'), 0)"),
        ("asks", "setTimeout(() => { for (;;) alert('again'); }, 0)"),
        ("hangs", "setTimeout(() => { for (;;); }, 0)"),
        ("holds", "addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; })"),
    ):
        _type(play, "x")
        play.exam_js(script + "; 1")
        if name in ("waits", "asks"):
            until(lambda: play.windows._ask(_bar), "the question")
        play.windows.hide_exam(forget=True)
        gone = until(lambda: not play.windows.exam_visible() and not play.windows._ask(_bar), "gone", 4.0)
        open_with(play, POLICY, play.access())
        left[name] = gone and play.answer() == ""
    return left


@scene
def nothing_is_kept(play: Play) -> Any:
    """All a page can keep, under a word to look for; then the exam is closed and opened again."""
    play.exam.page("/service.js", "onfetch = () => {}", Content_Type="text/javascript")
    _go(play, "/start")
    play.exam_js("""globalThis.kept = null; (async () => {
      localStorage.canary = sessionStorage.canary = 'canary-kept'; document.cookie = 'canary=canary-kept; max-age=9999';
      await navigator.serviceWorker.register('/service.js'); await navigator.serviceWorker.ready;
      await (await caches.open('canary')).put('/canary-cached', new Response('canary-kept'));
      const base = await new Promise((yes, no) => { const ask = indexedDB.open('canary', 1); ask.onupgradeneeded = () => ask.result.createObjectStore('canary'); ask.onsuccess = () => yes(ask.result); ask.onerror = no; });
      await new Promise((yes) => { const write = base.transaction('canary', 'readwrite'); write.objectStore('canary').put('canary-kept', 1); write.oncomplete = yes; });
      const root = await navigator.storage.getDirectory(); const file = await (await root.getFileHandle('canary', {create: true})).createWritable(); await file.write('canary-kept'); await file.close();
    })().then(() => { kept = 'all'; }, (e) => { kept = String(e); }); 1""")
    had = until(lambda: play.exam_js("kept"), "kept")
    _type(play, "canary-kept typed")
    open_with(play, POLICY, play.access())
    play.exam_js("""globalThis.found = null; (async () => { const root = await navigator.storage.getDirectory(); const files = []; for await (const name of root.keys()) files.push(name);
      return [localStorage.canary ?? '', sessionStorage.canary ?? '', document.cookie, answer.value, ...await caches.keys(), ...(await indexedDB.databases()).map((d) => d.name),
        ...(await navigator.serviceWorker.getRegistrations()).map((r) => r.scope), ...files]; })().then((all) => { found = all.filter(Boolean).map(String).concat('looked'); }, (e) => { found = String(e); }); 1""")
    found = until(lambda: play.exam_js("found"), "looked")
    play.windows.hide_exam(forget=True)
    return {"had": had, "found": found}


if __name__ == "__main__":
    run(SCENES)
