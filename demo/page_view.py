"""Looks into a page of the agent's window through Qt WebEngine's debugging port: what it says, and where on the screen.

It only looks: what is done to the page is done by pointer.py with genuine X events. Positions are exact because the
origin of the view is learnt from a genuine pointer event (`screenX - clientX`), not guessed from window sizes.
"""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from demo.failure import StepFailed, wait_for
from demo.pointer import Pointer
from demo.web import fetch

log = logging.getLogger(__name__)

_LEARN = """(() => {
  if (!window.__seen) { window.__seen = []; addEventListener('mousemove', e => {
    window.__seen = [e.screenX - e.clientX, e.screenY - e.clientY]; }, {capture: true, passive: true}); }
  window.__seen = [];
  return {x: screenX, y: screenY, outer: outerHeight, width: innerWidth, height: innerHeight};
})()"""

_PLACE = """(() => {
  const e = document.querySelector(%s);
  if (!e) return {state: 'missing'};
  const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
  if (!r.width || !r.height || !e.checkVisibility({visibilityProperty: true})) return {state: 'hidden'};
  if (e.disabled) return {state: 'disabled'};
  if (y < 0 || y >= innerHeight) return {state: y < 0 ? 'above' : 'below', x: innerWidth / 2, y: innerHeight / 2};
  for (let p = e.parentElement; p; p = p.parentElement) {
    const b = p.getBoundingClientRect(), side = y < b.top ? 'above' : y >= b.bottom ? 'below' : '';
    const scrolls = /auto|scroll/.test(getComputedStyle(p).overflowY) && p.scrollHeight > p.clientHeight;
    if (side && scrolls) return {state: side, x: b.x + b.width / 2, y: b.y + b.height / 2};
  }
  const top = document.elementFromPoint(x, y);
  const open = top && (e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some(l => l.contains(top))));
  return {state: open ? 'there' : 'covered', by: top ? top.tagName + '#' + top.id : '', x, y};
})()"""

_FEEL = """(() => {
  const at = %s;
  window.__felt = 'nothing';
  addEventListener('click', e => {
    const target = e.target.closest('label')?.control ?? e.target;
    window.__felt = target.closest(at) ? 'it' : `${target.tagName}#${target.id}`;
  }, {capture: true, passive: true, once: true});
})()"""
CLICKS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """State of an element, and its middle in page pixels where it has one."""

    state: str  # there, missing, hidden, disabled, above, below, covered
    x: float = 0.0
    y: float = 0.0
    by: str = ""


class PageView:
    """The page whose address or title contains `mark`."""

    def __init__(self, port: int, mark: str, pointer: Pointer) -> None:
        self._port = port
        self.mark = mark
        self._pointer = pointer

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression. Raises StepFailed where there is no such page or the script throws."""
        try:
            with connect(self._address(), open_timeout=5, max_size=None) as socket:
                call = {"expression": expression, "returnByValue": True, "awaitPromise": True}
                socket.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": call}))
                answer = json.loads(socket.recv(timeout=10))
        except (OSError, TimeoutError, WebSocketException) as error:
            raise StepFailed(f"the page '{self.mark}' does not answer: {error}") from error
        result = answer.get("result", {})
        if "exceptionDetails" in result or "result" not in result:  # of a page that closes: it says that it goes
            raise StepFailed(f"the page '{self.mark}' did not run a look: {str(answer)[:300]}")
        return result["result"].get("value")

    def text(self, selector: str = "body") -> str:
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def place(self, selector: str) -> Place:
        return Place(**self.evaluate(_PLACE % json.dumps(selector)))

    def click(self, selector: str, timeout_s: float = 20) -> None:
        """Waits until the element can be reached by a pointer, scrolls by the wheel where needed, and clicks it. As a
        person does, it clicks again where the page moved away under the pointer."""
        for _ in range(CLICKS):
            wait_for(f"'{selector}' can be clicked", lambda: self._reachable(selector), timeout_s)
            left, top = self.origin()
            place = self.place(selector)
            if place.state != "there":
                continue
            scale = float(self.evaluate("devicePixelRatio"))
            self.evaluate(_FEEL % json.dumps(selector))
            self._pointer.click(round((left + place.x) * scale), round((top + place.y) * scale))
            felt = self._felt()
            if felt == "it":
                return
            log.warning("a click on '%s' reached %s", selector, felt)
        raise StepFailed(f"'{selector}' feels no click")

    def _felt(self) -> str:
        """What a click reached: "it", another element, or "nothing". A page that is gone went with the click."""
        until = time.monotonic() + 4
        felt = "nothing"
        while felt == "nothing" and time.monotonic() < until:
            try:
                felt = str(self.evaluate("window.__felt ?? 'it'"))
            except StepFailed:
                return "it"
        return felt

    def origin(self) -> tuple[float, float]:
        """Where the page's upper left corner is on the screen, learnt from a pointer event that the page got."""
        seen = self.evaluate(_LEARN)
        middle_x = round(seen["x"] + seen["width"] / 2)
        from_top = round(seen["y"] + seen["height"] / 2)
        from_bottom = round(seen["y"] + seen["outer"] - seen["height"] / 2)
        for y in (from_bottom, from_top):
            for x in (middle_x, middle_x + 3):
                self._pointer.move(x, y)
            try:
                left, top = wait_for(
                    "the page feels the pointer", lambda: self.evaluate("window.__seen"), 1, every_s=0.05
                )
                return float(left), float(top)
            except StepFailed:
                continue
        raise StepFailed(f"the page '{self.mark}' does not feel the pointer: is another window in front of it?")

    def _reachable(self, selector: str) -> Place | None:
        place = self.place(selector)
        if place.state == "there":
            return place
        if place.state in ("above", "below"):
            left, top = self.origin()
            self._pointer.wheel(round(left + place.x), round(top + place.y), down=place.state == "below")
        raise StepFailed(f"'{selector}' is {place.state}{' by ' + place.by if place.by else ''}")

    def _address(self) -> str:
        pages = targets(self._port)
        for page in pages:
            if self.mark in page["url"] or self.mark in page["title"]:
                return str(page["webSocketDebuggerUrl"])
        raise StepFailed(f"there is no page '{self.mark}'; there are {[page['url'] for page in pages]}")


def targets(port: int) -> list[dict[str, str]]:
    """The pages the window holds now. Raises StepFailed where nobody listens."""
    pages: list[dict[str, str]] = json.loads(fetch(f"http://127.0.0.1:{port}/json"))
    return [page for page in pages if page.get("type") == "page"]
