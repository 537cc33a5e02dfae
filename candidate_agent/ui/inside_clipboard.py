"""Copy and paste within the exam page, where the policy allows it. The text is in the memory of this process and
nowhere else: never on the system's clipboard, never on disk, gone when the exam closes. GUI thread; `input_guard`
recognises the keys, `exam_view` makes one for each exam.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

MAX_CHARACTERS = 1_000_000
_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value

_AGAIN_MS = 5

# Each runs in every frame and does something only in the one that has the keyboard. Keys and scripts reach a page by
# different ways: a key that nobody has (F24) is sent after the others, and the script says "wait" until it is seen.
# The page hears of copying as of any and may fill in or refuse; a password is not given away.
_FOCUSED = """
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!document.hasFocus() || ["IFRAME", "FRAME", "OBJECT", "EMBED"].includes(node?.tagName)) return {};
  if (!globalThis.examMark) return {wait: true};
  globalThis.examMark = false;
  const tell = (name, data) => (node ?? document).dispatchEvent(
    new ClipboardEvent(name, {clipboardData: data, bubbles: true, cancelable: true, composed: true}));
  const data = new DataTransfer();
"""

_TAKE = (
    """JSON.stringify((() => {"""
    + _FOCUSED
    + """
  if (node?.type === "password") return {};
  if (!tell(%(name)s, data)) return {text: data.getData("text/plain")};
  let text = String(getSelection());
  if (typeof node?.selectionStart === "number") text = node.value.substring(node.selectionStart, node.selectionEnd);
  if (text && %(name)s === "cut") document.execCommand("delete");
  return {text};
})())"""
)

_PUT = (
    """JSON.stringify((() => {"""
    + _FOCUSED
    + """
  data.setData("text/plain", %(text)s);
  if (tell("paste", data)) document.execCommand("insertText", false, %(text)s);
  return {};
})())"""
)


class InsideClipboard:
    """`page` is the one of now; `mark` sends it the key that nobody has."""

    def __init__(self, page: Callable[[], QWebEnginePage | None], mark: Callable[[], None]) -> None:
        self._page, self._mark = page, mark
        self._text = ""
        self._number = 0  # of the word that is under way

    def act(self, word: str, done: Callable[[], None]) -> None:
        """`copy`, `cut` or `paste`; `done` when the page has done it."""
        self._number += 1
        if word == "paste" and not self._text:
            done()
            return
        self._mark()
        put = word == "paste"
        script = _PUT % {"text": json.dumps(self._text)} if put else _TAKE % {"name": json.dumps(word)}
        self._run(script, self._number, done)

    def forget(self) -> None:
        self._text = ""
        self._number += 1

    def _run(self, script: str, number: int, done: Callable[[], None]) -> None:
        page = self._page()
        frames = tuple(_frames(page.mainFrame())) if page else ()
        answers: list[dict[str, Any]] = []

        def answered(answer: object) -> None:
            answers.append(_read(answer))
            if len(answers) == len(frames) and number == self._number:
                self._judge(answers, again, done)

        def again() -> None:
            if number == self._number:
                self._run(script, number, done)

        for frame in frames:
            frame.runJavaScript(script, _WORLD, answered)

    def _judge(self, said: list[dict[str, Any]], again: Callable[[], None], done: Callable[[], None]) -> None:
        if any(answer.get("wait") for answer in said):
            QTimer.singleShot(_AGAIN_MS, again)
            return
        for text in (answer.get("text") for answer in said):
            if isinstance(text, str) and text:
                self._text = text[:MAX_CHARACTERS]
        done()


def _read(answer: object) -> dict[str, Any]:
    """What a frame said; nothing where its page is gone."""
    said = json.loads(answer) if isinstance(answer, str) and answer else {}
    return said if isinstance(said, dict) else {}


def _frames(top: QWebEngineFrame) -> Iterator[QWebEngineFrame]:
    yield top
    for child in top.children():
        yield from _frames(child)
