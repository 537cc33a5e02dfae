"""One real X server with hot-plug for the whole folder; `rig` is the simulated machine first, then the real one. In a
Windows Python (`make wine-test`) it is Windows, and nothing else."""

import sys
from collections.abc import Iterator

import pytest

from tests.candidate_agent.platforms.rigs import RealRig, Rig, SimulatedRig
from tests.rig.xserver import XServer


@pytest.fixture(scope="package")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as running:
        yield running


MACHINES = ["windows"] if sys.platform == "win32" else ["simulated", pytest.param("real", marks=pytest.mark.real)]


@pytest.fixture(params=MACHINES)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
    elif request.param == "windows":
        from tests.candidate_agent.platforms.windows.rig import WindowsRig

        with WindowsRig() as windows:
            yield windows
    else:
        yield RealRig(request.getfixturevalue("server"))
