"""What no port tells by itself: a look that is asked for while one is under way is not forgotten."""

from candidate_agent.monitor.looks import Looks
from candidate_agent.monitor.programs import ProgramList, Terms
from candidate_agent.monitor.running import RunningProgram, RunningPrograms
from candidate_agent.monitor.sightings import Sightings
from candidate_agent.platforms.ports import Fingerprint
from candidate_agent.platforms.simulated.machine import Machine
from tests.candidate_agent.platforms.collected import Collected

OURS = 1


class Late(RunningPrograms):
    """A program starts, and is told, when the first look has already gone past its place in the list."""

    looks: Looks
    machine: Machine
    count = 0

    def now(self) -> tuple[RunningProgram, ...]:
        found = super().now()
        self.count += 1
        if self.count == 1:
            self.machine.start_process("anydesk")
            self.looks.soon("running")
        return found


def test_a_program_that_starts_during_a_look_is_named_by_the_next_one() -> None:
    machine = Machine(development=True)
    platform, programs = machine.platform(), ProgramList(Terms(categories=frozenset({"remote_control"})))
    running, named, faults = Late(platform, programs), Collected[tuple[str, ...]](), list[str]()
    sightings = Sightings(programs, 0, lambda process: Fingerprint(""))
    running.machine = machine
    running.looks = looks = Looks(
        platform, programs, running, sightings, lambda: OURS, lambda seen: None, named,
        lambda code, text: faults.append(text),
    )  # fmt: skip
    looks.start()
    try:
        assert named.wait(bool) == ("AnyDesk",)
    finally:
        looks.stop()
    assert faults == []
