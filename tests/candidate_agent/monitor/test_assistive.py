"""Programs that help a person are counted, and those that were agreed on are told from the others."""

from candidate_agent.monitor.assistive import count
from candidate_agent.monitor.programs import ProgramList, Terms
from candidate_agent.platforms.simulated.machine import Machine


def counted(*running: str, allowed: tuple[str, ...] = ()) -> tuple[int, int]:
    machine = Machine(development=True)
    for name in running:
        machine.start_process(name)
    return count(machine.platform(), ProgramList(Terms(allowed=frozenset(allowed))).allows)


def test_ordinary_programs_are_none() -> None:
    assert counted("firefox", "bash", "orcad") == (0, 0)


def test_a_program_of_many_processes_counts_once() -> None:
    assert counted("orca", "orca", "NVDA.exe") == (2, 2)


def test_what_was_declared_is_counted_and_no_news() -> None:
    assert counted("orca", "dragonbar", allowed=("orca",)) == (2, 1)
    assert counted("orca", allowed=("orca",)) == (1, 0)
