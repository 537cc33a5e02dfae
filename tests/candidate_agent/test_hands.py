"""Carrying out orders: the computer comes back whatever else breaks, one capture at a time, muted flags stay unsaid."""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.base.errors import DeviceError, StorageError
from candidate_agent.hands import Hands, Taken
from candidate_agent.lockdown.restore import RestoreReport
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from exam_protocol.policy import ExamPackage, Recipient, Roster, RosterEntry
from exam_protocol.records import FlagEntry, PictureEntry
from exam_protocol.signing import SignedDocument


class Breaks:
    """Whatever is asked of it breaks."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def broken(*_: object) -> None:
            raise RuntimeError("the X connection is gone")

        return broken


class Desk:
    """Hands whose parts are as small as the test needs them."""

    def __init__(self, **parts: Any) -> None:
        self.posted: list[ev.Event] = []
        self.recorded: list[object] = []
        self.lines: list[str] = []
        given: dict[str, Any] = {
            "log": SimpleNamespace(line=lambda event, **fields: self.lines.append(event)),
            "clock": SimpleNamespace(monotonic_us=lambda: 0, wall_ms=lambda: 0),
            "recorder": SimpleNamespace(
                entry=lambda track, entry: self.recorded.append(entry), media_time_us=lambda at_us: at_us
            ),
            "lockdown": SimpleNamespace(revert=lambda: RestoreReport(True, {"screen saver": "put back"})),
            **parts,
        }
        self.hands = Hands(SimpleNamespace(**given), self.posted.append)  # type: ignore[arg-type]


async def test_the_computer_is_given_back_although_window_and_monitor_break() -> None:
    desk = Desk(stage=Breaks())
    desk.hands.monitor = Breaks()  # type: ignore[assignment]
    await desk.hands.perform(fx.RestoreComputer())
    assert desk.posted == [ev.ComputerRestored(True, (("screen saver", "put back"),))]
    assert desk.lines == ["step_failed"] * 2


async def test_a_revert_that_breaks_is_reported_and_does_not_leave_the_session_waiting() -> None:
    desk = Desk(stage=SimpleNamespace(leave_exam=lambda: None), lockdown=Breaks())
    await desk.hands.perform(fx.RestoreComputer())
    (restored,) = desk.posted
    assert isinstance(restored, ev.ComputerRestored) and not restored.restored


async def test_a_missing_camera_is_named_when_recording_starts() -> None:
    def make_pipeline() -> None:
        raise DeviceError("camera_missing", "No camera was found.")

    desk = Desk(booth=SimpleNamespace(leave_microphone=lambda: None), make_pipeline=make_pipeline)
    await desk.hands.perform(fx.StartRecording())
    assert desk.posted == [ev.RecordingFailed("camera_missing", "No camera was found.")]


async def test_a_second_click_while_a_picture_is_taken_takes_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, release, taken = Desk(stage=SimpleNamespace(preview=lambda name, jpeg: None)), asyncio.Event(), []

    def take(_: object, step: str, manner: str) -> Taken:
        taken.append(step)
        return Taken((b"jpeg",), "glare")

    async def later(act: Callable[..., Any], *given: object) -> Any:
        await release.wait()
        return act(*given)

    monkeypatch.setattr(Hands, "_take", take)
    monkeypatch.setattr(asyncio, "to_thread", later)
    await desk.hands.perform(fx.CaptureStep("id_card", 1))
    await desk.hands.perform(fx.CaptureStep("id_card", 2))
    release.set()
    async with asyncio.timeout(5):
        while desk.hands.capturing:  # noqa: ASYNC110  the end of a capture is an event in `posted`
            await asyncio.sleep(0.001)
    assert taken == ["id_card"] and desk.posted == [ev.StepCaptured("id_card", "glare")]


async def test_a_flag_that_an_accommodation_mutes_is_neither_recorded_nor_told() -> None:
    desk = Desk()
    desk.hands.muted = frozenset({"MICROPHONE_MUTED"})
    desk.hands.raise_flag("MICROPHONE_MUTED", "The microphone may be muted.")
    desk.hands.raise_flag("CAMERA_LOST", "The camera gives no picture.")
    assert [entry.code for entry in desk.recorded if isinstance(entry, FlagEntry)] == ["CAMERA_LOST"]
    assert [type(event) for event in desk.posted] == [ev.FlagRaised]


async def test_who_goes_off_duty_gets_no_further_key_and_who_comes_on_duty_gets_one() -> None:
    """Without a new roster: the times in the one that is known are enough."""
    epochs: list[tuple[str, ...]] = []
    now_ms = [1000]
    archive = Recipient("archive", bytes(32))
    package = ExamPackage("x", "X", "X", "https://x", bytes(32), bytes(32), (archive,), "", "1", "", "", 0, 1, 2)
    shifts = (("early", 0, 2000), ("late", 2001, 4000))
    entries = tuple(RosterEntry(who, who, "proctor", bytes(32), bytes(32), start, end) for who, start, end in shifts)
    join = SimpleNamespace(
        package=package, roster=Roster(1, "x", entries),
        file=SimpleNamespace(roster=SignedDocument(b"", bytes(32), bytes(64))),
    )  # fmt: skip
    desk = Desk(
        join=join,
        clock=SimpleNamespace(wall_ms=lambda: now_ms[0]),
        recorder=SimpleNamespace(new_epoch=lambda who, version, hashed: epochs.append(tuple(sorted(who)))),
    )
    desk.hands.new_epoch()
    desk.hands.follow_duty()
    now_ms[0] = 3000
    desk.hands.follow_duty()
    desk.hands.follow_duty()
    assert epochs == [("archive", "early"), ("archive", "late")]


async def test_a_device_that_hangs_does_not_keep_the_computer_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording is ended before the computer is given back, but it is not waited for without end."""
    monkeypatch.setattr("candidate_agent.hands.STOP_S", 0.05)
    desk, hanging = Desk(stage=SimpleNamespace(leave_exam=lambda: None)), threading.Event()
    desk.hands.monitor = Breaks()  # type: ignore[assignment]
    desk.hands.pipeline = SimpleNamespace(stop=lambda: hanging.wait(10))  # type: ignore[assignment]
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
    await asyncio.gather(*desk.hands._tasks)
    assert desk.posted == [ev.CloseProgramEnded("Zoom", True), ev.CloseProgramEnded("AnyDesk", False)]


async def test_a_program_that_cannot_be_asked_is_told_as_one_that_stays() -> None:
    desk = Desk(make_running=lambda: Breaks())
    await desk.hands.perform(fx.AskToClose("Zoom"))
    await asyncio.gather(*desk.hands._tasks, return_exceptions=True)
    assert desk.posted == [ev.CloseProgramEnded("Zoom", False)]


async def test_the_time_of_a_break_that_is_not_recorded_is_declared_on_each_track() -> None:
    gaps, closed, now_us = [], [], [1_000_000]
    recorder = SimpleNamespace(media_time_us=lambda at_us: at_us, gap=lambda *gap: gaps.append(gap))
    desk = Desk(
        recorder=recorder,
        clock=SimpleNamespace(monotonic_us=lambda: now_us[0]),
        booth=SimpleNamespace(
            close=lambda: closed.append("camera"), open=lambda: closed.clear(), leave_microphone=lambda: None
        ),
        spool=SimpleNamespace(heads=lambda: [SimpleNamespace(track=track) for track in (0, 1, 3, 5)]),
        make_pipeline=lambda: SimpleNamespace(start=lambda: None),
    )
    monitor = desk.hands.monitor = SimpleNamespace()  # type: ignore[assignment]
    desk.hands.pipeline = SimpleNamespace(stop=lambda: closed.append("pipeline"))  # type: ignore[assignment]
    await desk.hands.perform(fx.PauseRecording())
    assert closed == ["pipeline", "camera"] and desk.hands.pipeline is None
    assert desk.hands.monitor is monitor, "the watch over the computer goes on"
    now_us[0] = 61_000_000
    await desk.hands.perform(fx.ResumeRecording())
    assert gaps == [(track, 1_000_000, 61_000_000, "muted_by_policy") for track in (1, 3)]
    assert desk.posted == [ev.RecordingStarted()] and not closed


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


async def test_a_picture_that_cannot_be_taken_is_told_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [DeviceError("camera_black", "Open its slide."), RuntimeError("a fault of ours")]
    desk = Desk()

    def take(_: object, step: str, manner: str) -> Taken:
        raise errors.pop(0)

    monkeypatch.setattr(Hands, "_take", take)
    for number in range(2):
        await desk.hands.perform(fx.CaptureStep("id_card", number))
        await asyncio.gather(*desk.hands._tasks)
    assert [(event.code, event.step) for event in desk.posted if isinstance(event, ev.StepFailed)] == [
        ("camera_black", "id_card"), ("unexpected", "id_card"),
    ]  # fmt: skip
    assert desk.hands.capturing == ""


async def test_a_scan_under_way_is_directed_and_one_that_is_not_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, manners = Desk(), list[str]()

    def take(hands: Hands, step: str, manner: str) -> Taken | None:
        manners.append(manner)
        assert hands._go_on.wait(10) and hands._stop.wait(10)
        return None

    monkeypatch.setattr(Hands, "_take", take)
    await desk.hands.perform(fx.DirectCapture("room", stop=True))
    await desk.hands.perform(fx.CaptureStep("room", 1, "desk_only"))
    for stop in (False, True):
        await desk.hands.perform(fx.DirectCapture("room", stop))
    await asyncio.gather(*desk.hands._tasks)
    assert manners == ["desk_only"] and desk.posted == [] and desk.hands.taken == {}


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
    monkeypatch.setattr("candidate_agent.hands.id_card.take", lambda camera: SimpleNamespace(jpeg=b"sheet"))
    desk = Desk(booth=CameraOnly(), stage=SimpleNamespace(preview=lambda name, jpeg: None))
    await desk.hands.perform(fx.OpenCamera())
    await desk.hands.perform(fx.CaptureStep("paper", 3))
    await asyncio.gather(*desk.hands._tasks)
    await desk.hands.perform(fx.SendStep("paper", 3))
    assert desk.posted == [ev.StepCaptured("paper")]
    assert desk.recorded == [PictureEntry("paper", 3, 0, 1, "image/jpeg", b"sheet", 0)]


async def test_a_copy_that_finds_no_room_is_told_and_can_be_asked_for_again() -> None:
    problems = [StorageError("disk_full", "The disk is full.")]

    def save(diary: object) -> None:
        if problems:
            raise problems.pop()

    desk = Desk(save_own_data=save)
    for state in ("failed", "saved"):
        await desk.hands.perform(fx.SaveOwnData())
        await asyncio.gather(*desk.hands._tasks)
        assert desk.hands.own_data == state
    assert desk.lines == ["own_data_failed"]


async def test_what_is_recorded_in_words_can_be_copied_for_the_candidate() -> None:
    desk = Desk()
    desk.hands.raise_flag("CAMERA_LOST", "The camera gives no picture.")
    (noted,) = desk.hands.diary.entries()
    assert (noted["track"], noted["code"], noted["reason"]) == ("flags", "CAMERA_LOST", "The camera gives no picture.")
