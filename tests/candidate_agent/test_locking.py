"""The computer comes back whatever else breaks."""

from types import SimpleNamespace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from tests.candidate_agent.hands_desk import Breaks, Desk


async def test_the_computer_is_given_back_although_window_and_monitor_break() -> None:
    desk = Desk(stage=Breaks())
    desk.hands.locking.monitor = Breaks()  # type: ignore[assignment]
    await desk.hands.perform(fx.RestoreComputer())
    assert desk.posted == [ev.ComputerRestored(True, (("screen saver", "put back"),))]
    assert desk.lines == ["step_failed"] * 2


async def test_a_revert_that_breaks_is_reported_and_does_not_leave_the_session_waiting() -> None:
    desk = Desk(stage=SimpleNamespace(leave_exam=lambda: None), lockdown=Breaks())
    await desk.hands.perform(fx.RestoreComputer())
    (restored,) = desk.posted
    assert isinstance(restored, ev.ComputerRestored) and not restored.restored
