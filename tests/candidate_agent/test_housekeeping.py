"""What is looked at again and again: what upkeep finds becomes flags while the exam holds the computer, and somebody
still watches."""

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.base.logs import Log
from candidate_agent.capture.card_watch import CardWatch
from candidate_agent.housekeeping import Housekeeping
from candidate_agent.lockdown.upkeep import UpkeepReport
from candidate_agent.monitor.observations import DebuggerSeen
from candidate_agent.monitor.rules import Rules
from candidate_agent.platforms.other_process import TRACED
from candidate_agent.platforms.ports import Picture
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from exam_protocol.catalogue import FLAGS

SLIPPED = UpkeepReport(held_again=("screen saver",), keeper_started=True, woken=3)


class House:
    """Housekeeping of a session in `phase`, whose upkeep answers `reports` in turn."""

    def __init__(self, phase: Phase, *reports: UpkeepReport) -> None:
        self.flags: list[tuple[str, int]] = []
        self.events: list[object] = []
        self.clock = ManualClock()
        session, answers = Session(phase=phase, lockdown_held=True), iter(reports)
        self.driver = SimpleNamespace(session=session, post=self.events.append)
        self.breaks: list[bool] = []
        looking = SimpleNamespace(tick=lambda *, on_break: self.breaks.append(on_break))
        self.hands: Any = SimpleNamespace(
            raise_flag=self.raise_flag,
            uplink=None,
            monitor=None,
            recording=SimpleNamespace(look=lambda: None),
            looking=looking,
        )
        upkeep: Any = SimpleNamespace(look=lambda: self.look(next(answers)))
        nobody: Any = None
        self.house = Housekeeping(
            self.driver, self.hands, nobody, nobody, upkeep, self.clock, Log(io.StringIO()), nobody  # type: ignore[arg-type]
        )  # fmt: skip

    def look(self, report: UpkeepReport) -> UpkeepReport:
        return report

    def raise_flag(self, code: str, reason: str, *, count: int = 1, span_us: object = None) -> None:
        assert code in FLAGS and reason
        self.flags.append((code, count))

    async def keep(self) -> None:
        self.clock.advance(1)
        await self.house._keep_house()


async def test_what_was_undone_ended_or_stopped_is_flagged() -> None:
    house = House(Phase.RUNNING, SLIPPED)
    await house.keep()
    assert house.flags == [("MEASURE_UNDONE", 1), ("KEEPER_ENDED", 1), ("AGENT_STOPPED", 3)]
    assert house.events == []


async def test_a_debugger_that_the_keeper_saw_is_judged_with_what_the_monitor_sees() -> None:
    house, noted, rules = House(Phase.RUNNING, UpkeepReport(traced=1)), list[DebuggerSeen](), Rules()
    house.hands.monitor = SimpleNamespace(note=noted.append, stands_still=False)
    await house.keep()
    flags = [flag.code for seen in (*noted, DebuggerSeen(TRACED)) for flag in rules.judge(seen, 0)]
    assert len(noted) == 1 and flags == ["DEBUGGER_PRESENT"]


async def test_what_is_undone_every_second_is_flagged_once_a_minute() -> None:
    undone = UpkeepReport(held_again=("screen saver",))
    house = House(Phase.PAUSED, *[undone] * 61)
    for _ in range(61):
        await house.keep()
    assert house.flags == [("MEASURE_UNDONE", 1), ("MEASURE_UNDONE", 60)]


async def test_what_cannot_be_put_back_ends_the_exam_in_order() -> None:
    house = House(Phase.RUNNING, UpkeepReport(failed="It did not stay."))
    await house.keep()
    assert house.events == [ev.LockdownFailed("measure_failed", "It did not stay.")]


async def test_once_giving_back_has_begun_nobody_looks() -> None:
    for phase in (Phase.UNLOCKING, Phase.FAILING):
        house = House(phase)
        await house.keep()
        assert house.flags == house.events == []


async def test_a_look_that_was_under_way_when_giving_back_began_tells_nothing() -> None:
    class Late(House):
        def look(self, report: UpkeepReport) -> UpkeepReport:
            self.driver.session = Session(phase=Phase.UNLOCKING, lockdown_held=True)
            return report

    house = Late(Phase.RUNNING, SLIPPED)
    await house.keep()
    assert house.flags == house.events == []


def test_a_monitor_that_stands_still_is_flagged_once_each_time() -> None:
    flags: list[str] = []
    monitor = SimpleNamespace(stands_still=False)
    hands: Any = SimpleNamespace(monitor=monitor, raise_flag=lambda code, reason: flags.append(code))
    nothing: Any = None
    log: Any = SimpleNamespace(line=lambda event, **fields: None)
    house = Housekeeping(nothing, hands, nothing, nothing, nothing, nothing, log, nothing)
    for still in (False, True, True, False, True):
        monitor.stands_still = still
        house._look_after_monitor()
    hands.monitor = None
    house._look_after_monitor()
    assert flags == ["RECORD_FAILED"] * 2


async def test_pictures_of_what_leaves_are_made_only_while_the_candidate_looks_at_them() -> None:
    house, shown = House(Phase.RUNNING), list[tuple[str, bytes]]()
    picture = Picture(np.zeros((40, 60, 3), np.uint8), 0)
    house.hands.recording = SimpleNamespace(pictures=lambda: {"screen": picture, "camera": picture})
    house.hands.parts = SimpleNamespace(stage=SimpleNamespace(preview=lambda name, jpeg: shown.append((name, jpeg))))
    await house.house._show_captured()
    assert shown == []
    house.driver.session = replace(house.driver.session, recording=True, live_panel_open=True)
    await house.house._show_captured()
    assert [(name, jpeg[:2]) for name, jpeg in shown] == [("screen", b"\xff\xd8"), ("camera", b"\xff\xd8")]
    shown.clear()
    house.driver.session = replace(house.driver.session, live_panel_open=False)
    await house.house._show_captured()
    assert sorted(shown) == [("camera", b""), ("screen", b"")], "and taken away again"


@pytest.mark.parametrize(("status", "hint"), [(StepStatus.NOT_YET, "dark"), (StepStatus.SENT, "no_card")])
async def test_the_preview_is_judged_while_the_identity_picture_is_wanted(status: StepStatus, hint: str) -> None:
    house = House(Phase.IDENTIFYING)
    house.driver.session = replace(house.driver.session, id_card=Step(status))
    house.hands.picturing = SimpleNamespace(card=CardWatch(), capturing="")
    await house.house._watch_card(Picture(np.zeros((48, 64, 3), np.uint8), 0))
    assert house.hands.picturing.card.hint == hint
    house.clock.advance(3)
    await house.house._watch_card(None)
    assert house.hands.picturing.card.hint == "no_picture"


async def test_once_a_second_the_findings_hear_whether_there_is_a_break() -> None:
    house = House(Phase.RUNNING, *[UpkeepReport()] * 5)
    await house.keep()
    house.driver.session = Session(phase=Phase.PAUSED, reason="break", lockdown_held=True)
    await house.keep()
    house.driver.session = Session(phase=Phase.PAUSED, reason="paused_by_proctor", lockdown_held=True)
    await house.keep()
    assert house.breaks == [False, True, False]
