"""Programs that should close: named, asked at the candidate's word, and never a reason that keeps anybody."""

from dataclasses import replace

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.machine import step
from candidate_agent.session.states import OpenProgram, Phase, ProgramState, Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.records import CheckRow, LogEntry

AT = Moment(1_000_000, 1_000)
ZOOM, ASKED, STAYS = (OpenProgram("Zoom", state) for state in ProgramState)
RUNNING = Session(phase=Phase.RUNNING, programs=(ZOOM,))


def after(session: Session, *events: ev.Event) -> Next:
    out = Next(session)
    for event in events:
        out = step(out.session, event, AT)
    return out


def logged(out: Next) -> list[tuple[str, str]]:
    entries = [effect.entry for effect in out.effects if isinstance(effect, fx.Record)]
    return [(entry.event, entry.detail) for entry in entries if isinstance(entry, LogEntry)]


@pytest.mark.parametrize("phase", Phase)
def test_what_runs_is_known_in_every_phase_and_orders_nothing(phase: Phase) -> None:
    out = after(replace(RUNNING, phase=phase), ev.ProgramsSeen(("Zoom", "AnyDesk")))
    assert out.session.programs == (ZOOM, OpenProgram("AnyDesk")) and out.session.phase is phase and out.effects == ()


def test_what_was_asked_stays_asked_while_it_runs_and_is_forgotten_when_it_ended() -> None:
    asked = after(RUNNING, ev.CloseProgramAsked("Zoom"), ev.ProgramsSeen(("AnyDesk", "Zoom"))).session
    assert asked.programs == (OpenProgram("AnyDesk"), ASKED)
    assert after(asked, ev.ProgramsSeen(()), ev.ProgramsSeen(("Zoom",))).session.programs == (ZOOM,)


@pytest.mark.parametrize("program", [ZOOM, STAYS])
def test_the_candidates_click_asks_the_program_to_close(program: OpenProgram) -> None:
    out = after(replace(RUNNING, programs=(program,)), ev.CloseProgramAsked("Zoom"))
    assert out.session.programs == (ASKED,) and out.effects == (fx.AskToClose("Zoom"),)


@pytest.mark.parametrize("name", ["Zoom", "Notes"])
def test_a_program_is_asked_once_at_a_time_and_only_one_that_was_named(name: str) -> None:
    assert after(replace(RUNNING, programs=(ASKED,)), ev.CloseProgramAsked(name)) == Next(
        replace(RUNNING, programs=(ASKED,))
    )


def test_how_it_went_is_kept_and_noted() -> None:
    asked = replace(RUNNING, programs=(ASKED,))
    closed, stays = (after(asked, ev.CloseProgramEnded("Zoom", done)) for done in (True, False))
    assert closed.session.programs == () and logged(closed) == [("program_closed", "Zoom")]
    assert stays.session.programs == (STAYS,) and logged(stays) == [("program_stays", "Zoom")]
    assert stays.session.phase is Phase.RUNNING


def test_before_the_exam_the_check_is_made_again_when_the_program_had_its_time() -> None:
    checking = replace(RUNNING, phase=Phase.CHECKING, programs=(ASKED,))
    out = after(checking, ev.CloseProgramEnded("Zoom", False))
    assert out.session.checks_running and fx.RunChecks("programs") in out.effects
    busy = after(replace(checking, checks_running=True), ev.CloseProgramEnded("Zoom", True))
    assert fx.RunChecks("programs") not in busy.effects


def test_a_program_that_stays_keeps_nobody_from_going_on() -> None:
    row = CheckRow("programs", "fail", 1.0, "programs", "none", "Zoom does not close.")
    out = after(Session(phase=Phase.CHECKING, checks=(row,), programs=(STAYS,)), ev.ContinueAsked())
    assert out.session.phase is Phase.IDENTIFYING
