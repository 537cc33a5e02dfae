"""What is observed while the exam is recorded becomes flags; in a break it does not, and what breaks does no harm."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.capture.analysis.observations import FaceLikeness, FacesSeen, Luma, Observation
from candidate_agent.session import events as ev
from exam_protocol.policy import Policy
from exam_protocol.records import FlagEntry
from tests.candidate_agent.hands_desk import Breaks, Desk


class Looker:
    """Stands where the analyst stands."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.observe: Callable[[Observation], None] = lambda _: None

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: self.did.append(name)


class Room:
    """A recording with a clock that is moved by hand."""

    def __init__(
        self, *, policy: Policy | None = None, make: Callable[..., Any] | None = None,
        opted_in: Callable[[], frozenset[str]] = frozenset,
    ) -> None:  # fmt: skip
        self.now_us, self.looker = 0, Looker()
        self.desk = Desk(
            clock=SimpleNamespace(monotonic_us=lambda: self.now_us, wall_ms=lambda: 0),
            join=SimpleNamespace(package=SimpleNamespace(policy=policy or Policy())),
            booth=SimpleNamespace(leave_microphone=lambda: None, close=lambda: None, open=lambda: None),
            spool=SimpleNamespace(heads=list),
            make_pipeline=lambda: SimpleNamespace(start=lambda: None, stop=lambda: None),
            make_looker=make or self._make,
            opted_in=opted_in,
        )
        self.looking, self.recording = self.desk.hands.looking, self.desk.hands.recording

    def _make(self, observe: Callable[[Observation], None]) -> Looker:
        self.looker.observe = observe
        return self.looker

    def nobody(self, seconds: float, *, on_break: bool = False) -> None:
        """No face for so long, two looks and one tick a second."""
        for step in range(int(seconds * 2)):
            self.now_us += 500_000
            self.looker.observe(FacesSeen(self.now_us, ()))
            if step % 2:
                self.looking.tick(on_break=on_break)

    def flags(self) -> list[str]:
        return [entry.code for entry in self.desk.recorded if isinstance(entry, FlagEntry)]


async def test_what_is_observed_is_recorded_as_a_flag_and_told_to_the_session() -> None:
    room = Room()
    await room.recording.start()
    room.nobody(20)
    assert room.flags() == ["FACE_ABSENT"]
    assert [type(event) for event in room.desk.posted] == [ev.RecordingStarted, ev.FlagRaised]


async def test_in_a_break_nothing_is_looked_at_and_afterwards_it_begins_anew() -> None:
    room = Room()
    await room.recording.start()
    room.looking.tick(on_break=True)
    room.nobody(60, on_break=True)
    room.looking.tick(on_break=False)
    room.nobody(12)
    assert room.flags() == []
    room.nobody(6)
    assert room.flags() == ["FACE_ABSENT"]
    assert room.looker.did == ["start", "rest", "resume"]


async def test_a_break_that_is_not_recorded_ends_the_looking_and_it_comes_back_with_the_recording() -> None:
    room = Room()
    await room.recording.start()
    room.nobody(12)
    await room.recording.pause()
    room.now_us += 60_000_000
    await room.recording.resume()
    room.nobody(12)
    assert room.flags() == [] and room.looker.did[:3] == ["start", "stop", "start"]


async def test_what_was_counted_when_the_recording_ends_is_still_told() -> None:
    room = Room()
    await room.recording.start()
    room.nobody(16)
    room.now_us += 10_000_000  # nobody looked for so long
    room.nobody(16)
    await room.recording.stop()
    assert room.flags() == ["FACE_ABSENT", "FACE_ABSENT"]


async def test_a_muted_code_is_not_made() -> None:
    room = Room()
    room.desk.hands.noting.muted = frozenset({"FACE_ABSENT"})
    await room.recording.start()
    room.nobody(40)
    assert room.flags() == []


@pytest.mark.parametrize(("agreed", "told"), [(frozenset(), []), (frozenset({"FACE_CHANGED"}), ["FACE_CHANGED"])])
async def test_another_face_is_told_only_where_the_candidate_agreed_to_comparing(
    agreed: frozenset[str], told: list[str]
) -> None:
    room = Room(policy=Policy(opt_in_findings=("FACE_CHANGED",)), opted_in=lambda: agreed)
    await room.recording.start()
    for second in (4, 8, 12):
        room.now_us = second * 1_000_000
        room.looker.observe(FaceLikeness(room.now_us, 0.1))
    assert room.flags() == told


async def test_where_the_policy_wants_no_findings_nobody_looks() -> None:
    room = Room(policy=Policy(findings=False))
    await room.recording.start()
    assert room.looker.did == [] and room.looking.stats() == {}


@pytest.mark.parametrize("make", [lambda observe: Breaks(), lambda observe: Breaks().anything()])
async def test_a_recording_begins_and_ends_although_the_looking_breaks(make: Callable[..., Any]) -> None:
    room = Room(make=make)
    await room.recording.start()
    await room.recording.stop()
    assert room.desk.posted == [ev.RecordingStarted()]
    assert "step_failed" in room.desk.lines


async def test_what_the_candidate_can_mend_is_hinted_at_after_its_flag_and_taken_back_when_it_is_over() -> None:
    room = Room()
    await room.recording.start()

    def light(mean: float, spread: float) -> None:
        for _ in range(16):
            room.now_us += 500_000
            room.looker.observe(Luma(room.now_us, mean, spread))
            room.looking.tick(on_break=False)

    light(4, 2)
    light(120, 50)
    light(4, 2)
    await room.recording.stop()
    told = [event for event in room.desk.posted if isinstance(event, ev.FlagRaised | ev.HintsChanged)]
    hints = [event.codes for event in told if isinstance(event, ev.HintsChanged)]
    assert isinstance(told[0], ev.FlagRaised) and hints == [("CAMERA_COVERED",), (), ("CAMERA_COVERED",), ()]
