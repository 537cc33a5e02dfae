"""`candidate-agent send`: what earlier sessions left goes to a real server, the receipt comes, nothing else stays."""

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent import cli
from candidate_agent.base.errors import STATUS
from candidate_agent.config import Config
from candidate_agent.earlier import Teller, time_words, words
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.sending import Progress, is_over
from candidate_agent.session.states import Kept, Phase
from exam_protocol.policy import Accommodations, Policy
from tests.candidate_agent.leftovers import ENDED, leave, publish
from tests.server_stub.client import HOUR_MS, Office, ServerProcess, now_ms


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def server(tmp_path: Path, office: Office) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path / "server", office.fingerprint)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "home")


def send(config: Config, give_up: str = "30") -> int:
    return cli.run(["send", "--home", str(config.home_dir), "--give-up", give_up])


def left_in(config: Config) -> set[str]:
    return {str(path.relative_to(config.home_dir)) for path in config.home_dir.rglob("*") if path.is_file()}


def test_what_was_left_is_sent_the_receipt_is_written_and_keys_and_recordings_are_gone(
    config: Config, server: ServerProcess, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    join = leave(config, publish(server, office, config.home_dir), ENDED)
    session = join.file.session_id.hex()
    assert send(config) == 0
    assert left_in(config) == {"agent.lock", "exam.exampackage", f"receipts/{session}.html", f"receipts/{session}.json"}
    page = (config.receipts_dir / f"{session}.html").read_text("utf-8")
    assert "Everything that was recorded has arrived." in page and "Screen saver" in page and "Kim Doe" in page
    assert f"receipts/{session}.html" in capsys.readouterr().out
    assert send(config) == 0, "a second time there is nothing to do"
    assert "nothing left to send" in capsys.readouterr().out


def test_an_end_that_a_crash_took_is_signed_before_the_rest_is_sent(
    config: Config, server: ServerProcess, office: Office
) -> None:
    kept = Kept(Phase.UNLOCKING, "time_over", began_ms=now_ms() - 600_000)
    join = leave(config, publish(server, office, config.home_dir), kept, end=False)
    assert send(config) == 0
    assert (config.receipts_dir / f"{join.file.session_id.hex()}.html").exists()


def test_a_session_that_can_be_gone_on_with_is_left_alone(
    config: Config, server: ServerProcess, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Kept(Phase.RUNNING, began_ms=now_ms() - 1000)
    join = leave(config, publish(server, office, config.home_dir), kept, end=False)
    before = left_in(config)
    assert send(config) == STATUS["session_open"]
    assert "not over yet" in capsys.readouterr().err
    assert left_in(config) >= before and join.directory.exists()


def test_without_a_server_it_says_so_and_keeps_everything_for_the_next_time(
    config: Config, server: ServerProcess, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(config, publish(server, office, config.home_dir), ENDED)
    server.stop()
    assert send(config, "0.5") == STATUS["server_unreachable"]
    said = capsys.readouterr()
    assert "Nothing is lost" in said.err and "waiting for the line" in said.out
    server._port = int(server.url.rpartition(":")[2])
    server.start()
    assert send(config) == 0


def test_it_does_not_run_beside_the_window(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    lock = InstanceLock(config.lock_path)
    assert lock.acquire()
    try:
        assert send(config) == STATUS["agent_running"]
    finally:
        lock.release()


@pytest.mark.parametrize(
    ("kept", "hours", "over"),
    [
        (Kept(Phase.DONE, "finished"), 0, True),
        (Kept(Phase.PARTING, "finished", began_ms=1), 0, True),
        (Kept(Phase.REFUSED, "admission_refused"), 0, True),
        (Kept(Phase.REFUSED, "consent_refused"), 0, False),
        (Kept(Phase.WAITING), 0, False),
        (Kept(Phase.WAITING), 2, True),
        (Kept(Phase.RUNNING, began_ms=now_ms()), 1, False),
        (Kept(Phase.RUNNING, began_ms=now_ms()), 3, True),
    ],
)
def test_over_is_what_ended_or_what_nobody_can_go_on_with(kept: Kept, hours: int, over: bool) -> None:
    """The exam closes an hour from now and lasts two hours."""
    package = SimpleNamespace(closes_ms=now_ms() + HOUR_MS, policy=Policy(duration_s=7200))
    ticket = SimpleNamespace(accommodations=Accommodations())
    join: Any = SimpleNamespace(file=SimpleNamespace(kept=kept), package=package, ticket=ticket)
    assert is_over(join, now_ms() + hours * HOUR_MS + 60_000) is over


def test_progress_is_said_in_words_as_rough_as_the_guess() -> None:
    said = [time_words(seconds) for seconds in (None, 20, 61, 170, 3600 * 3)]
    assert said == [
        "we cannot say yet how long", "less than a minute", "about 1 minute", "about 3 minutes", "about 3 h",
    ]  # fmt: skip
    assert words(Progress("Biology", 3_200_000, 170.0, True)) == "Biology: 3.2 MB left, about 3 minutes"
    assert words(Progress("Biology", 3_200_000, None, False)) == "Biology: 3.2 MB left, waiting for the line"


def test_on_a_terminal_one_line_is_written_anew_and_elsewhere_one_now_and_then() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for out, lines in ((Terminal(), 1), (io.StringIO(), 3)):
        teller = Teller(out)
        for number in range(60):
            teller.tell(Progress("Biology", 1_000_000 - number, None, True))
        teller.arrived(Path("receipt.html"))
        assert out.getvalue().count("\n") == lines
