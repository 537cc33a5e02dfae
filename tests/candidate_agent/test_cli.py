"""The command line: every way to fail is one sentence with a code, and never a trace."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from candidate_agent import cli, practice
from candidate_agent.base.errors import AgentError, ServerError, StorageError
from candidate_agent.config import Config


def parser_of(error: Exception) -> argparse.ArgumentParser:
    """A command that fails so."""

    def fail(_: argparse.Namespace) -> int:
        raise error

    parser = argparse.ArgumentParser()
    parser.set_defaults(run=fail)
    return parser


def failed(error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(cli, "_parser", lambda: parser_of(error))
    status = cli.run([])
    return status, capsys.readouterr().err


def test_an_error_is_its_sentence_its_code_and_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = StorageError("disk_full", "The disk is full.")
    assert failed(error, monkeypatch, capsys) == (14, "candidate-agent: The disk is full. [disk_full]\n")


def test_what_a_server_says_moves_no_cursor_and_adds_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = failed(ServerError("odd", "No.\x1b[2J\nAll is well\u202e"), monkeypatch, capsys)
    assert said.count("\n") == 1 and not set("\x1b\u202e") & set(said)


def test_a_surprise_is_a_sentence_for_the_candidate_and_one_line_for_us(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = failed(ZeroDivisionError("by nothing"), monkeypatch, capsys)
    noted, sentence = said.splitlines()
    assert (status, sentence.endswith("[unexpected]")) == (1, True)
    assert json.loads(noted)["error"] == "ZeroDivisionError", "its words may be private"
    assert json.loads(noted)["where"].startswith("fail:")


def test_a_box_is_shown_only_to_who_cannot_read_the_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from candidate_agent.platforms import select
    from candidate_agent.ui import problem_box

    shown: list[AgentError] = []
    monkeypatch.setattr(problem_box, "show", lambda error, language: shown.append(error))
    monkeypatch.setattr(select, "desktop_answers", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert cli.run(["start", "exam-agent:", "--no-window"]) == 2
    assert shown == []
    assert cli.run(["start", "exam-agent:"]) == 2
    assert [error.code for error in shown] == ["link_damaged"]


def test_without_a_desktop_there_is_no_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert cli.run(["start", "exam-agent:"]) == 2


def test_a_package_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(AgentError) as raised:
        cli.package_launch(tmp_path, "root", "code")
    assert raised.value.code == "package_missing"


@pytest.mark.parametrize(
    ("asked", "language", "says"),
    [("de-AT", "de", False), ("", "", False), ("tlh", "", True), ("../etc", "", True)],
)
def test_a_language_that_is_not_known_keeps_nobody_out_and_is_said(
    asked: str, language: str, says: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    options = cli._parser().parse_args(["start", "exam-agent://x", "--language", asked])
    assert cli._config(options).language == language
    assert ("there are no texts" in capsys.readouterr().err) is says


def test_practice_runs_where_a_candidate_says_and_tells_where_its_report_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def run(config: Config, run_app: object, say: Callable[[str], None], *, short: bool, meanwhile: object) -> int:
        asked.extend((config, short))
        say("/r.html")
        return 20

    monkeypatch.setattr(practice, "run", run)
    monkeypatch.setattr(cli, "_clean_environment", lambda config: ())
    assert cli.run(["practice", "--short", "--language", "de", "--home", str(tmp_path)]) == 20
    assert asked == [Config(tmp_path, False, "de"), True]
    assert "/r.html" in capsys.readouterr().out
