"""After the exam, with the real agent: paper and questions, a window that is closed with a backlog, and the rest."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.failure import wait_for
from exam_protocol import codec
from exam_protocol.messages import Receipt
from exam_protocol.policy import Policy
from exam_protocol.records import Track
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument
from tests.candidate_agent.ui.servers import Site, serving
from tests.server_stub.client import ROOT_DIR, Office
from tests.sitting.desk import Desk, Exam, SeatedAgent, publish
from tests.sitting.short_way import SWITCHES

pytestmark = [pytest.mark.real, pytest.mark.slow]
ASKS = Policy(scratch_paper=True, survey=True)


def send_signal(desk: Desk, number: int) -> None:
    process = desk.exam.server._process
    assert process is not None
    process.send_signal(number)


@pytest.fixture
def server_goes(desk: Desk) -> Iterator[Callable[[bool], None]]:
    """Away (False) and back (True); back whatever happens in between."""
    yield lambda back: send_signal(desk, signal.SIGCONT if back else signal.SIGSTOP)
    send_signal(desk, signal.SIGCONT)


@pytest.fixture
def exam(desk: Desk, tmp_path: Path) -> Exam:
    """Another one of the same institution, which asks for paper and has questions."""
    office = Office("paper-101")
    office.root, office.roster_key = desk.exam.office.root, desk.exam.office.roster_key
    return publish(desk.exam.server, office, tmp_path / "paper.exampackage", policy=ASKS)


def hands_in(desk: Desk, words: list[str], switches: Path, url: str) -> SeatedAgent:
    """An agent that is admitted by a short way and hands in."""
    agent = desk.agent()
    agent.module = "tests.sitting.short_way"
    agent.begin([*words, "--no-window"], desk.environment({SWITCHES: str(switches)}))
    agent.wait_phase("consenting", timeout_s=40)
    switches.write_text(f"admit {url}/start\n")
    agent.wait_phase("running", timeout_s=40)
    person = desk.candidate(agent)
    person.own.click("#finish")
    person.own.click("#finish-confirm")
    agent.wait_phase("parting", timeout_s=20)
    return agent


def send(agent: SeatedAgent, desk: Desk, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "candidate_agent", "send", *words, "--home", str(agent.home_dir)]
    environment = {"PATH": "/usr/bin:/bin", **desk.environment()}
    return subprocess.run(line, cwd=ROOT_DIR, env=environment, capture_output=True, text=True, timeout=60)


def opener(work_dir: Path) -> Path:
    """Where a desktop's opener, which here is a script, notes what it is given."""
    folder = work_dir / "desktop-opener"
    folder.mkdir()
    script, seen = folder / "xdg-open", folder / "seen"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}.new && mv {seen}.new {seen}\n')
    script.chmod(0o755)
    return seen


def read_receipt(exam: Exam, agent: SeatedAgent) -> Receipt:
    (path,) = (agent.home_dir / "receipts").glob("*.json")
    document: SignedDocument = codec.decode(path.read_bytes(), SignedDocument)
    receipt: Receipt = codec.decode(document.open(DOMAIN_RECEIPT, exam.server.public_key), Receipt)
    return receipt


def test_paper_and_answers_are_sealed_and_a_window_closed_with_a_backlog_loses_nothing(
    desk: Desk, exam: Exam, tmp_path: Path, server_goes: Callable[[bool], None]
) -> None:
    site, words = Site(), exam.words(exam.ticket())
    site.page("/start", "<title>Exam</title><textarea id=answer rows=6 cols=60 autofocus></textarea>")
    with serving(site):
        agent = hands_in(desk, words, tmp_path / "switches", site.url)
    person = desk.candidate(agent)
    person.sees("Show your scratch paper: sheet 1")
    person.own.click("#capture-paper", 30)
    person.own.click("#confirm-paper", 25)
    person.sees("sheet 2", "1 sheet is sent")
    person.own.click("#paper-done", 20)
    server_goes(False)
    person.own.click("#survey-ease-4", 20)
    person.own.click("#survey-send")
    person.sees("You can close this window", "Everything is as it was before the exam", "Screen saver")
    person.own.click("#own-data")
    person.sees("Your copy:")
    assert list((agent.home_dir / "exports").glob("*.zip"))
    assert desk.closes(agent) == 0

    away = send(agent, desk, "--give-up", "1")
    assert away.returncode == 12 and "Nothing is lost" in away.stderr
    server_goes(True)
    opened = opener(tmp_path)
    again = desk.starts(words, home_dir=agent.home_dir, env={"PATH": f"{opened.parent}:{os.environ['PATH']}"})
    wait_for("the receipt", lambda: again.events("receipt"), 40)
    desk.candidate(again).sees("Everything arrived", "Screen saver", "Open the receipt")
    desk.candidate(again).own.click("#open-receipt")
    wait_for("the receipt is handed to the desktop", opened.exists, 20)
    assert Path(opened.read_text()).read_text("utf-8").startswith("<!doctype html>")
    assert desk.closes(again) == 0
    receipt = read_receipt(exam, agent)
    assert receipt.complete and {row.track: row.next_sequence for row in receipt.tracks}[Track.IDENTITY] == 1
    assert agent.sessions() == [] and "nothing left to send" in send(agent, desk).stdout
