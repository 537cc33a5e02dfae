"""What cannot be recorded is named, and what a break leaves out is declared."""

from types import SimpleNamespace

from candidate_agent.base.errors import DeviceError
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from tests.candidate_agent.hands_desk import Desk


async def test_a_missing_camera_is_named_when_recording_starts() -> None:
    def make_pipeline() -> None:
        raise DeviceError("camera_missing", "No camera was found.")

    desk = Desk(booth=SimpleNamespace(leave_microphone=lambda: None), make_pipeline=make_pipeline)
    await desk.hands.perform(fx.StartRecording())
    assert desk.posted == [ev.RecordingFailed("camera_missing", "No camera was found.")]


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
    monitor = desk.hands.locking.monitor = SimpleNamespace()  # type: ignore[assignment]
    desk.hands.recording.pipeline = SimpleNamespace(stop=lambda: closed.append("pipeline"))  # type: ignore[assignment]
    await desk.hands.perform(fx.PauseRecording())
    assert closed == ["pipeline", "camera"] and desk.hands.pipeline is None
    assert desk.hands.monitor is monitor, "the watch over the computer goes on"
    now_us[0] = 61_000_000
    await desk.hands.perform(fx.ResumeRecording())
    assert gaps == [(track, 1_000_000, 61_000_000, "muted_by_policy") for track in (1, 3)]
    assert desk.posted == [ev.RecordingStarted()] and not closed
