"""What is tried comes back as an event, whatever happens to it: nobody is left waiting."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.base.errors import DeviceError
from candidate_agent.base.logs import Log
from candidate_agent.checks.rehearsal import Rehearsed
from candidate_agent.platforms.ports import Unsupported
from candidate_agent.session import events as ev
from candidate_agent.tryout import Tryout
from exam_protocol.records import CheckRow

NO = Unsupported("not here")


@dataclass
class Desk:
    """A tryout whose devices answer as they are told, and what it did."""

    plays: object = True
    opens: object = True
    did: list[str] = field(default_factory=list)
    posted: list[ev.Event] = field(default_factory=list)

    def tryout(self, delivery: Callable[[], Any] = lambda: object()) -> Tryout:
        speakers = SimpleNamespace(play_tone=lambda: self._answer(self.plays))
        pages = SimpleNamespace(open=lambda page: self._answer(self.opens))
        platform: Any = SimpleNamespace(
            speakers=NO if self.plays is NO else speakers, settings_pages=NO if self.opens is NO else pages
        )
        booth: Any = SimpleNamespace(
            open=lambda: self.did.append("open"), leave_microphone=lambda: self.did.append("leave")
        )
        never: Any = None
        return Tryout(platform, booth, ManualClock(), Log(io.StringIO()), self.posted.append, never, delivery)

    def _answer(self, answer: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def row(self) -> CheckRow | None:
        [ended] = self.posted
        assert isinstance(ended, ev.RehearsalEnded)
        return ended.row


def rehearsal_that(ends: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(_: object) -> Any:
        if isinstance(ends, Exception):
            raise ends
        return ends if ends is not None else await asyncio.Event().wait()

    monkeypatch.setattr("candidate_agent.tryout.Rehearsal.run", run)


async def rehearsed(tryout: Tryout) -> None:
    tryout.rehearse()
    assert tryout._task is not None
    async with asyncio.timeout(10):
        await asyncio.gather(tryout._task, return_exceptions=True)


@pytest.mark.parametrize(("plays", "played"), [(True, True), (False, False), (NO, False)])
async def test_a_sound_that_cannot_be_played_is_told(plays: object, played: bool) -> None:
    desk = Desk(plays=plays)
    await desk.tryout().play_tone()
    assert desk.posted == [ev.TonePlayed(played)]


async def test_a_sound_library_that_breaks_leaves_nobody_waiting_for_the_question() -> None:
    desk = Desk(plays=OSError("no such device"))
    with pytest.raises(OSError, match="no such device"):
        await desk.tryout().play_tone()
    assert desk.posted == [ev.TonePlayed(False)]


@pytest.mark.parametrize(("opens", "opened"), [(True, True), (False, False), (NO, False)])
async def test_settings_that_stay_shut_are_told(opens: object, opened: bool) -> None:
    desk = Desk(opens=opens)
    await desk.tryout().open_settings("camera")
    assert desk.posted == [ev.SettingsShown("camera", opened)]


async def test_the_microphone_is_left_for_the_rehearsal_and_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal_that(Rehearsed(9, 9, 0), monkeypatch)
    desk = Desk()
    await rehearsed(desk.tryout())
    row = desk.row()
    assert row is not None and (row.code, row.outcome) == ("rehearsal", "pass") and desk.did == ["leave", "open"]


@pytest.mark.parametrize(
    ("ends", "said"),
    [(DeviceError("camera_missing", "No camera was found."), "No camera"), (RuntimeError("x"), "RuntimeError")],
)
async def test_a_rehearsal_that_breaks_says_why(ends: Exception, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal_that(ends, monkeypatch)
    desk = Desk()
    await rehearsed(desk.tryout())
    row = desk.row()
    assert row is not None and row.outcome == "unmeasured" and said in row.remedy


async def test_without_a_line_nothing_is_recorded() -> None:
    desk = Desk()
    await rehearsed(desk.tryout(delivery=lambda: None))
    row = desk.row()
    assert row is not None and row.outcome == "unmeasured" and "leave" not in desk.did


async def test_a_rehearsal_that_is_stopped_ends_without_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearsal_that(None, monkeypatch)
    desk = Desk()
    tryout = desk.tryout()
    tryout.rehearse()
    async with asyncio.timeout(10):
        while "leave" not in desk.did:  # noqa: ASYNC110  the booth has no event for "left"
            await asyncio.sleep(0.01)
        await tryout.stop()
    assert desk.row() is None and desk.did == ["leave", "open"] and tryout.rehearsal is None
    await tryout.stop()
