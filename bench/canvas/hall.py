"""Who takes part in bench/canvas: institution, server, a proctor at her console in Chromium, candidates, and the peer's
relay and page. `measure` opens it, lets candidates in and ends it.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page

from bench.media import child, virtual_screen
from demo.failure import StepFailed, need, wait_for
from demo.processes import Processes, Running
from demo.proctor import Proctor
from demo.programs import Office, Server
from demo.stage import EXAM_ID, EXAM_TOML, INSTITUTION, PROCTOR_ID, PROCTOR_NAME, free_port
from demo.web import fetch
from tests.rig.camera import CameraRig
from tests.rig.microphone import MicrophoneRig

HERE = Path(__file__).parent
ORIGIN = "http://127.0.0.1"
SEATS = 8


@dataclass(slots=True)
class Candidate:
    """A child and how to speak with it."""

    process: subprocess.Popen[str]
    is_simulated: bool

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def leave(self) -> dict[str, Any]:
        """Its stamps, once it has sent what it had and ended."""
        output, _ = self.process.communicate(timeout=90)
        need(self.process.returncode == 0, f"a candidate ended with status {self.process.returncode}")
        stamps: dict[str, Any] = json.loads(output.splitlines()[-1])
        return stamps


@dataclass(slots=True)
class Hall:
    directory: Path
    processes: Processes
    office: Office
    server: Server
    proctor: Proctor
    stack: ExitStack
    environment: dict[str, str] = field(default_factory=dict)  # of the real candidate: screen, camera, microphone
    server_running: Running | None = None
    server_key: str = ""
    bare_port: int = 0
    bare_page: Page | None = None
    candidates: list[Candidate] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)
    _ready: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def stamps_path(self) -> Path:
        return self.directory / "server-stamps.json"

    def open(self) -> None:
        """Everything but candidates; the console is open, and the peer's page beside it."""
        self._serve()
        self._sign()
        self._open_bare()
        self._furnish()

    def _serve(self) -> None:
        root = self.office.init(INSTITUTION)
        self.server_key = self.server.init(root)
        self.server.add_proctor(PROCTOR_ID, self.directory / "password")
        command = [sys.executable, "-m", "bench.canvas.server", str(self.stamps_path), "run"]
        running = self.processes.start("server", [*command, self.server.server_dir, "--port", str(self.server.port)])
        self.server_running = running
        self._answers(running, self.server.url + "/healthz")

    def _answers(self, running: Running, url: str) -> None:
        def look() -> bool:
            need(running.alive, f"{running.name} ended: {running.log()[-300:]}")
            return fetch(url) is not None

        wait_for(f"{running.name} answers", look, 30)

    def _sign(self) -> None:
        config_path = self.directory / "exam.toml"
        config_path.write_text(EXAM_TOML, encoding="utf-8")
        out = self.directory / "exam.exampackage"
        self.office.package(config_path, server_url=self.server.url, server_key=self.server_key, out=out)
        self.office.publish(self.server.url)
        secret = (self.directory / "password").read_text(encoding="utf-8")
        self.proctor.start()
        self.proctor.page.add_init_script(path=HERE / "steps.js")
        self.proctor.signs_in(self.server.url, secret)
        card_path, _ = self.proctor.makes_keys(PROCTOR_NAME, secret, self.directory)
        self.office.roster(EXAM_ID, card_path, address=f"{ORIGIN}/", access_code="BENCH1", origin=ORIGIN)
        for number in range(1, SEATS + 1):
            self._links.append(self.office.launch_link(EXAM_ID, f"c-{number}", f"Candidate {number}"))
        self.office.publish(self.server.url)
        self.proctor.comes_in()

    def _open_bare(self) -> None:
        self.bare_port = free_port()
        running = self.processes.start("bare", [sys.executable, "-m", "bench.canvas.bare", str(self.bare_port)])
        url = f"http://127.0.0.1:{self.bare_port}/"
        self._answers(running, url + "page/bare.css")
        browser = self.proctor.page.context.browser
        assert browser is not None, "launched by the proctor"
        self.bare_page = browser.new_page()
        self.bare_page.goto(url)
        self.proctor.page.bring_to_front()

    def _furnish(self) -> None:
        """The real candidate's screen, that is typed on, her camera and her microphone, that hears her speak."""
        display = self.stack.enter_context(virtual_screen())
        camera = CameraRig(self.directory, width=640, height=480, per_s=10)
        camera.build()
        microphone = MicrophoneRig(self.directory)
        self.stack.callback(microphone.stop)
        microphone.start()
        microphone.speak("A candidate reads the question aloud, thinks, and reads it again. " * 20)
        plain = {**os.environ, "DISPLAY": display, **microphone.environment()}
        self.stack.enter_context(child([sys.executable, "-m", "bench.typist"], plain))
        self.environment = {**plain, **camera.environment(plain)}

    # --- candidates -----------------------------------------------------------------------------------------------

    def enters(self, *, packets_path: Path | None = None, lag_s: float = 0.0) -> Candidate:
        """A candidate comes: with the whole media path, or simulated from packets that were kept."""
        number = len(self.candidates)
        home = str(self.directory / f"candidate-{number}")
        words = [home, self._links[number], f"ws://127.0.0.1:{self.bare_port}/from", str(number)]
        program = ["bench.canvas.real"]
        if packets_path is not None:
            program = ["bench.canvas.simulated", str(packets_path), str(lag_s)]
        environment = self.environment if packets_path is None else dict(os.environ)
        command = [sys.executable, "-m", *program, *words]
        process = self.stack.enter_context(child(command, environment, pipes=True))
        candidate = Candidate(process, packets_path is not None)
        self.candidates.append(candidate)
        return candidate

    def all_are_seen(self) -> None:
        """Every candidate is ready, and both pictures of each are drawn in the grid."""
        for candidate in self.candidates:
            if candidate.process.stdout is not None and candidate.process not in self._ready:
                need(candidate.process.stdout.readline() == "ready\n", "a candidate did not come in")
                self._ready.append(candidate.process)
        wait_for("all pictures are in the grid", self._tiles_drawn, 150)

    def _tiles_drawn(self) -> bool:
        drawn = self.proctor.page.evaluate("() => document.querySelectorAll('.tile canvas[data-frames]').length")
        if drawn != 2 * len(self.candidates):
            raise StepFailed(f"{drawn} of {2 * len(self.candidates)} canvases are drawn")
        return True

    def tell(self, word: str) -> None:
        for candidate in self.candidates:
            candidate.tell(word)

    def browser_pids(self) -> list[int]:
        return [process.pid for process in psutil.Process().children(recursive=True) if "chrom" in process.name()]


@contextmanager
def hall(directory: Path) -> Iterator[Hall]:
    secret_path = directory / "password"
    secret_path.write_text(secrets.token_urlsafe(18), encoding="utf-8")
    secret_path.chmod(0o600)
    processes = Processes(directory)
    with ExitStack() as stack:
        stack.callback(processes.end_all)
        proctor = Proctor(PROCTOR_ID)
        stack.callback(proctor.stop)
        office = Office(processes, directory / "office", secret_path)
        yield Hall(directory, processes, office, Server(processes, directory / "server", free_port()), proctor, stack)
