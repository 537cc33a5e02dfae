"""Everything the steps of the scripted sitting share: folders, people, programs and the computer. Built by scripted.py.

Building does nothing; each step starts what it needs, and `clear` ends it all in reverse.
"""

import secrets
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from demo.candidate import Candidate
from demo.exam_site.site import ExamSite
from demo.failure import StepFailed
from demo.line import Line
from demo.machine import Machine
from demo.pointer import Pointer
from demo.processes import Processes, Running
from demo.proctor import Proctor
from demo.programs import Agent, Evidence, Office, Server
from demo.result import Figure
from tests.rig.snapshot import Snapshot

INSTITUTION = "University of the North Shore"
EXAM_ID = "MAT-201-final"
CANDIDATE_NAME = "Ada Lindgren"
PROCTOR_ID = "proctor-a"
PROCTOR_NAME = "Noor Haddad"
EXAM_TOML = f"""
exam_id = "{EXAM_ID}"
title = "Linear Algebra, final exam"
contact = "Exam office, exams@university.example"
time_zone = "UTC"
alternative = "Come to room 204 of the exam office; you can sit the exam there on a computer of the institution."

[course]
name = "Linear Algebra"
number = "MAT-201"

[policy]
duration_s = 1800
warnings_before_end = 2
retention_days = 90
breaks = 1
"""


@dataclass(slots=True)
class Facts:
    """What one step learnt and a later one needs."""

    root: str = ""
    server_key: str = ""
    link: str = ""
    spare_link: str = ""
    session_id: str = ""
    before: Snapshot | None = None
    card_path: Path = Path()
    key_path: Path = Path()
    bundle_path: Path = Path()
    opened_dir: Path = Path()
    answer: str = ""
    exam_began_s: float = 0.0
    recorded_s: float = 0.0


@dataclass(slots=True)
class Stage:
    output_dir: Path
    work_dir: Path
    processes: Processes
    machine: Machine
    site: ExamSite
    office: Office
    server: Server
    line: Line
    evidence: Evidence
    agent: Agent
    proctor: Proctor
    canary: str
    passphrase_path: Path
    password_path: Path
    candidate: Candidate | None = None
    server_running: Running | None = None
    facts: Facts = field(default_factory=Facts)
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def person(self) -> Candidate:
        """The candidate in front of the agent."""
        if self.candidate is None:
            raise StepFailed("the agent has not been started")
        return self.candidate

    def candidate_at(self, debug_port: int) -> Candidate:
        return Candidate(Pointer(self.processes, self.machine.display), debug_port, self.site.origin)

    def pictures(self, number: int, name: str) -> None:
        """One of the candidate's screen and one of the console."""
        self.machine.picture(self.output_dir / f"{number:02d}-{name}-candidate.png")
        self.proctor.screenshot(self.output_dir / f"{number:02d}-{name}-proctor.png")

    def after_failure(self, number: int) -> None:
        """Pictures of both sides and every log, whatever can still be had."""
        takers: tuple[tuple[str, Callable[[Path], None]], ...] = (
            ("candidate", self.machine.picture),
            ("proctor", self.proctor.screenshot),
        )
        for name, take in takers:
            try:
                take(self.output_dir / f"{number:02d}-failure-{name}.png")
            except Exception as error:  # a picture is a courtesy: the failure itself is what counts
                with (self.output_dir / f"{number:02d}-failure.txt").open("a", encoding="utf-8") as file:
                    file.write(f"\nno picture: {error}\n")
        if self.proctor.errors:
            (self.output_dir / "console-errors.txt").write_text("\n".join(self.proctor.errors), encoding="utf-8")

    def clear(self) -> tuple[str, ...]:
        """Ends everything that was started, the last first. Returns what did not end well."""
        troubles: list[str] = []
        for name, end in (
            ("the proctor's browser", self.proctor.stop),
            ("programs", self.processes.end_all),
            ("the line", self.line.stop),
            ("the exam page", self.site.stop),
            ("the computer", self.machine.stop),
        ):
            try:
                end()
            except Exception as error:  # one that does not end must not keep the others
                troubles.append(f"{name}: {error}")
        return (*troubles, *self.processes.end_strays())


def build(output_dir: Path) -> Stage:
    """Folders and secrets are made, nothing is started."""
    work_dir = Path(tempfile.mkdtemp(prefix="exam-demo-"))
    log_dir = output_dir / "logs"
    log_dir.mkdir(parents=True, exist_ok=True)
    processes = Processes(log_dir)
    passphrase_path = _secret_file(work_dir / "passphrase")
    password_path = _secret_file(work_dir / "password")
    server = Server(processes, work_dir / "server", free_port())
    return Stage(
        output_dir=output_dir,
        work_dir=work_dir,
        processes=processes,
        machine=Machine(work_dir),
        site=ExamSite("K7Q2" + secrets.token_hex(2).upper()),
        office=Office(processes, work_dir / "office", passphrase_path),
        server=server,
        line=Line(server.port),
        evidence=Evidence(processes),
        agent=Agent(processes, work_dir / "candidate", free_port()),
        proctor=Proctor(PROCTOR_ID),
        canary=f"canary{secrets.token_hex(6)}",
        passphrase_path=passphrase_path,
        password_path=password_path,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _secret_file(path: Path) -> Path:
    path.write_text(secrets.token_urlsafe(18), encoding="utf-8")
    path.chmod(0o600)
    return path
