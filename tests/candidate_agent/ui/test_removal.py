"""How the program is removed is said by the way it came."""

import pytest

from candidate_agent.ui.removal import way_of
from candidate_agent.ui.screens.over import REMOVALS


@pytest.mark.parametrize(
    ("system", "executable", "frozen", "program", "way"),
    [
        ("linux", "/usr/bin/python3", False, "/usr/lib/python3/dist-packages/candidate_agent", "deb"),
        ("linux", "/opt/candidate-agent/bin/python", False, "/opt/candidate-agent/lib/candidate_agent", "deb"),
        ("linux", "/home/a/v/bin/python", False, "/home/a/v/lib/python3.11/site-packages/candidate_agent", "pip"),
        ("linux", "/home/a/src/.venv/bin/python", False, "/home/a/src/candidate_agent", "source"),
        ("win32", "C:\\Program Files\\Exam\\agent.exe", True, "C:\\x", "windows"),
        ("win32", "C:\\v\\python.exe", False, "C:\\v\\Lib\\site-packages\\candidate_agent", "pip"),
        ("darwin", "/Applications/Exam.app/Contents/MacOS/agent", True, "/Applications/Exam.app/x", "macos"),
        ("darwin", "/Users/a/v/bin/python", False, "/Users/a/v/lib/python3.11/site-packages/candidate_agent", "pip"),
    ],
)
def test_the_way_is_told_by_where_the_program_stands(
    system: str, executable: str, frozen: bool, program: str, way: str
) -> None:
    assert way_of(system, executable, frozen=frozen, program=program) == way and way in REMOVALS
