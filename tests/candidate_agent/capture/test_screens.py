"""A display that hangs while it is taken away does not keep the recording from ending."""

import threading

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture import rate, workers
from candidate_agent.capture.regions import Regions
from candidate_agent.capture.screens import Allowed, Screens
from candidate_agent.platforms.ports import Closer, Display, DisplaysChanged, Picture
from tests.candidate_agent.capture.studio import until

OWN, SECOND = Display("own", 0, 0, 64, 64, True), Display("second", 64, 0, 64, 64, False)


class Desk:
    """Two displays; reading the second hangs until `let_go`."""

    def __init__(self) -> None:
        self.shown: tuple[Display, ...] = (OWN, SECOND)
        self.hangs, self.let_go = threading.Event(), threading.Event()
        self.emit = lambda changed: None

    def displays(self) -> tuple[Display, ...]:
        return self.shown

    def watch(self, emit: "Closer") -> Closer:
        self.emit = emit
        return lambda: None

    def open(self, display: Display) -> "Stream":
        return Stream(self, display)


class Stream:
    width = height = 64

    def __init__(self, desk: Desk, display: Display) -> None:
        self._desk, self._display = desk, display

    def read(self) -> Picture:
        if self._display.name == "second":
            self._desk.hangs.set()
            self._desk.let_go.wait()
        return Picture(np.zeros((64, 64, 4), np.uint8), SystemClock().monotonic_us())

    def close(self) -> None:
        pass


def test_the_recording_ends_while_a_display_is_being_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "JOIN_S", 0.2)
    desk, clock = Desk(), SystemClock()
    screens = Screens(
        desk, Allowed(OWN, desk, 2), Regions(clock), rate.profile("standard"), lambda *_, **__: None, clock, print
    )
    screens.start()
    assert desk.hangs.wait(10)
    monkeypatch.setattr(workers, "JOIN_S", 60)  # whoever takes the display away waits for it
    desk.shown = (OWN,)
    desk.emit(DisplaysChanged(desk.shown))
    until(lambda: bool(screens._ending))
    monkeypatch.setattr(workers, "JOIN_S", 0.2)  # whoever ends the recording does not
    screens.stop()
    assert list(screens._shots) == [1]
    desk.let_go.set()
    until(lambda: not screens._shots)
    assert set(screens.counted()) == {0, 1}
