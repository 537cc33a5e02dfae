"""What the scripted candidate knows of the agent's pages: the only file with their selectors."""

import time
from collections.abc import Callable

from demo.failure import StepFailed, need, wait_for
from demo.page_view import PageView, targets
from demo.pointer import Pointer

OWN_PAGE = "app/index.html"
STEPS = {"id_card": 25.0, "room": 80.0}  # how long capturing may take, in seconds

_CHECK_ROWS = """Object.fromEntries([...document.querySelectorAll('[id^="check-"]')]
  .filter(row => !row.id.startsWith('check-again-')).map(row => [row.id.slice(6), row.textContent]))"""


class Candidate:
    """One person in front of one agent. `debug_port` is where the pages can be looked at."""

    def __init__(self, pointer: Pointer, debug_port: int, exam_mark: str) -> None:
        self.pointer = pointer
        self.debug_port = debug_port
        self.own = PageView(debug_port, OWN_PAGE, pointer)
        self.exam = PageView(debug_port, exam_mark, pointer)

    def sees(self, *sentences: str, timeout_s: float = 20) -> str:
        """All of these stand on our own page, whatever the capitals. Returns the page's text."""

        def look() -> str | None:
            text = self.own.text()
            missing = [sentence for sentence in sentences if sentence.lower() not in text.lower()]
            if missing:
                raise StepFailed(f"{missing} not on the page, which says: {text[:300]!r}")
            return text or None

        return wait_for(f"the candidate sees {sentences}", look, timeout_s)

    # --- before the exam ---

    def consents(self) -> None:
        """Goes on from stage to stage, then agrees."""
        while (stage := wait_for("a stage of the consent", self.consent_stage, 30)) != "statement":
            self.own.click("#consent-next")
            self._leaves(stage)
        time.sleep(0.5)  # a click that comes sooner is taken for the second one on "Next"
        self.own.click("#consent-accept", 30)

    def _leaves(self, stage: str) -> None:
        wait_for("the next stage", lambda: self.consent_stage() != stage, 10)

    def consent_stage(self) -> str:
        return str(self.own.evaluate("document.querySelector('[data-screen=consent]')?.dataset.part ?? ''"))

    def refuses(self) -> None:
        self.own.click("#consent-refuse", 30)

    def passes_checks(self, speak: Callable[[], None]) -> dict[str, str]:
        """Says a sentence for the microphone, mends that row where it came too late, and goes on.

        Returns what each row said, by the code of its check, folded rows included.
        """
        speak()
        if wait_for("the checks are done", self._after_checks, 60) == "again":
            speak()
            self.own.click("#check-again-microphone")
            wait_for("the microphone is heard", lambda: self._after_checks() == "on", 30)
        rows: dict[str, str] = self.own.evaluate(_CHECK_ROWS)
        self.own.click("#checks-continue")
        return rows

    def _after_checks(self) -> str:
        """Whether to go "on", or to measure the microphone "again"."""
        if self.own.place("#checks-continue").state not in ("missing", "disabled"):
            return "on"
        if self.own.place("#check-again-microphone").state in ("missing", "hidden", "disabled"):
            raise StepFailed(f"the page says {self.own.text()[:400]!r}")
        return "again"

    def captures(self, step: str) -> None:
        """Takes the identity picture or the room scan, looks at it and sends it."""
        self.own.click(f"#capture-{step}", 30)
        self.own.click(f"#confirm-{step}", STEPS[step])

    def shows_room(self) -> None:
        """As somebody who cannot turn the camera and presses on: a picture ahead and one of the desk."""
        self.own.click("#capture-room", 30)
        self.own.click("#next-room", 30)
        self.own.click("#confirm-room", 30)

    def has_picture(self, step: str) -> bool:
        return self.own.place(f"#confirm-{step}").state == "there"

    # --- words ---

    def says(self, text: str) -> None:
        if self.own.place("#chat-input").state in ("missing", "hidden"):
            self.own.click("#chat-open")
        self.own.click("#chat-input")
        self.pointer.type(text)
        self.own.click("#chat-send")

    def acknowledges(self, text: str) -> None:
        """Waits for a notice with this text and clicks its button."""
        self.sees(text)
        self.own.click('[id^="ack-"]')
        wait_for("the notice goes away", lambda: self.own.place('[id^="ack-"]').state == "missing", 10)

    # --- exam ---

    def exam_is_shown(self) -> bool:
        return any(self.exam.mark in page["url"] for page in targets(self.debug_port))

    def answers(self, text: str) -> None:
        self.exam.click("#answer")
        self.pointer.key("ctrl+End")
        self.pointer.type(text)

    def answer(self) -> str:
        return str(self.exam.evaluate("document.getElementById('answer').value"))

    def exam_has_no_bridge(self) -> bool:
        names = self.exam.evaluate("['pywebview', 'qt', 'QWebChannel'].filter(n => typeof window[n] !== 'undefined')")
        need(names == [], f"the exam page has {names}")
        return True

    def closes(self) -> None:
        """The last screen's button."""
        self.own.click("#close", 30)
