"""Carrying out orders: each has somebody who does it, and none keeps the computer locked or the next one waiting."""

import asyncio
import threading
import typing
from types import SimpleNamespace

import pytest

from candidate_agent.base.errors import StorageError
from candidate_agent.hands import ORDERS
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from tests.candidate_agent.hands_desk import Breaks, Desk


async def test_a_device_that_hangs_does_not_keep_the_computer_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording is ended before the computer is given back, but it is not waited for without end."""
    monkeypatch.setattr("candidate_agent.recording.STOP_S", 0.05)
    desk, hanging = Desk(stage=SimpleNamespace(leave_exam=lambda: None)), threading.Event()
    desk.hands.locking.monitor = Breaks()  # type: ignore[assignment]
    desk.hands.recording.pipeline = SimpleNamespace(stop=lambda: hanging.wait(10), stats=dict)  # type: ignore[assignment]
    async with asyncio.timeout(5):
        await desk.hands.perform(fx.StopRecording())
        await desk.hands.perform(fx.RestoreComputer())
    hanging.set()
    assert [type(event) for event in desk.posted] == [ev.ComputerRestored]
    assert desk.lines == ["step_failed"] and desk.hands.pipeline is None


async def test_a_program_is_asked_to_close_beside_everything_else_and_the_session_hears_how_it_went() -> None:
    release = asyncio.Event()

    async def close(name: str) -> bool:
        await release.wait()
        return name == "Zoom"

    desk = Desk(make_running=lambda: SimpleNamespace(close=close))
    for name in ("Zoom", "AnyDesk"):
        await desk.hands.perform(fx.AskToClose(name))
    assert desk.posted == []
    release.set()
    await asyncio.gather(*desk.hands.beside.tasks)
    assert desk.posted == [ev.CloseProgramEnded("Zoom", True), ev.CloseProgramEnded("AnyDesk", False)]


async def test_a_program_that_cannot_be_asked_is_told_as_one_that_stays() -> None:
    desk = Desk(make_running=lambda: Breaks())
    await desk.hands.perform(fx.AskToClose("Zoom"))
    await asyncio.gather(*desk.hands.beside.tasks, return_exceptions=True)
    assert desk.posted == [ev.CloseProgramEnded("Zoom", False)]


async def test_a_sound_that_cannot_be_played_is_noted_and_holds_up_nothing() -> None:
    release = threading.Event()

    def play() -> bool:
        return not release.wait(10)

    desk = Desk(play_cue=play)
    await desk.hands.perform(fx.PlayCue())
    await desk.hands.perform(fx.PlayCue())
    cue = desk.hands._cue
    assert cue is not None and desk.lines == [], "one at a time, and nobody waited"
    release.set()
    cue.join(10)
    assert desk.lines == ["cue_failed"]


async def test_a_copy_that_finds_no_room_is_told_and_can_be_asked_for_again() -> None:
    problems = [StorageError("disk_full", "The disk is full.")]

    def save(diary: object) -> None:
        if problems:
            raise problems.pop()

    desk = Desk(save_own_data=save)
    for state in ("failed", "saved"):
        await desk.hands.perform(fx.SaveOwnData())
        await asyncio.gather(*desk.hands.beside.tasks)
        assert desk.hands.own_data == state
    assert desk.lines == ["own_data_failed"]


def test_every_order_has_somebody_who_carries_it_out() -> None:
    assert set(ORDERS) == set(typing.get_args(fx.Effect))
