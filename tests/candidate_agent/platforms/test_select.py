"""A system is chosen by what runs, the simulated machine only by developers, and what is missing is said."""

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms import select
from candidate_agent.platforms.ports import Unsupported
from candidate_agent.platforms.simulated.machine import Machine

NO = Unsupported("no device")


def test_the_simulated_machine_refuses_to_start_outside_development() -> None:
    with pytest.raises(PlatformError):
        Machine(development=False)


def test_the_simulated_machine_is_loaded_by_its_word_and_says_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(select.SIMULATION_WORD, "simulated")
    assert select.load().name == "simulated"


def test_an_unknown_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(select.SIMULATION_WORD, raising=False)
    monkeypatch.setattr("sys.platform", "plan9")
    with pytest.raises(PlatformError, match="plan9"):
        select.load()
