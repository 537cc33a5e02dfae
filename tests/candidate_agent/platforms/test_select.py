"""A system is chosen by what runs, the simulated machine only by developers, and what is missing is said."""

import pytest

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms import select
from candidate_agent.platforms.ports import Devices, Unsupported
from candidate_agent.platforms.simulated.machine import Machine
from candidate_agent.platforms.windows import backend as windows

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


@pytest.mark.parametrize("backend", [windows])
def test_a_system_without_a_backend_says_so_for_every_concern(backend: object) -> None:
    platform = backend.platform(Devices(NO, NO, NO))  # type: ignore[attr-defined]
    table = platform.capabilities()
    assert {name for name, answer in table.items() if answer == "yes"} == {"keys", "processes"}
    assert all("yet" in answer for answer in table.values() if answer != "yes")
    assert platform.system.facts().cores >= 1
