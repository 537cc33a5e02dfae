"""What cannot lead to an exam is refused with a sentence before there is a window."""

from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.app import App
from candidate_agent.base.errors import AgentError


def refusal(session_type: str, administrator: bool = False, demo: bool = False) -> str:
    facts = SimpleNamespace(administrator=administrator, session_type=session_type)
    app: Any = App.__new__(App)
    app._platform = SimpleNamespace(system=SimpleNamespace(facts=lambda: facts))
    app._config = SimpleNamespace(demo=demo)
    try:
        app._refuse_unsuitable()
    except AgentError as error:
        return error.code
    return ""


@pytest.mark.parametrize(("kind", "code"), [("x11", ""), ("wayland", "wayland"), ("none", "window_missing")])
def test_a_desktop_that_cannot_hold_an_exam_is_told_and_not_crashed_into(kind: str, code: str) -> None:
    assert refusal(kind) == code


def test_only_a_demonstration_runs_as_administrator() -> None:
    assert (refusal("x11", administrator=True), refusal("x11", True, demo=True)) == ("administrator", "")
