"""Copy and paste within the exam page, where the policy allows it. The text is in the memory of this process and
nowhere else: never on the system's clipboard, never on disk, gone when the exam closes. GUI thread; `input_guard`
recognises the keys, `exam_view` makes one for each exam.
"""

import json
from collections.abc import Callable, Iterator

from PySide6.QtWebEngineCore import QWebEngineFrame, QWebEnginePage, QWebEngineScript

MAX_CHARACTERS = 1_000_000
_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value

# Each runs in every frame and does something only in the one that has the keyboard. The page hears of it as of any
# copying and may fill in or refuse; a password is not given away.
_FOCUSED = """
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const here = document.hasFocus() && !["IFRAME", "FRAME", "OBJECT", "EMBED"].includes(node?.tagName);
  const tell = (name, data) => (node ?? document).dispatchEvent(
    new ClipboardEvent(name, {clipboardData: data, bubbles: true, cancelable: true, composed: true}));
"""

_TAKE = (
    """(() => {"""
    + _FOCUSED
    + """
  if (!here || node?.type === "password") return null;
  const data = new DataTransfer();
  if (!tell(%(name)s, data)) return data.getData("text/plain") || null;
  let text = String(getSelection());
  if (typeof node?.selectionStart === "number") text = node.value.substring(node.selectionStart, node.selectionEnd);
  if (text && %(name)s === "cut") document.execCommand("delete");
  return text || null;
})()"""
)

_PUT = (
    """(() => {"""
    + _FOCUSED
    + """
  if (!here) return;
  const data = new DataTransfer();
  data.setData("text/plain", %(text)s);
  if (tell("paste", data)) document.execCommand("insertText", false, %(text)s);
})()"""
)


class InsideClipboard:
    """`act` does what a key combination asks for."""

    def __init__(self, page: QWebEnginePage) -> None:
        self._page = page
        self._text = ""

    def act(self, word: str, done: Callable[[], None]) -> None:
        """`copy`, `cut` or `paste`; `done` when the page has done it."""
        if word != "paste":
            self._run(_TAKE % {"name": json.dumps(word)}, self._keep, done)
        elif self._text:
            self._run(_PUT % {"text": json.dumps(self._text)}, lambda _: None, done)
        else:
            done()

    def forget(self) -> None:
        self._text = ""

    def _keep(self, text: object) -> None:
        if isinstance(text, str) and text:
            self._text = text[:MAX_CHARACTERS]

    def _run(self, script: str, take: Callable[[object], None], done: Callable[[], None]) -> None:
        frames = tuple(_frames(self._page.mainFrame()))
        left = len(frames)

        def answered(result: object) -> None:
            nonlocal left
            left -= 1
            take(result)
            if left == 0:
                done()

        for frame in frames:
            frame.runJavaScript(script, _WORLD, answered)


def _frames(top: QWebEngineFrame) -> Iterator[QWebEngineFrame]:
    yield top
    for child in top.children():
        yield from _frames(child)
