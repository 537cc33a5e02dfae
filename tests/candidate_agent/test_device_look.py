"""Who looks after camera and microphone between the checks and the exam, with a real booth on scripted devices."""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.base.logs import Log
from candidate_agent.capture.booth import Booth
from candidate_agent.checks.base import row
from candidate_agent.device_look import DeviceLook
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from tests.candidate_agent.capture.studio import MICROPHONE, ScriptedDevice, until
from tests.candidate_agent.capture.test_booth import ONE, Cameras, Microphones

PASSES = tuple(row(code, "pass", 1.0, "") for code in ("camera", "microphone"))


class Desk:
    """At the check screen, everything measured and well."""

    def __init__(self) -> None:
        self.cameras, self.microphones, self.clock = Cameras(ONE), Microphones(MICROPHONE), ManualClock()
        self.microphones.source = "desk microphone"
        self.booth = Booth(self.cameras, self.microphones, self.clock)
        self.events: list[ev.Event] = []
        tryout = SimpleNamespace(rehearsal=None)
        hands: Any = SimpleNamespace(
            parts=SimpleNamespace(booth=self.booth, tryout=tryout), picturing=SimpleNamespace(capturing="")
        )
        self.driver: Any = SimpleNamespace(
            session=Session(phase=Phase.CHECKING, checks=PASSES), post=self.events.append
        )
        self.look = DeviceLook(self.driver, hands, self.clock, Log(io.StringIO()))
        self.hands = hands

    async def looks(self) -> list[ev.Event]:
        """What is new."""
        self.events.clear()
        await self.look.look_at_camera()
        await self.look.ask_system()
        return list(self.events)

    async def becomes(self, *wanted: ev.Event) -> None:
        """Looks once a second until this is said, and nothing else was."""
        said: list[ev.Event] = []
        for _ in range(200):
            self.clock.advance(1)
            said += await self.looks()
            if said:
                break
            await asyncio.sleep(0.05)
        assert said == list(wanted)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    made.booth.open()
    until(lambda: made.booth.picture() is not None and made.booth.samples().size > 0)
    yield made
    made.booth.close()


async def test_while_all_is_well_nothing_is_said(desk: Desk) -> None:
    assert [await desk.looks() for _ in range(3)] == [[], [], []]


async def test_a_microphone_that_is_switched_or_muted_is_told_without_being_asked(desk: Desk) -> None:
    await desk.looks()
    desk.microphones.source = "headset"
    assert await desk.looks() == [ev.DeviceChanged("microphone", "")]
    desk.microphones.is_muted = True
    assert await desk.looks() == [ev.DeviceChanged("microphone", "muted")]


async def test_the_switched_one_is_opened_with_the_next_measurement(desk: Desk) -> None:
    desk.microphones.source = "headset"
    desk.booth.open()
    desk.booth.open()
    assert desk.microphones.opened == [MICROPHONE.id] * 2


async def test_a_camera_that_is_unplugged_is_told_and_that_it_is_back(desk: Desk) -> None:
    await desk.looks()
    desk.cameras.device.present = False
    await desk.becomes(ev.DeviceChanged("camera", "camera_missing"))
    desk.cameras.device.present = True
    await desk.becomes(ev.DeviceChanged("camera", ""))


async def test_a_camera_that_stands_still_is_told(desk: Desk) -> None:
    desk.cameras.device = ScriptedDevice(lambda number: np.full((48, 64, 3), 90, np.uint8), per_s=50)
    desk.booth.close()
    desk.booth.open()
    await desk.looks()
    await desk.becomes(ev.DeviceChanged("camera", "camera_frozen"))


async def test_another_camera_in_the_place_of_one_that_is_gone_is_opened(desk: Desk) -> None:
    desk.driver.session = replace(desk.driver.session, phase=Phase.WAITING)
    desk.cameras.device.present, desk.cameras.found = False, ()
    await desk.becomes(ev.DeviceChanged("camera", "camera_missing"))
    desk.cameras.device.present, desk.cameras.found = True, (replace(ONE, id="7"),)
    await desk.becomes(ev.DeviceChanged("camera", ""))
    assert desk.cameras.opened[-1] == "7"


async def test_nobody_looks_while_a_picture_is_taken_a_rehearsal_runs_or_there_is_no_consent(desk: Desk) -> None:
    await desk.looks()
    desk.microphones.source = "headset"
    desk.hands.picturing.capturing = "room"
    assert await desk.looks() == []
    desk.hands.picturing.capturing, desk.driver.session = "", replace(desk.driver.session, rehearsing=True)
    assert await desk.looks() == []
    desk.driver.session = replace(desk.driver.session, phase=Phase.CONSENTING, rehearsing=False)
    assert await desk.looks() == []
