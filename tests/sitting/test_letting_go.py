"""The real agent in its exam lets go of the computer whatever hangs, is stopped or is away: seen from outside."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from demo.failure import wait_for
from tests.candidate_agent.ui.servers import Site, serving
from tests.rig.snapshot import Snapshot
from tests.sitting.desk import Desk, SeatedAgent
from tests.sitting.short_way import SWITCHES

pytestmark = [pytest.mark.real, pytest.mark.slow]

LETS_GO_S = 15.0  # five until the window gives the session up, two for the keeper, and a busy computer
OPEN = "ctrl+shift+F9"
WINDOW = frozenset({"windows", "active_window"})  # the agent's own last page may still be there


@pytest.fixture(scope="module")
def exam_site() -> Iterator[Site]:
    site = Site()
    with serving(site):
        site.page("/start", "<title>Exam</title><textarea id=answer rows=6 cols=60 autofocus></textarea>")
        yield site


class Sitting:
    """An agent in the middle of its exam."""

    def __init__(self, desk: Desk, site: Site, work_dir: Path, patience: str = "1") -> None:
        self.desk, self.before = desk, desk.snapshot()
        self._switches = work_dir / "switches"
        env = {SWITCHES: str(self._switches), "CANDIDATE_AGENT_KEEPER_PATIENCE": patience}
        self.agent: SeatedAgent = desk.agent()
        self.agent.module = "tests.sitting.short_way"
        words = [*desk.exam.words(desk.exam.ticket()), "--no-window"]
        self.agent.begin(words, desk.environment(env))
        self.agent.wait_phase("consenting", timeout_s=40)
        self.does(f"admit {site.url}/start")
        self.agent.wait_phase("running", timeout_s=40)
        wait_for("the keyboard is held", lambda: not desk.snapshot().keyboard_free, 10)

    def does(self, line: str) -> None:
        with self._switches.open("a") as switches:
            switches.write(line + "\n")

    @property
    def process(self) -> psutil.Process:
        assert self.agent.running is not None
        return psutil.Process(self.agent.running.process.pid)

    def keeper(self) -> psutil.Process:
        return next(p for p in self.process.children() if "candidate_agent.keeper" in p.cmdline())

    def leaves(self) -> None:
        """The two steps of the emergency exit, by keyboard."""
        self.desk.screen.run("xdotool", "key", OPEN)
        self.desk.screen.run("xdotool", "sleep", "0.3", "key", "Tab", "sleep", "0.3", "key", "Return")

    def is_given_back(self, within_s: float, *, but: frozenset[str] = frozenset()) -> Snapshot:
        left: set[str] = set()

        def same() -> bool:
            nonlocal left
            left = set(self.before.differences(self.desk.snapshot())) - but
            return not left

        wait_for(f"the computer is as it was, but for {left}", same, within_s)
        return self.desk.snapshot()

    def hears(self, event: str) -> dict[str, object]:
        found: dict[str, object] = wait_for(event, lambda: (self.agent.events(event) or [None])[-1], 20)
        return found


@pytest.fixture
def sit(desk: Desk, exam_site: Site, tmp_path: Path) -> Callable[..., Sitting]:
    return lambda patience="1": Sitting(desk, exam_site, tmp_path, patience)


def test_stopped_from_outside_it_goes_on_and_leaves_in_order_though_the_server_is_away(
    sit: Callable[..., Sitting],
) -> None:
    sitting = sit()
    sitting.process.suspend()
    assert sitting.hears("agent_stopped")["count"] == 1
    first = sitting.keeper()
    first.suspend()
    sitting.hears("keeper_started")
    assert sitting.keeper().pid != first.pid
    server = sitting.desk.exam.server._process
    assert server is not None
    server.send_signal(signal.SIGSTOP)
    try:
        sitting.leaves()
        sitting.agent.wait_phase("ended", timeout_s=20)
        sitting.is_given_back(5, but=WINDOW)
    finally:
        server.send_signal(signal.SIGCONT)
    assert [line["reason"] for line in sitting.agent.events("phase")][-1] == "left_by_candidate"
    assert sitting.desk.closes(sitting.agent) == 0


def test_where_the_event_loop_hangs_leaving_still_gives_the_computer_back_and_is_noted(
    sit: Callable[..., Sitting],
) -> None:
    sitting = sit()
    sitting.does("hang loop")
    sitting.leaves()
    assert sitting.agent.wait_end(LETS_GO_S) == 1
    sitting.is_given_back(5)
    assert sitting.hears("let_go")["noted"] is True


def test_where_the_window_hangs_the_keeper_ends_the_program_and_gives_the_computer_back(
    sit: Callable[..., Sitting],
) -> None:
    """With a fifth of the keeper's usual patience."""
    sitting = sit("0.2")
    sitting.does("hang window")
    assert sitting.agent.wait_end(LETS_GO_S) == -signal.SIGKILL
    sitting.is_given_back(5)


def test_the_window_manager_closes_the_window_and_the_session_ends_in_order(sit: Callable[..., Sitting]) -> None:
    sitting = sit()
    sitting.desk.screen.run("wmctrl", "-c", "Chemistry")
    sitting.agent.wait_phase("ended", timeout_s=20)
    sitting.is_given_back(5, but=WINDOW)
    assert sitting.desk.closes(sitting.agent) == 0
