"""kill -9 of the agent in the middle of a scripted sitting: the blow, what must hold right after it, and the restart.

What the agent had put into its spool is read from its files after each blow, so that the end can be compared with it.
"""

import hashlib
import os
import random
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from candidate_agent.spool import session_file
from candidate_agent.spool.log import scan, segment_path, segments
from demo.failure import StepFailed, need, wait_for
from demo.processes import marked
from demo.programs import Agent
from demo.stage import Stage, free_port
from exam_protocol.records import Lane, RecordType, parse_header

KEEPER_S = 2.0  # after which the computer must be as it was, whatever was changed
OF_AN_AGENT = "CANDIDATE_AGENT_DEMO"  # in the environment of the agent and of whatever it starts
HOLDER = "clipboard_holder"  # gives the candidate's clipboard text away when asked, and ends with that

Number = tuple[int, int, int]  # epoch, track, sequence
Place = tuple[int, int]  # lane, position


@dataclass(slots=True)
class Blows:
    """One candidate at one computer, whose agent is killed again and again. `chance` is seeded."""

    stage: Stage
    chance: random.Random
    moment: str = "the start"
    restarts: int = 0
    session_ids: set[str] = field(default_factory=set)
    appended: dict[Place, str] = field(default_factory=dict)
    numbers: dict[Number, str] = field(default_factory=dict)
    restored_s: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        """The agent, from the same link, with a log of its own."""
        stage, number = self.stage, self.restarts
        stage.agent = Agent(
            stage.processes, stage.work_dir / "candidate", free_port(), name=f"candidate-agent-{number:02d}"
        )
        stage.agent.start(stage.facts.link, stage.machine.environment())
        stage.candidate = stage.candidate_at(stage.agent.debug_port)
        self.restarts += 1

    def kill(self, moment: str, within_s: float = 1.0) -> None:
        """At a random time from now. Raises StepFailed where something does not hold."""
        self.moment = f"{moment}, phase '{self.stage.agent.phase()}'"
        time.sleep(self.chance.uniform(0, within_s))
        running = self.stage.agent.running
        need(running is not None and running.alive, f"the agent had ended before: {self.stage.agent.log_end()}")
        assert running is not None
        self.moment = f"{moment}, phase '{self.stage.agent.phase()}'"
        children = psutil.Process(running.process.pid).children(recursive=True)
        os.kill(running.process.pid, signal.SIGKILL)
        began_s = time.monotonic()
        running.process.wait(5)
        self.stage.processes.started.remove(running)
        self._same_computer(moment, began_s)
        self.nobody_left(children)
        self._read_spool()

    def kill_and_restart(self, moment: str, *phases: str, within_s: float = 1.0) -> None:
        self.kill(moment, within_s)
        self.start()
        self.reaches(*phases)

    def reaches(self, *phases: str) -> None:
        self.stage.agent.wait_phase(*phases, timeout_s=60)

    # --- right after the blow ---

    def _same_computer(self, moment: str, began_s: float) -> None:
        before = self.stage.facts.before
        assert before is not None
        while True:
            looked_s = time.monotonic() - began_s
            differences = before.differences(self.stage.machine.snapshot())
            if not differences:
                self.restored_s[moment] = round(looked_s, 2)
                return
            need(looked_s < KEEPER_S, f"{looked_s:.1f} s after the kill not as it was: {str(differences)[:600]}")
            time.sleep(0.05)

    def nobody_left(self, children: list[psutil.Process]) -> None:
        """Keeper and browser processes end by themselves."""
        _, alive = psutil.wait_procs(children, timeout=5)
        need(not alive, f"left running: {[describe(process) for process in alive]}")

    def _read_spool(self) -> None:
        for path in self.stage.agent.home_dir.glob("sessions/*/session.json"):
            found = session_file.load(path.parent)
            if found is not None and found.enrolled:
                self.session_ids.add(found.session_id.hex())
        for spool_dir in self.stage.agent.home_dir.glob("sessions/*/spool"):
            for lane in Lane:
                self._read_lane(spool_dir, lane)

    def _read_lane(self, spool_dir: Path, lane: int) -> None:
        """Whole records only: what a kill cut off in the middle was never appended."""
        for first in segments(spool_dir, lane):
            for found in scan(segment_path(spool_dir, lane, first), 0):
                self.note(lane, found.position, found.record)

    def note(self, lane: int, position: int, record: bytes) -> None:
        digest = hashlib.sha256(record).hexdigest()
        known = self.appended.setdefault((lane, position), digest)
        need(known == digest, f"lane {lane} position {position} was written twice with different bytes")
        header = parse_header(record)
        if header.type is RecordType.DATA:
            number = (header.epoch, header.track, header.sequence)
            need(self.numbers.setdefault(number, digest) == digest, f"epoch, track, sequence {number} came twice")


def describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:100]}"
    except psutil.Error:
        return str(process.pid)


def agents_left(run_id: str) -> list[str]:
    """Processes of any of the agents, but for the holder of the candidate's clipboard."""
    left = []
    for process in marked(run_id):
        try:
            if OF_AN_AGENT in process.environ() and HOLDER not in describe(process):
                left.append(describe(process))
        except psutil.Error:
            continue  # it ended meanwhile
    return left


def agent_ended(blows: Blows) -> bool:
    """The last screen's button, once everything has arrived; then the program and all it started have ended."""
    stage = blows.stage
    wait_for("the receipt is written", lambda: stage.agent.events("receipt"), 60)
    running = stage.agent.running
    assert running is not None
    children = psutil.Process(running.process.pid).children(recursive=True)
    stage.person.closes()
    if stage.agent.wait_end(30) != 0:
        raise StepFailed(f"the agent ended with an error: {stage.agent.log_end()}")
    blows.nobody_left([child for child in children if HOLDER not in describe(child)])
    return True
