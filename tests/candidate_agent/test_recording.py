"""What cannot be recorded is named, and what a break leaves out is declared."""

from types import SimpleNamespace

from candidate_agent.base.errors import DeviceError
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from exam_protocol.records import FlagEntry, LogEntry
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


async def test_what_is_lost_inside_the_program_is_a_flag_at_once_and_the_whole_count_a_record_at_the_end() -> None:
    stats = {
        "screen_in": 40.0, "screen_still": 0.0, "screen_dropped": 0.0, "sound_blocks": 9.0, "sound_dropped": 0.0,
        "refused": 0.0,
    }  # fmt: skip
    desk = Desk()
    recording = desk.hands.recording
    pipeline = SimpleNamespace(stop=lambda: stats.update(screen_dropped=5), stats=lambda: stats)
    recording.pipeline = pipeline  # type: ignore[assignment]
    recording.look()
    assert desk.recorded == []
    stats["screen_dropped"] = 3
    recording.look()
    recording.look()
    await recording.stop()
    flags = [(entry.code, entry.count, entry.severity) for entry in desk.recorded if isinstance(entry, FlagEntry)]
    assert flags == [("STREAM_GAP", 3, "technical"), ("STREAM_GAP", 2, "technical")]
    [noted] = [entry for entry in desk.recorded if isinstance(entry, LogEntry)]
    assert noted.event == "recording" and "screen: 40 pictures, 0 unchanged, 5 lost" in noted.detail
    assert "packets not kept: 0" in noted.detail
