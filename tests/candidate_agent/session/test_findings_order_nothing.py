"""A flag orders nothing: no code pauses, ends, covers, locks or scores a session, here or at server and console."""

import ast
import re
from pathlib import Path

import pytest

from candidate_agent.session import events as ev
from candidate_agent.session.machine import step
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment
from exam_protocol.catalogue import FLAGS
from exam_protocol.records import FlagEntry
from tests.candidate_agent.ui.states import STATES

ROOT = Path(__file__).parents[3]
SESSIONS = [*(state.session for state in STATES.values()), *(Session(phase=phase) for phase in Phase)]


@pytest.mark.parametrize("code", FLAGS)
def test_a_flag_of_any_code_leaves_every_session_as_it_is(code: str) -> None:
    """Also a hundred of them, as heavy as they come."""
    flag = FlagEntry(code, "high", "Something was seen.", 100, 0, 1, {"seconds": 18})
    for session in SESSIONS:
        result = step(session, ev.FlagRaised(flag), Moment(10**9, 10**12))
        assert result.session is session and result.effects == ()


def test_every_phase_is_among_the_sessions() -> None:
    assert {session.phase for session in SESSIONS} == set(Phase)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names
    }


@pytest.mark.parametrize("package", ["server_stub", "practice_room", "exam_evidence"])
def test_nobody_who_gets_flags_weighs_them(package: str) -> None:
    """The server cannot even read one. Nobody but the folding of repeats and the console's order knows weights."""
    for path in (ROOT / package).rglob("*.py"):
        assert not imported(path) & {"WEIGHT", "Severity"}, path
        assert package != "server_stub" or not imported(path) & {"FlagEntry", "FLAGS"}, path


def test_in_the_console_weights_order_the_list_and_a_person_gives_every_command() -> None:
    console = ROOT / "server_stub" / "console"
    texts = {path.relative_to(console).as_posix(): path.read_text(encoding="utf-8") for path in console.rglob("*.js")}
    assert {name for name, text in texts.items() if re.search(r"\bWEIGHT\b", text)} == {"catalogue.js", "need.js"}
    assert {name for name, text in texts.items() if re.search(r"from \"[./]+commands\.js\"", text)} == {"app.js"}
    wiring = texts["app.js"].split("#views() {")[1].split("#keys() {")[0]  # of buttons and dialogs
    outside = texts["app.js"].replace(wiring, "")
    assert re.findall(r"this\.commands\b.*", outside) == re.findall(r"this\.commands = new Commands.*", outside)
    assert "this.commands[name]" in wiring
