"""The command lines of our own programs, and what they print: the only file to mend when one of them changes."""

import json
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.failure import StepFailed, wait_for
from demo.processes import Processes, Running

_HEX_KEY = re.compile(r"\b[0-9a-f]{64}\b")


def program(name: str) -> Path:
    """A command of this repository, from the same .venv."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise StepFailed(f"the command {name} is not installed; run `make setup`")
    return path


class Office:
    """`exam-office` on a folder of its own."""

    def __init__(self, processes: Processes, office_dir: Path, passphrase_path: Path) -> None:
        self._processes = processes
        self.office_dir = office_dir
        self._passphrase_path = passphrase_path

    def init(self, institution: str) -> str:
        """Fingerprint of the root key."""
        return self._json("init", "--institution", institution)["root"]

    def package(self, config_path: Path, *, server_url: str, server_key: str, out: Path) -> None:
        self._json("package", "--config", config_path, "--server", server_url, "--server-key", server_key, "--out", out)

    def roster(self, exam_id: str, card_path: Path, *, address: str, access_code: str, origin: str) -> None:
        self._json(
            "roster", "--exam", exam_id, "--card", card_path, "--address", address,
            "--access-code", access_code, "--origin", origin,
        )  # fmt: skip

    def launch_link(self, exam_id: str, candidate_id: str, name: str) -> str:
        return self._json("launch-code", "--exam", exam_id, "--candidate", candidate_id, "--name", name)["link"]

    def publish(self, server_url: str) -> dict[str, str]:
        return self._json("publish", "--server", server_url, passphrase=False)

    def _json(self, command: str, *words: str | Path, passphrase: bool = True) -> dict[str, str]:
        secret: list[str | Path] = ["--passphrase-file", self._passphrase_path] if passphrase else []
        said = self._processes.run([program("exam-office"), command, self.office_dir, *words, *secret, "--json"])
        answer: dict[str, str] = json.loads(said)
        return answer


class Server:
    """`proctor-server` on a folder of its own."""

    def __init__(self, processes: Processes, server_dir: Path, port: int) -> None:
        self._processes = processes
        self.server_dir = server_dir
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def init(self, root: str) -> str:
        """The server's public key, hexadecimal."""
        said = self._processes.run([program("proctor-server"), "init", self.server_dir, "--root", root])
        found = _HEX_KEY.search(said)
        if found is None:
            raise StepFailed(f"`proctor-server init` printed no key: {said[:200]!r}")
        return found.group()

    def add_proctor(self, name: str, password_path: Path) -> None:
        self._processes.run(
            [program("proctor-server"), "add-proctor", self.server_dir, name, "--password-file", password_path]
        )

    def run(self) -> Running:
        return self._processes.start(
            "proctor-server", [program("proctor-server"), "run", self.server_dir, "--port", str(self.port)]
        )

    def export(self, session_id: str, out: Path) -> None:
        self._processes.run([program("proctor-server"), "export", self.server_dir, session_id, "--out", out])


class Evidence:
    """`exam-evidence`: needs no server."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def verify(
        self, bundle: Path, root: str, *, statuses: tuple[int, ...] = (0,), key: tuple[Path, Path] | None = None
    ) -> str:
        """`key`: key file and the file of its passphrase; with them a damaged record is named exactly."""
        words: list[str | Path] = [program("exam-evidence"), "verify", bundle, "--root", root]
        if key:
            words += ["--key", key[0], "--passphrase-file", key[1]]
        return self._processes.run(words, timeout_s=120, statuses=statuses)

    def open(self, bundle: Path, key_path: Path, passphrase_path: Path, out_dir: Path) -> str:
        return self._processes.run(
            [program("exam-evidence"), "open", bundle, "--key", key_path, "--passphrase-file", passphrase_path,
             "--out", out_dir], timeout_s=180,
        )  # fmt: skip

    def report(self, bundle: Path, root: str, key_path: Path, passphrase_path: Path, out: Path) -> str:
        return self._processes.run(
            [program("exam-evidence"), "report", bundle, "--root", root, "--key", key_path,
             "--passphrase-file", passphrase_path, "--out", out], timeout_s=120,
        )  # fmt: skip


@dataclass(slots=True)
class Agent:
    """`candidate-agent start` with a home of its own. Its standard error is JSON, one event a line."""

    processes: Processes
    home_dir: Path
    debug_port: int
    name: str = "candidate-agent"
    running: Running | None = field(default=None)

    def start(self, link: str, environment: dict[str, str]) -> None:
        env = {
            **environment,
            "CANDIDATE_AGENT_DEMO": "1",
            "QTWEBENGINE_REMOTE_DEBUGGING": str(self.debug_port),
        }
        command: list[str | Path] = [program("candidate-agent"), "start", link, "--home", self.home_dir]
        command += [
            "--language",
            "en",
            "--demo",
            "--no-window",
        ]  # a problem at the start goes to the log: no box waits for a click
        self.running = self.processes.start(self.name, command, env)

    def events(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self._lines() if line.get("event") == event]

    def phase(self) -> str:
        phases = self.events("phase")
        return str(phases[-1].get("phase", "")) if phases else ""

    def wait_phase(self, *phases: str, timeout_s: float = 30) -> str:
        """The phase that came. Raises StepFailed with the end of the log where the program ended meanwhile."""

        def reached() -> str | None:
            phase = self.phase()
            if phase in phases:
                return phase
            if self.running is None or not self.running.alive:
                raise _Ended(f"the agent ended in phase '{phase}': {self.log_end()}")
            return None

        try:
            return wait_for(f"the agent reaches {' or '.join(phases)}", reached, timeout_s)
        except _Ended as error:
            raise StepFailed(str(error)) from error
        except StepFailed as error:
            raise StepFailed(f"{error}; it is in '{self.phase()}': {self.log_end()}") from error

    def wait_end(self, timeout_s: float) -> int:
        """Exit status."""
        process = self.running.process if self.running else None
        deadline = time.monotonic() + timeout_s
        while process is not None and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        if process is None or process.returncode is None:
            raise StepFailed(f"the agent did not end within {timeout_s:.0f} s: {self.log_end()}")
        return process.returncode

    def log_end(self) -> str:
        return self.running.log()[-500:].strip() if self.running else "not started"

    def _lines(self) -> list[dict[str, Any]]:
        if self.running is None:
            return []
        return [json.loads(line) for line in self.running.log().splitlines() if _is_json(line)]


class _Ended(Exception):
    pass


def _is_json(line: str) -> bool:
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
