"""`candidate-agent check`: figures without an exam, as a table and as JSON, and a status that scripts can trust."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from candidate_agent import checking, cli
from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import ServerError
from candidate_agent.checks.base import row
from candidate_agent.platforms.select import SIMULATION_WORD
from candidate_agent.uplink.reach import reach
from candidate_agent.uplink.transport import parse_address
from exam_protocol.catalogue import ASKED, CHECKS
from exam_protocol.records import CheckRow
from tests.rig.camera import CameraRig
from tests.rig.xserver import XServer

ROOT = Path(__file__).parents[2]
FINE = row("disk", "pass", 50.0, "2 GB free")
LOOK = row("light", "person", 34.0, "60 to 200 of 255", "dark")
STOP = row("camera", "fail", "no camera", "any", "missing")
SOFT = row("clock", "fail", 3600.0, "less than 2 s", "slow", away=3600)


class Answering(BaseHTTPRequestHandler):
    """A server that has nothing but its health."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def server_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def measured(capsys: pytest.CaptureFixture[str], tmp_path: Path, *arguments: str) -> tuple[int, dict[str, CheckRow]]:
    """Of a run on the simulated machine, which has neither camera nor microphone."""
    status = cli.run(["check", "--json", "--home", str(tmp_path / "home"), *arguments])
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["checks"]
    assert {tuple(each) for each in told["checks"]} == {("code", "outcome", "value", "unit", "threshold", "remedy")}
    return status, {each["code"]: CheckRow(**each) for each in told["checks"]}


def test_without_camera_and_server_each_says_why_it_was_not_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SIMULATION_WORD, "simulated")
    status, rows = measured(capsys, tmp_path)
    assert list(rows) == [code for code in CHECKS if code not in ASKED]
    for code in ("camera", "light", "framing", "microphone", "noise", "server", "network_up", "clock", "window"):
        assert rows[code].outcome == "unmeasured" and rows[code].remedy, code
    assert rows["memory"].outcome == "pass" and rows["encoder"].value is not None
    assert status == checking.STOPS_STATUS, "no exam runs in a simulated session"
    assert list((tmp_path / "home").iterdir()) == [], "nothing stays"


def test_a_server_that_is_named_is_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: str
) -> None:
    monkeypatch.setenv(SIMULATION_WORD, "simulated")
    _, rows = measured(capsys, tmp_path, "--server", server_url)
    assert {rows[code].outcome for code in ("server", "clock", "download", "client")} == {"pass"}
    assert rows["network_up"].outcome == "unmeasured" and "start link" in rows["network_up"].remedy


@pytest.mark.real
@pytest.mark.slow
def test_on_a_real_desktop_with_a_camera_a_face_is_measured_and_nothing_is_left(tmp_path: Path) -> None:
    """The program itself, on an X server and with a camera of the rig."""
    camera = CameraRig(tmp_path)
    camera.build()
    with XServer() as server:
        environment = {**server.environment(), "PYTHONPATH": str(ROOT)}
        command = (sys.executable, "-m", "candidate_agent", "check", "--json", "--home", str(tmp_path / "home"))
        done = subprocess.run(
            command, env={**environment, **camera.environment(environment)}, capture_output=True, timeout=90
        )
    rows = {each["code"]: each for each in json.loads(done.stdout)["checks"]}
    assert done.returncode in (0, checking.STOPS_STATUS) and done.stderr == b""
    assert rows["framing"]["outcome"] == "pass" and rows["framing"]["unit"] == "%"
    assert rows["session_type"]["value"] == "x11" and rows["displays"]["value"] == 1
    assert rows["permissions"]["value"] is not None and rows["encoder"]["value"] > 0
    assert list((tmp_path / "home").iterdir()) == []


def test_a_server_that_is_not_there_is_a_row_not_an_error() -> None:
    with pytest.raises(ServerError) as raised:
        reach(parse_address("http://127.0.0.1:1"), SystemClock())
    assert raised.value.code == "server_unreachable"


@pytest.mark.parametrize("url", ["ftp://exam.example", "http://exam.example", "exam.example", "https://"])
def test_an_address_that_is_none_is_said_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str
) -> None:
    assert cli.run(["check", "--server", url, "--home", str(tmp_path)]) == 12
    said = capsys.readouterr()
    assert "[insecure_address]" in said.err and url in said.err and said.out == ""


def test_a_home_that_is_a_file_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert cli.run(["check", "--home", str(tmp_path / "file")]) == 14
    assert "[disk_unwritable]" in capsys.readouterr().err


def test_only_what_would_keep_a_computer_from_an_exam_is_a_bad_end() -> None:
    assert checking.stops((FINE, LOOK, SOFT)) == ()
    assert checking.stops((FINE, STOP)) == (STOP,)


def test_the_table_names_value_verdict_and_what_to_do() -> None:
    said = checking.table((FINE, LOOK, STOP), 80)
    assert "Disk space                 50 GB" in said and "2 GB free" not in said
    assert "    wanted: 60 to 200 of 255\n    It is too dark to see you." in said
    assert said.endswith("1 of these would keep this computer from an exam.")
    assert all(len(line) <= 80 for line in said.splitlines())
    assert checking.table((FINE,), 80).endswith("This computer is ready.")
    assert "nothing keeps" in checking.table((FINE, LOOK), 80).lower()


def test_a_narrow_terminal_gets_narrow_lines() -> None:
    long = row("session_type", "fail", "wayland", "X11", "wayland")
    assert max(map(len, checking.table((long,), 10).splitlines())) <= 76
