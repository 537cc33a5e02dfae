"""The candidate's pages in a real browser, without the program behind them: each sample state can be drawn in each
language, size and scheme. Used by the tests beside this file and by `pictures`.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
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
_DRAW = """async ([json, language, previews, panels]) => {
  const view = JSON.parse(json), until = performance.now() + 10_000;
  for (const [kind, jpeg] of Object.entries(previews)) examClient.receive(`preview:${kind}`, jpeg);
  examClient.receive("view", view);
  do await new Promise(done => setTimeout(done));
  while ((document.getElementById("screen")?.dataset.screen !== view.screen
    || document.documentElement.lang !== language) && performance.now() < until);
  for (const id of panels) { // the second may be a button in the first
    const button = document.getElementById(id);
    if (button.getAttribute("aria-expanded") !== "true") button.click();
  }
  return performance.now() < until;
}"""
"""In one go: each word between the two sides of a browser costs more than what is drawn."""


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
    """An empty page of ours, where nothing moves (what moves is painted all the time). `more`: `reduced_motion`,
    `forced_colors`, `contrast` of the browser's context.
    """
    more.setdefault("reduced_motion", "reduce")
    context = running.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type]
    try:
        opened = context.new_page()
        opened.route("**/*", _serve)
        fresh(opened)
        yield opened
    finally:
        context.close()


def fresh(opened: Page) -> None:
    """As when the program opens. Where only an open panel is in the way, `shut` costs a hundredth."""
    opened.goto(ORIGIN + "index.html")
    _wait(opened, "globalThis.examClient !== undefined")


def shut(opened: Page) -> None:
    """No panel of an earlier state stands open, nothing has the focus."""
    opened.keyboard.press("Escape")
    opened.evaluate("document.activeElement.blur()")


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
    previews = {kind: _base64(kind) if kind in state.live.previews else "" for kind in PREVIEWS}
    panels = list(filter(None, state.panel.split(", ")))
    assert opened.evaluate(_DRAW, [json.dumps(drawn), language, previews, panels]), f"{name} is not drawn"


@cache
def _base64(preview: str) -> str:
    return base64.b64encode(sample_picture(preview)).decode()


def _wait(opened: Page, expression: str) -> None:
    """Playwright's own waiting would need `unsafe-eval`, which our pages do not have."""
    for _ in range(400):
        if opened.evaluate(expression):
            return
        opened.wait_for_timeout(25)
    raise AssertionError(f"waited in vain for {expression}")
