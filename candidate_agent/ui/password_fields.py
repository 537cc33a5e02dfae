"""Where the exam page has password fields, for exams whose policy has them recorded as black. Asked of the page ten
times a second by a script in a world of its own; places go out, never what is typed. `exam_view` makes one; GUI thread.

A page that is being loaded is black as a whole until it has answered. A frame of another site than the page's cannot
say where in the window it is: whether one has such a field is told.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript
from PySide6.QtWidgets import QWidget

EVERY_MS = 100
MARGIN_PX = 4
_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value

# Fields are remembered: many pages turn a password into plain text at a click. Frames of the same site and open shadow
# trees are looked into; a hidden field has no size.
_FIND = """JSON.stringify((() => {
  const known = globalThis.examPasswords ??= new Set();
  const places = [];
  const look = (root, left, top) => {
    for (const field of root.querySelectorAll("input[type=password]")) known.add(field);
    for (const field of known) {
      if (field.getRootNode() !== root) continue;
      const box = field.getBoundingClientRect();
      if (box.width && box.height) places.push([left + box.left, top + box.top, box.width, box.height]);
    }
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot, left, top);
      if (node.tagName !== "IFRAME" && node.tagName !== "FRAME") continue;
      let inner = null;
      try { inner = node.contentDocument; } catch {}
      const box = node.getBoundingClientRect();
      if (inner) look(inner, left + box.left + node.clientLeft, top + box.top + node.clientTop);
    }
  };
  let above = true;
  try { above = window === top || Boolean(top.document); } catch { above = false; }
  look(document, 0, 0);
  for (const field of known) if (!field.isConnected) known.delete(field);
  const parsed = document.readyState !== "loading";
  return {places, above, main: window === top, width: innerWidth, born: performance.timeOrigin, parsed};
})())"""


@dataclass(frozen=True, slots=True)
class Place:
    """In pixels of the display that the window is on."""

    left: int
    top: int
    right: int
    bottom: int


OnPlaces = Callable[[tuple[Place, ...], bool], None]
"""Called with all places of now; False where a field is in a frame whose place is not known."""


class PasswordFields:
    def __init__(self, view: QWidget, page: Callable[[], QWebEnginePage | None], on_places: OnPlaces) -> None:
        self._view, self._page, self._on_places = view, page, on_places
        self._asking = self._ended = False
        self._known_page: QWebEnginePage | None = None
        self._waits = True  # for the first answer of a page that has come new
        self._settled = False  # its loading is over
        self._born = self._old = 0.0  # by the page's clock; of the page of now, and of the one before
        self._last: tuple[tuple[Place, ...], bool] | None = None
        self._timer = QTimer(view)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._ask)
        self._timer.start()

    def end(self) -> None:
        """The page goes, and its fields with it. What it still answers, as it is taken down, finds no view any more."""
        self._ended = True
        self._timer.stop()
        self._tell((), True)

    def _ask(self) -> None:
        page = self._page()
        if page is not self._known_page:
            self._meet(page)
        if self._asking or page is None:
            return
        if not self._view.isVisible():
            self._tell((), True)
            return
        frames = list(_frames(page.mainFrame()))
        answers: list[object] = []
        self._asking = True
        QTimer.singleShot(10 * EVERY_MS, self._view, self._again)  # a frame that went away does not answer

        def answered(answer: object) -> None:
            answers.append(answer)
            if len(answers) == len(frames) and not self._ended:
                self._again()
                self._judge(answers)

        for frame in frames:
            frame.runJavaScript(_FIND, _WORLD, answered)

    def _meet(self, page: QWebEnginePage | None) -> None:
        """Another page, as after its process died; the loading of the first has begun already."""
        self._known_page = page
        self._load_begins()
        if page is not None:
            page.loadStarted.connect(self._load_begins)
            page.loadFinished.connect(self._load_ends)

    def _load_begins(self) -> None:
        self._waits, self._settled, self._old = True, False, self._born
        if not self._ended and self._view.isVisible():
            self._tell((self._whole(),), True)

    def _load_ends(self, _ok: bool) -> None:
        """Of a page that stays where it was, too."""
        self._settled = True

    def _again(self) -> None:
        self._asking = False

    def _judge(self, answers: list[object]) -> None:
        said = [json.loads(answer) for answer in answers if isinstance(answer, str) and answer]
        known = not any(each["places"] and not each["above"] for each in said)
        places = [self._placed(place, each["width"]) for each in said if each["main"] for place in each["places"]]
        for each in said:
            if each["main"]:
                self._hear(each["born"], bool(each["parsed"]))
        self._tell((*places, *((self._whole(),) if self._waits else ())), known)

    def _hear(self, born: float, parsed: bool) -> None:
        self._born = born
        if self._settled or (parsed and born != self._old):
            self._waits = False

    def _whole(self) -> Place:
        return self._placed((0, 0, self._view.width(), self._view.height()), self._view.width())

    def _placed(self, box: tuple[float, float, float, float], inner_width: float) -> Place:
        """From the page's pixels by way of the window's to the display's."""
        left, top, width, height = box
        view = self._view
        zoom = view.width() / inner_width if inner_width else 1.0
        corner, screen = view.mapToGlobal(QPoint(0, 0)), view.screen()
        ratio, home = screen.devicePixelRatio(), screen.geometry().topLeft()
        x, y = corner.x() - home.x() + left * zoom, corner.y() - home.y() + top * zoom
        right, bottom = x + width * zoom, y + height * zoom
        return Place(
            math.floor(x * ratio) - MARGIN_PX, math.floor(y * ratio) - MARGIN_PX,
            math.ceil(right * ratio) + MARGIN_PX, math.ceil(bottom * ratio) + MARGIN_PX,
        )  # fmt: skip

    def _tell(self, places: tuple[Place, ...], known: bool) -> None:
        if (places, known) != self._last:
            self._last = (places, known)
            self._on_places(places, known)


def _frames(top: QWebEngineFrame) -> "list[QWebEngineFrame]":
    return [top, *(inner for child in top.children() for inner in _frames(child))]
