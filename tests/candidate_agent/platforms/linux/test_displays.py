"""Displays by RandR: one that moves about in a place larger than itself says so."""

import pytest
from Xlib.ext import randr

from candidate_agent.platforms.linux.displays import X11Displays, is_larger
from candidate_agent.platforms.ports import DisplaysChanged
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer

UPRIGHT, ON_ITS_SIDE = randr.Rotate_0, randr.Rotate_90
FULL_HD = (1920, 1080)


@pytest.mark.parametrize(
    ("place", "rotation", "scale", "larger"),
    [
        (FULL_HD, UPRIGHT, (1.0, 1.0), False),
        ((3840, 1080), UPRIGHT, (1.0, 1.0), True),
        ((1920, 1200), UPRIGHT, (1.0, 1.0), True),
        ((3840, 2160), UPRIGHT, (2.0, 2.0), False),
        ((3840, 2160), UPRIGHT, (1.5, 1.5), True),
        ((1080, 1920), ON_ITS_SIDE, (1.0, 1.0), False),
        (FULL_HD, ON_ITS_SIDE, (1.0, 1.0), True),
    ],
)
def test_a_place_is_larger_than_what_is_shown_of_it(
    place: tuple[int, int], rotation: int, scale: tuple[float, float], larger: bool
) -> None:
    assert is_larger(place, FULL_HD, rotation, scale) is larger


@pytest.mark.real
def test_a_display_that_pans_is_told_and_told_again_when_it_stops(server: XServer) -> None:
    port, seen = X11Displays(server.display), Collected[DisplaysChanged]()
    name = port.displays()[0].name
    close = port.watch(seen)
    try:
        server.run("xrandr", "--fb", "3840x1080", "--output", name, "--panning", "3840x1080")
        (panned,) = seen.wait(lambda event: event.displays[0].pans).displays
        assert (panned.width, panned.height) == (3840, 1080)
        server.run("xrandr", "--output", name, "--panning", "0x0", "--mode", "1920x1080")
        seen.wait(lambda event: not event.displays[0].pans and event.displays[0].width == 1920)
    finally:
        close()
