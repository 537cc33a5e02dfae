"""Which programs should close, whom of their processes is asked, and that nothing is ever ended by force."""

import asyncio
from collections.abc import Callable

from candidate_agent.monitor.programs import ProgramList, Terms
from candidate_agent.monitor.running import PATIENCE_S, RunningProgram, RunningPrograms
from candidate_agent.platforms.ports import Fingerprint, Process, Window
from candidate_agent.platforms.simulated.machine import Machine

BLOCKED = frozenset({"remote_control", "conferencing"})


class Desk:
    """A machine and what happens on it in each second that is waited."""

    def __init__(self, each_second: Callable[[int], None] = lambda second: None, **said: frozenset[str]) -> None:
        self.machine = Machine(development=True)
        self.waited = 0
        self._each_second = each_second
        terms = Terms(categories=BLOCKED, **said)
        self.running = RunningPrograms(self.machine.platform(), ProgramList(terms), self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waited += 1
        self._each_second(self.waited)
        await asyncio.sleep(0)

    def end(self, process: Process) -> None:
        self.machine.running.remove(process)


def test_only_what_the_exam_does_not_allow_is_named_once_for_all_its_processes() -> None:
    desk = Desk()
    first = desk.machine.start_process("zoom")
    for name in ("zoom", "firefox", "bash"):
        desk.machine.start_process(name)
    assert desk.running.now() == (RunningProgram("Zoom", (first.pid,)),)


def test_a_process_that_owns_a_window_is_asked_rather_than_its_helpers() -> None:
    desk = Desk()
    helper, main = desk.machine.start_process("zoom"), desk.machine.start_process("zoom")
    desk.machine.open_window(Window(5, main.pid, 0, 0, 10, 10))
    assert desk.running.ask_to_close("Zoom")
    assert desk.machine.asked_to_close == [main.pid] and helper.pid != main.pid


def test_a_renamed_program_is_found_by_its_window() -> None:
    desk = Desk()
    process = desk.machine.start_process("notes")
    desk.machine.open_window(Window(5, process.pid, 0, 0, 10, 10, program="anydesk"))
    assert desk.running.now() == (RunningProgram("AnyDesk", (process.pid,)),)


def test_files_excuse_and_files_find() -> None:
    good, bad = "ab" * 32, "cd" * 32
    desk = Desk(allowed_hashes=frozenset({good}), blocked_hashes=frozenset({bad}))
    desk.machine.start_process("zoom", Fingerprint(good))
    desk.machine.start_process("notes", Fingerprint(bad))
    assert [program.name for program in desk.running.now()] == [f"the file {bad[:12]}"]


async def test_closing_waits_for_the_program_that_asks_whether_to_save() -> None:
    desk = Desk(lambda second: desk.end(process) if second == 5 else None)
    process = desk.machine.start_process("zoom")
    assert await desk.running.close("Zoom")
    assert (desk.waited, desk.machine.asked_to_close) == (5, [process.pid])


async def test_a_program_that_does_not_close_is_left_alone_after_its_time() -> None:
    desk = Desk()
    process = desk.machine.start_process("zoom")
    assert not await desk.running.close("Zoom")
    assert desk.waited == PATIENCE_S and desk.machine.asked_to_close == [process.pid]
    assert process in desk.machine.running


async def test_a_program_that_is_gone_already_is_closed() -> None:
    assert await Desk().running.close("Zoom")
