"""After the exam, with the real agent: the window is closed with a backlog, and the rest is sent without a window."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.failure import wait_for
from tests.candidate_agent.ui.servers import Site, serving
from tests.server_stub.client import ROOT_DIR
from tests.sitting.desk import Desk, SeatedAgent
from tests.sitting.short_way import SWITCHES

pytestmark = [pytest.mark.real, pytest.mark.slow]


def hands_in(desk: Desk, work_dir: Path, url: str) -> SeatedAgent:
    """An agent that is admitted by a short way, and hands in while the server is away."""
    switches = work_dir / "switches"
    agent = desk.agent()
    agent.module = "tests.sitting.short_way"
    words = [*desk.exam.words(desk.exam.ticket()), "--no-window"]
    agent.begin(words, desk.environment({SWITCHES: str(switches)}))
    agent.wait_phase("consenting", timeout_s=40)
    switches.write_text(f"admit {url}/start\n")
    agent.wait_phase("running", timeout_s=40)
    process = desk.exam.server._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    person = desk.candidate(agent)
    person.own.click("#finish")
    person.own.click("#finish-confirm")
    agent.wait_phase("done", timeout_s=20)
    return agent


@pytest.fixture
def server_comes_back(desk: Desk) -> Iterator[Callable[[], None]]:
    """Whatever happens in between."""

    def come_back() -> None:
        process = desk.exam.server._process
        assert process is not None
        process.send_signal(signal.SIGCONT)

    yield come_back
    come_back()


def command(agent: SeatedAgent, desk: Desk, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "candidate_agent", *words, "--home", str(agent.home_dir)]
    return subprocess.run(
        line,
        cwd=ROOT_DIR,
        env={"PATH": "/usr/bin:/bin", **desk.environment()},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_window_closed_with_a_backlog_loses_nothing_and_send_finishes_it(
    desk: Desk, tmp_path: Path, server_comes_back: Callable[[], None]
) -> None:
    site = Site()
    site.page("/start", "<title>Exam</title><textarea id=answer rows=6 cols=60 autofocus></textarea>")
    with serving(site):
        agent = hands_in(desk, tmp_path, site.url)
    person = desk.candidate(agent)
    person.sees("You can close this window", "Everything is as it was before the exam", "Screen saver")
    person.own.click("#own-data")
    person.sees("Your copy:")
    assert list((agent.home_dir / "exports").glob("*.zip"))
    assert desk.closes(agent) == 0
    away = command(agent, desk, "send", "--give-up", "1")
    assert away.returncode == 12 and "Nothing is lost" in away.stderr
    server_comes_back()
    sent = command(agent, desk, "send")
    assert sent.returncode == 0, sent.stderr
    wait_for("the receipt", lambda: list((agent.home_dir / "receipts").glob("*.html")), 5)
    assert "Your receipt:" in sent.stdout and agent.sessions() == []
