"""A candidate's desk for end-to-end tests: screen, camera, microphone, an exam office, a server and real agents.

Everything is the real thing in a process of its own. Built by conftest.py, shared by the tests of a module.
"""

import contextlib
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.candidate import Candidate
from demo.pointer import Pointer
from demo.processes import Processes
from demo.programs import Agent
from demo.stage import free_port
from exam_protocol import codec
from exam_protocol.signing import SignedDocument
from tests.rig import snapshot
from tests.rig.camera import CameraRig
from tests.rig.microphone import MicrophoneRig
from tests.rig.snapshot import Snapshot
from tests.rig.xserver import XServer
from tests.server_stub.client import ROOT_DIR, Office, ServerProcess, request

START_S, END_S = 40.0, 20.0
TITLE = "Chemistry"
_NUMBERS = itertools.count(1)


def new_code() -> str:
    """A launch code that no test used before."""
    return f"SEAT-{next(_NUMBERS):04d}"


@dataclass(slots=True)
class Exam:
    """Published on a running server. `package_path` is the file that a candidate would download."""

    office: Office
    server: ServerProcess
    package_path: Path

    def ticket(self, *, minutes: float = 10) -> str:
        code = new_code()
        answer = request(self.server.url, "PUT", "/api/office/ticket", self.office.make_ticket(code, minutes=minutes))
        assert answer.status == 204, answer.data
        return code

    def words(self, code: str) -> list[str]:
        """Arguments of `candidate-agent start` for one candidate."""
        return [str(self.package_path), "--root", self.office.fingerprint, "--code", code]

    def link(self, server_url: str = "", code: str = "SEAT-0000") -> str:
        """What the exam office sends to a candidate."""
        server = server_url or self.server.url
        return f"exam-agent://start?server={server}&exam={self.office.exam_id}&root={self.office.fingerprint}#{code}"


def write_package(path: Path, document: SignedDocument) -> Path:
    path.write_bytes(codec.encode(document))
    return path


def publish(server: ServerProcess, office: Office, package_path: Path, **changes: object) -> Exam:
    """Signs package and first roster for a running server, and puts both there. `changes`: fields of the package."""
    document = office.make_package(**{"server_key": server.public_key, "server_url": server.url, **changes})  # type: ignore[arg-type]
    server.publish(office)
    return Exam(office, server, write_package(package_path, document))


@dataclass(slots=True)
class SeatedAgent(Agent):
    """`python -m candidate_agent` from this source tree, or `module`, which runs it in its own way."""

    module: str = "candidate_agent"

    def begin(
        self, words: list[str], environment: dict[str, str], *, demo: bool = True, prefix: tuple[str, ...] = ()
    ) -> None:
        home = ["--home", str(self.home_dir), *(["--demo"] if demo else [])]
        command: list[str | Path] = [*prefix, sys.executable, "-m", self.module, "start", *words, *home]
        self.running = self.processes.start(self.name, command, self._own(environment))

    def begin_practice(self, environment: dict[str, str]) -> None:
        """A short one, started by a script."""
        command = [sys.executable, "-m", self.module, "practice", "--short", "--home", str(self.home_dir)]
        command += ["--demo", "--no-window"]
        self.running = self.processes.start(self.name, command, self._own(environment))

    def _own(self, environment: dict[str, str]) -> dict[str, str]:
        return {
            **environment,
            "PYTHONPATH": str(ROOT_DIR),
            "CANDIDATE_AGENT_DEMO": "1",
            "QTWEBENGINE_REMOTE_DEBUGGING": str(self.debug_port),
        }

    def log(self) -> str:
        return self.running.log() if self.running else ""

    def sentence(self) -> str:
        """What it said in words on standard error: the last line."""
        said = [line for line in self.log().splitlines() if line.startswith("candidate-agent:")]
        return said[-1] if said else ""

    def sessions(self) -> list[Path]:
        return sorted((self.home_dir / "sessions").glob("*"))


@dataclass(slots=True)
class Desk:
    work_dir: Path
    processes: Processes
    screen: XServer
    camera: CameraRig
    microphone: MicrophoneRig
    exam: Exam
    agents: list[SeatedAgent] = field(default_factory=list)

    def environment(self, extra: dict[str, str] | None = None) -> dict[str, str]:
        own = {
            "DISPLAY": self.screen.display,
            "XDG_SESSION_TYPE": "x11",
            "WAYLAND_DISPLAY": "",
            "XDG_CONFIG_HOME": str(self.work_dir / "desktop"),
        }
        return {**own, **self.microphone.environment(), **self.camera.environment(), **(extra or {})}

    def snapshot(self) -> Snapshot:
        return snapshot.take(self.screen.display, self.work_dir / "desktop" / "autostart")

    def agent(self, home_dir: Path | None = None) -> SeatedAgent:
        """Not started yet. Without `home_dir` on a computer where no exam was taken before."""
        number = next(_NUMBERS)
        agent = SeatedAgent(
            self.processes, home_dir or self.work_dir / f"home-{number}", free_port(), name=f"agent-{number}"
        )
        self.agents.append(agent)
        return agent

    def starts(
        self,
        words: list[str],
        *,
        home_dir: Path | None = None,
        demo: bool = True,
        prefix: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
    ) -> SeatedAgent:
        """Started by a script: problems before the window go to standard error only."""
        agent = self.agent(home_dir)
        agent.begin([*words, "--no-window"], self.environment(env), demo=demo, prefix=prefix)
        return agent

    def sits(self, code: str, *, home_dir: Path | None = None) -> SeatedAgent:
        """An agent of the shared exam, at the consent page."""
        agent = self.starts(self.exam.words(code), home_dir=home_dir)
        agent.wait_phase("consenting", timeout_s=START_S)
        return agent

    def candidate(self, agent: SeatedAgent) -> Candidate:
        return Candidate(Pointer(self.processes, self.screen.display), agent.debug_port, "no exam page")

    def titles(self) -> str:
        """Of all windows, a line each; empty before the first one."""
        with contextlib.suppress(subprocess.CalledProcessError):
            return self.screen.run("wmctrl", "-l")
        return ""

    def closes(self, agent: SeatedAgent) -> int:
        """The window's own close button, as the window manager presses it. Exit status."""
        self.screen.run("wmctrl", "-c", TITLE)
        return agent.wait_end(END_S)

    def clear(self) -> None:
        """Ends every agent of this test; none of them may have ended in a trace."""
        for agent in self.agents:
            if agent.running is not None:
                self.processes.end(agent.running)
        logs = {agent.name: agent.log() for agent in self.agents}
        self.agents.clear()
        assert [name for name, log in logs.items() if "Traceback" in log or '"unexpected"' in log] == [], logs


def read_session(agent: SeatedAgent) -> dict[str, object]:
    """The one session file of this computer."""
    [directory] = agent.sessions()
    found: dict[str, object] = json.loads((directory / "session.json").read_bytes())
    return found


@contextmanager
def standing(work_dir: Path) -> Iterator[Desk]:
    """Screen, sound, camera, server and a published exam; all of it ends with the block."""
    (work_dir / "logs").mkdir()
    processes, office = Processes(work_dir / "logs"), Office()
    screen, microphone, camera = XServer(), MicrophoneRig(work_dir), CameraRig(work_dir)
    server = ServerProcess(work_dir / "server", office.fingerprint)
    try:
        screen.start()
        microphone.start()
        camera.build()
        server.start()
        exam = publish(server, office, work_dir / "exam.exampackage")
        yield Desk(work_dir, processes, screen, camera, microphone, exam)
    finally:
        processes.end_all()
        server.stop()
        microphone.stop()
        screen.stop()
