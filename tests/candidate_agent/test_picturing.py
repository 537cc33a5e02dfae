"""One capture at a time; what fails is told and can be tried again."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.base.errors import DeviceError
from candidate_agent.picturing import Picturing, Taken
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from exam_protocol.records import PictureEntry
from tests.candidate_agent.hands_desk import Desk


async def test_a_second_click_while_a_picture_is_taken_takes_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, release, taken = Desk(stage=SimpleNamespace(preview=lambda name, jpeg: None)), asyncio.Event(), []

    def take(_: object, step: str, manner: str) -> Taken:
        taken.append(step)
        return Taken((b"jpeg",), "glare")

    async def later(act: Callable[..., Any], *given: object) -> Any:
        await release.wait()
        return act(*given)

    monkeypatch.setattr(Picturing, "_take", take)
    monkeypatch.setattr(asyncio, "to_thread", later)
    await desk.hands.perform(fx.CaptureStep("id_card", 1))
    await desk.hands.perform(fx.CaptureStep("id_card", 2))
    release.set()
    async with asyncio.timeout(5):
        while desk.hands.picturing.capturing:  # noqa: ASYNC110  the end of a capture is an event in `posted`
            await asyncio.sleep(0.001)
    assert taken == ["id_card"] and desk.posted == [ev.StepCaptured("id_card", "glare")]


async def test_a_picture_that_cannot_be_taken_is_told_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [DeviceError("camera_black", "Open its slide."), RuntimeError("a fault of ours")]
    desk = Desk()

    def take(_: object, step: str, manner: str) -> Taken:
        raise errors.pop(0)

    monkeypatch.setattr(Picturing, "_take", take)
    for number in range(2):
        await desk.hands.perform(fx.CaptureStep("id_card", number))
        await asyncio.gather(*desk.hands.beside.tasks)
    assert [(event.code, event.step) for event in desk.posted if isinstance(event, ev.StepFailed)] == [
        ("camera_black", "id_card"), ("unexpected", "id_card"),
    ]  # fmt: skip
    assert desk.hands.picturing.capturing == ""


async def test_a_scan_under_way_is_directed_and_one_that_is_not_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, manners = Desk(), list[str]()

    def take(picturing: Picturing, step: str, manner: str) -> Taken | None:
        manners.append(manner)
        assert picturing._go_on.wait(10) and picturing._stop.wait(10)
        return None

    monkeypatch.setattr(Picturing, "_take", take)
    await desk.hands.perform(fx.DirectCapture("room", stop=True))
    await desk.hands.perform(fx.CaptureStep("room", 1, "desk_only"))
    for stop in (False, True):
        await desk.hands.perform(fx.DirectCapture("room", stop))
    await asyncio.gather(*desk.hands.beside.tasks)
    assert manners == ["desk_only"] and desk.posted == [] and desk.hands.picturing.taken == {}


class CameraOnly:
    """A booth that must not be asked for its microphone."""

    opened = 0

    def open_camera(self) -> None:
        self.opened += 1

    def require_camera(self) -> str:
        return "camera"


async def test_a_sheet_of_paper_is_taken_with_the_camera_alone_and_sealed_as_a_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("candidate_agent.picturing.id_card.take", lambda camera: SimpleNamespace(jpeg=b"sheet"))
    desk = Desk(booth=CameraOnly(), stage=SimpleNamespace(preview=lambda name, jpeg: None))
    await desk.hands.perform(fx.OpenCamera())
    await desk.hands.perform(fx.CaptureStep("paper", 3))
    await asyncio.gather(*desk.hands.beside.tasks)
    await desk.hands.perform(fx.SendStep("paper", 3))
    assert desk.posted == [ev.StepCaptured("paper")]
    assert desk.recorded == [PictureEntry("paper", 3, 0, 1, "image/jpeg", b"sheet", 0)]
