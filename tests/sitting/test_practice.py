"""`candidate-agent practice` as a candidate plays it: real window, real lockdown, no exam, no server account, nothing
that leaves this computer; one page at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from demo.candidate import Candidate
from demo.failure import StepFailed, wait_for
from demo.pointer import Pointer
from tests.sitting.desk import END_S, START_S, Desk, SeatedAgent

pytestmark = [pytest.mark.real, pytest.mark.slow]

SENTENCE = "I read this sentence aloud, slowly and clearly, so that the microphone has something to hear. " * 2


@dataclass
class Practice:
    """An agent that practises on this desk, at the consent page."""

    desk: Desk
    agent: SeatedAgent
    person: Candidate

    @property
    def process(self) -> psutil.Process:
        assert self.agent.running is not None
        return psutil.Process(self.agent.running.process.pid)

    def room(self) -> psutil.Process:
        return next(child for child in self.process.children() if "practice_room" in child.cmdline())

    def report(self) -> str:
        return (self.agent.home_dir / "readiness.txt").read_text(encoding="utf-8")

    def left(self) -> list[Path]:
        """Of the practice's own folders."""
        return list((self.agent.home_dir / "practice").iterdir())


@pytest.fixture
def practise(desk: Desk) -> Callable[[], Practice]:
    def start() -> Practice:
        agent = desk.agent()
        agent.begin_practice(desk.environment())
        agent.wait_phase("consenting", timeout_s=START_S)
        person = Candidate(Pointer(desk.processes, desk.screen.display), agent.debug_port, "Practice exam page")
        return Practice(desk, agent, person)

    return start


def test_the_whole_way_to_the_report(desk: Desk, practise: Callable[[], Practice]) -> None:
    practice = practise()
    agent, person = practice.agent, practice.person
    room, ports = practice.room(), ports_of(practice.room())
    assert {ip for ip, _ in ports} == {"127.0.0.1"}
    person.sees("Practice", "Nothing leaves this computer", "stand-ins")
    assert "Practice exam" in desk.titles()
    person.consents()
    passes_checks(desk, person)
    person.captures("id_card")
    agent.wait_phase("running", timeout_s=30)
    wait_for("the keyboard is held", lambda: not desk.snapshot().keyboard_free, 10)
    person.acknowledges("This is how a reminder from a proctor looks")
    person.answers("practice makes perfect")
    assert person.answer() == "practice makes perfect"
    assert "Practice" in person.own.text(".strip")
    person.own.click("#finish")
    person.own.click("#finish-confirm")
    agent.wait_phase("done", timeout_s=30)
    person.sees("Your readiness report", "readiness.html", "Open the report")
    person.closes()
    assert agent.wait_end(END_S) == 0, practice.report()
    assert practice.report().startswith("Readiness report\nYou are ready")
    for sentence in (
        "The exam opens",
        "Everything is as it was before. The recording arrived whole",
        "Pictures that the practice proctor could open  |  1",
        "Exam server  |",
        "|  as before",
    ):
        assert sentence in practice.report()
    assert not room.is_running() and practice.left() == []
    assert (agent.home_dir / "readiness.html").exists() and not (agent.home_dir / "sessions").exists()


def passes_checks(desk: Desk, person: Candidate) -> None:
    """A busy test machine may be too slow for a row at first: then all is measured again."""
    desk.microphone.speak(SENTENCE)

    def passed() -> bool:
        if person.own.place("#checks-continue").state not in ("missing", "disabled"):
            return True
        stops = person.own.text(".check.stop")
        if person.own.place("#checks-again").state not in ("missing", "hidden", "disabled"):
            desk.microphone.speak(SENTENCE)
            person.own.click("#checks-again")
        raise StepFailed(f"a check stops: {stops!r}")

    wait_for("the checks are passed", passed, 90, every_s=1)
    person.own.click("#checks-continue")


def ports_of(process: psutil.Process) -> set[tuple[str, int]]:
    """Where it listens."""
    found = [entry for entry in process.net_connections() if entry.status == psutil.CONN_LISTEN]
    assert found
    return {(entry.laddr.ip, entry.laddr.port) for entry in found}


def test_of_a_practice_that_is_killed_nothing_stays(desk: Desk, practise: Callable[[], Practice]) -> None:
    practice = practise()
    room = practice.room()
    practice.process.kill()
    wait_for("the room ends", lambda: not room.is_running(), 20)
    wait_for("its folder is gone", lambda: practice.left() == [], 10)
