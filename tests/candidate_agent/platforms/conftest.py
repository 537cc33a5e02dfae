"""Real X servers for the whole folder; `rig` is the simulated machine first, then each of them.

Xorg with the dummy driver has true hot-plug and runs under each window manager; Xvfb is what else the tests run on.
In a Windows Python (`make wine-test`) the machine is Windows, and nothing else.
"""

import sys
from collections.abc import Iterator

import pytest

from tests.candidate_agent.platforms.rigs import RealRig, Rig, SimulatedRig
from tests.rig.xserver import XServer

SERVERS = {
    "openbox": XServer(hot_plug=True),
    "xfwm4": XServer(hot_plug=True, window_manager="xfwm4"),
    "Xvfb": XServer(),
}
WINDOWS = "windows"
REAL = [pytest.param(name, marks=pytest.mark.real) for name in SERVERS]

MACHINES = [WINDOWS] if sys.platform == "win32" else ["simulated", *REAL]


@pytest.fixture(scope="package")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as running:
        yield running


@pytest.fixture(scope="package", params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Iterator[XServer | None]:
    yield from _running(request.param)


@pytest.fixture(scope="package", params=MACHINES[:3])
def pluggable_machine(request: pytest.FixtureRequest) -> Iterator[XServer | None]:
    """Those where a display can be plugged."""
    yield from _running(request.param)


def _running(name: str) -> Iterator[XServer | None]:
    if name in ("simulated", WINDOWS):
        yield None
        return
    with SERVERS[name] as running:
        yield running


@pytest.fixture
def rig(machine: XServer | None) -> Iterator[Rig]:
    yield from _rig(machine)


@pytest.fixture
def pluggable_rig(pluggable_machine: XServer | None) -> Iterator[Rig]:
    yield from _rig(pluggable_machine)


def _rig(machine: XServer | None) -> Iterator[Rig]:
    if sys.platform == "win32":
        from tests.candidate_agent.platforms.windows.rig import WindowsRig

        with WindowsRig() as windows:
            yield windows
    else:
        yield SimulatedRig() if machine is None else RealRig(machine)


@pytest.fixture(scope="package", params=["openbox", "xfwm4"])
def managed(request: pytest.FixtureRequest) -> Iterator[XServer]:
    """A real server under each window manager."""
    with XServer(window_manager=request.param) as running:
        yield running
