"""Real X servers for the whole folder; `rig` is the simulated machine first, then each of them.

Xorg with the dummy driver has true hot-plug and runs under each window manager; Xvfb is what else the tests run on.
"""

from collections.abc import Iterator

import pytest

from tests.candidate_agent.platforms.rigs import RealRig, Rig, SimulatedRig
from tests.rig.xserver import XServer

SERVERS = {
    "openbox": XServer(hot_plug=True),
    "xfwm4": XServer(hot_plug=True, window_manager="xfwm4"),
    "Xvfb": XServer(),
}
REAL = [pytest.param(name, marks=pytest.mark.real) for name in SERVERS]


@pytest.fixture(scope="package")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as running:
        yield running


@pytest.fixture(scope="package", params=["simulated", *REAL])
def machine(request: pytest.FixtureRequest) -> Iterator[XServer | None]:
    yield from _running(request.param)


@pytest.fixture(scope="package", params=["simulated", *REAL[:2]])
def pluggable_machine(request: pytest.FixtureRequest) -> Iterator[XServer | None]:
    """Those where a display can be plugged."""
    yield from _running(request.param)


def _running(name: str) -> Iterator[XServer | None]:
    if name == "simulated":
        yield None
        return
    with SERVERS[name] as running:
        yield running


@pytest.fixture
def rig(machine: XServer | None) -> Rig:
    return SimulatedRig() if machine is None else RealRig(machine)


@pytest.fixture
def pluggable_rig(pluggable_machine: XServer | None) -> Rig:
    return SimulatedRig() if pluggable_machine is None else RealRig(pluggable_machine)


@pytest.fixture(scope="package", params=["openbox", "xfwm4"])
def managed(request: pytest.FixtureRequest) -> Iterator[XServer]:
    """A real server under each window manager."""
    with XServer(window_manager=request.param) as running:
        yield running
