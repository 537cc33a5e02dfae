"""`candidate-agent practice`: the whole way without an exam and without a server elsewhere. Called by `cli`.

Opens a practice room (a process of its own), runs `App` with its link, and writes one page about what came of it. All
that the practice recorded goes at its end; what a crash left, the next practice takes away.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from candidate_agent.base.errors import AgentError, StorageError, UsageError
from candidate_agent.base.files import private_dir, replace_file, storing
from candidate_agent.config import Config, Launch, parse_link
from candidate_agent.platforms import practice_process
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.platforms.practice_process import PracticeProcess
from candidate_agent.session.states import EXAM_VISIBLE, LOCKED, OVER, Phase, Session
from candidate_agent.ui import readiness_page
from candidate_agent.ui.readiness import Facts, judge
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.view_model import screen_of
from exam_protocol.records import FlagEntry

EXAM_S, SHORT_EXAM_S = 180, 60
REMIND_S, SHORT_REMIND_S = 20.0, 5.0
NAMES = ("title", "institution", "statement", "alternative", "contact", "candidate", "proctor", "hello", "reminder")
PAGE_NAMES = ("title", "lead", "question", "label", "finish")

Run = Callable[[Config, Launch, "Notebook"], int]


def order(texts: Texts, *, short: bool) -> dict[str, Any]:
    """What the room is asked for, as `practice_room.order` reads it: every word in the candidate's language."""
    return {
        **{name: texts.say(f"practice.{name}") for name in NAMES},
        "page": {name: texts.say(f"practice.page.{name}") for name in PAGE_NAMES},
        "language": texts.language,
        "direction": texts.direction,
        "duration_s": SHORT_EXAM_S if short else EXAM_S,
        "room_scan": not short,
        "remind_s": SHORT_REMIND_S if short else REMIND_S,
    }


class Notebook:
    """Looks on, and writes the report anew each time the end is known better. `saw` on the event loop, `flagged` on any
    thread."""

    def __init__(self, home_dir: Path, texts: Texts, room: PracticeProcess | None = None) -> None:
        self._html_path, self._text_path = home_dir / "readiness.html", home_dir / "readiness.txt"
        self._texts, self._room = texts, room
        self._facts, self._written = Facts(), Facts()
        self._step, self._since_us = "", 0
        self._at = datetime.now().astimezone()
        self.report_path = ""

    @property
    def facts(self) -> Facts:
        return self._facts

    def saw(self, session: Session, now_us: int) -> None:
        self._time(step_of(session), now_us)
        self._facts = replace(
            self._facts,
            checks=session.checks or self._facts.checks,
            reason=session.reason,
            problem=session.problem,
            is_exam_shown=self._facts.is_exam_shown or session.phase in EXAM_VISIBLE,
            restored=session.restored,
            measures=session.restore_report,
            is_receipt_complete=session.receipt_complete,
            pictures_opened=self._room.pictures_opened if self._room else 0,
        )
        if session.phase in OVER and session.restored is not None and self._facts != self._written:
            with suppress(StorageError):  # told at the end, when it is written once more
                self.write()

    def flagged(self, flag: FlagEntry) -> None:
        self._facts = replace(self._facts, flags=(*self._facts.flags, flag))

    def failed(self, error: AgentError) -> None:
        """It ended before there was a session."""
        self._facts = replace(self._facts, problem=(error.code, error.text))

    def write(self) -> None:
        """Both files; a disk that does not take them is told. Raises StorageError."""
        self._written = self._facts
        with storing():
            private_dir(self._html_path.parent)
            replace_file(self._html_path, readiness_page.html(self._facts, self._texts, self._at).encode())
            replace_file(self._text_path, readiness_page.plain(self._facts, self._texts, self._at).encode())
        self.report_path = str(self._html_path)

    def _time(self, step: str, now_us: int) -> None:
        """A step that comes again adds to its time."""
        if step == self._step:
            return
        if self._step:
            spent = dict(self._facts.steps)
            spent[self._step] = spent.get(self._step, 0.0) + (now_us - self._since_us) / 1_000_000
            self._facts = replace(self._facts, steps=tuple(spent.items()))
        self._step, self._since_us = step, now_us


def step_of(session: Session) -> str:
    """A name for what the candidate is at; "" once it is over."""
    if session.phase in OVER or session.phase is Phase.IDLE:
        return ""
    if session.phase is Phase.LOCKING:
        return "locking"
    if session.phase in (Phase.UNLOCKING, Phase.FAILING):
        return "giving_back"
    return "exam" if session.phase in LOCKED else screen_of(session, 0)  # a practice is never outside its window


def run(
    config: Config, run_app: Run, say: Callable[[str], None], *, short: bool, meanwhile: Callable[[], object]
) -> int:
    """The exit status. `run_app` is the sitting; `say` is told where the report is; `meanwhile` is done while the room
    opens. Raises AgentError, after the report."""
    lock = InstanceLock(config.home_dir / "practice.lock")
    if not lock.acquire():
        raise UsageError("agent_running", "A practice is already running on this computer.")
    texts = Texts(config.language)
    try:
        with (
            _folder(config.home_dir / "practice") as folder,
            _room(folder, order(texts, short=short), meanwhile) as room,
        ):
            notebook = Notebook(config.home_dir, texts, room)
            return _sit(replace(config, passing_dir=folder), parse_link(room.link), notebook, run_app, say)
    finally:
        lock.release()


def _sit(config: Config, launch: Launch, notebook: Notebook, run_app: Run, say: Callable[[str], None]) -> int:
    try:
        status = run_app(config, launch, notebook)
    except AgentError as error:
        notebook.failed(error)
        raise
    finally:
        notebook.write()
        say(notebook.report_path)
    return status or judge(notebook.facts).exit_status


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    """An empty folder of this practice's own; it goes at the end, and so does what earlier ones left."""
    with storing():
        private_dir(parent)
        _clear(parent)
        folder = private_dir(parent / f"room-{secrets.token_hex(8)}")
    try:
        yield folder
    finally:
        _clear(parent)


def _clear(parent: Path) -> None:
    """What a room that is only just ending still writes, it takes away itself."""
    for left in parent.glob("room-*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _room(folder: Path, asked: dict[str, Any], meanwhile: Callable[[], object]) -> Iterator[PracticeProcess]:
    room = practice_process.start(folder, asked, meanwhile)
    try:
        yield room
    finally:
        room.end()
