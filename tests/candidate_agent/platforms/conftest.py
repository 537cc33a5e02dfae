"""One real X server with hot-plug for the whole folder; `rig` is the simulated machine first, then the real one."""

from collections.abc import Iterator

import pytest

from tests.candidate_agent.platforms.rigs import RealRig, Rig, SimulatedRig
from tests.rig.xserver import XServer


@pytest.fixture(scope="package")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as running:
        yield running


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.real)])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "simulated":
        return SimulatedRig()
    return RealRig(request.getfixturevalue("server"))
