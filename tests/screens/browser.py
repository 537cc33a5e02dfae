"""The candidate's pages in a real browser, without the program behind them: each sample state can be drawn in each
language, size and scheme. Used by the tests beside this file and by `pictures`.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import resources
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from candidate_agent.ui.view_model import view
from tests.candidate_agent.ui.sample_pictures import sample_picture
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS
from tests.console.conftest import CHROMIUM, CHROMIUM_ARGS

ASSETS = resources.files("candidate_agent.ui") / "assets"
LANGUAGES = sorted(entry.name.removesuffix(".json") for entry in (ASSETS / "locales").iterdir())
ORIGIN = "http://pages.test/"
PREVIEWS = ("camera", "id_card", "room", "paper", "screen", "report")
TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "json": "application/json"}
_AGENT = """globalThis.qt = {webChannelTransport: {}}; globalThis.acts = [];
globalThis.QWebChannel = function (transport, ready) {
  const nothing = () => {};
  const agent = {act: (name, data) => acts.push([name, data]), height: nothing, text_size: nothing, announce: nothing};
  ready({objects: {agent}});
};"""
"""In place of Qt's channel: what the page would tell the program is kept in `acts`."""


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def page(running: Browser, width: int = 1280, height: int = 800, scheme: str = "light", **more: Any) -> Iterator[Page]:
    """An empty page of ours. `more`: `reduced_motion`, `forced_colors`, `contrast` of the browser's context."""
    context = running.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type]
    try:
        opened = context.new_page()
        opened.route("**/*", _serve)
        fresh(opened)
        yield opened
    finally:
        context.close()


def fresh(opened: Page) -> None:
    """As when the program opens: no panel of an earlier state stands open."""
    opened.goto(ORIGIN + "index.html")
    _wait(opened, "globalThis.examClient !== undefined")


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "qwebchannel.js":
        route.fulfill(body=_AGENT, content_type=TYPES["js"])
        return
    file = ASSETS.joinpath(*path.split("/"))
    if not route.request.url.startswith(ORIGIN) or not file.is_file():
        route.abort()
        return
    route.fulfill(body=file.read_bytes(), content_type=TYPES[path.rpartition(".")[2]])


def draw(opened: Page, name: str, language: str = "en", later_s: int = 0) -> None:
    """The sample state `name`, its panel opened where it has one; `later_s`: as it is drawn so much later."""
    state = STATES[name]
    session = replace(state.session, language=language)
    now_us, wall_ms = NOW_US + later_s * 1_000_000, WALL_MS + later_s * 1000
    drawn = view(session, now_us=now_us, wall_ms=wall_ms, live=state.live)
    for preview in PREVIEWS:
        jpeg = sample_picture(preview) if preview in state.live.previews else b""
        _receive(opened, f"preview:{preview}", base64.b64encode(jpeg).decode())
    _receive(opened, "view", drawn)
    _wait(opened, f"document.querySelector('#screen')?.dataset.screen === {json.dumps(drawn['screen'])}")
    _wait(opened, f"document.documentElement.lang === {json.dumps(language)}")
    for element in filter(None, state.panel.split(", ")):
        if opened.get_attribute(f"#{element}", "aria-expanded") != "true":
            opened.evaluate("id => document.getElementById(id).click()", element)


def _receive(opened: Page, key: str, value: Any) -> None:
    opened.evaluate("([key, value]) => examClient.receive(key, value)", [key, value])


def _wait(opened: Page, expression: str) -> None:
    """Playwright's own waiting would need `unsafe-eval`, which our pages do not have."""
    for _ in range(400):
        if opened.evaluate(expression):
            return
        opened.wait_for_timeout(25)
    raise AssertionError(f"waited in vain for {expression}")
