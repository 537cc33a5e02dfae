"""What a server or a proctor says too early, twice, too late or in the wrong order changes nothing and is answered."""

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase
from exam_protocol import messages as m
from exam_protocol.records import ResultEntry
from tests.candidate_agent.session.test_machine import ACCESS, Play, command, running, waiting
from tests.candidate_agent.session.test_steps import identifying

ADMIT = m.AdmitBody(ACCESS)


def answers(play: Play) -> list[tuple[str, str]]:
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    return [(entry.outcome, entry.code) for entry in entries if isinstance(entry, ResultEntry)]


def test_an_admission_before_the_identity_was_shown_admits_nobody() -> None:
    play = identifying()(command(ADMIT))
    assert play.session.phase is Phase.IDENTIFYING and play.session.access is None
    assert answers(play) == [("refused", "not_now")] and not play.has(fx.StartRecording)


def test_a_second_admission_starts_nothing_twice() -> None:
    play = waiting()(command(ADMIT))
    assert play.has(fx.StartRecording)
    play(command(ADMIT))
    assert answers(play) == [("refused", "not_now")] and not play.has(fx.StartRecording)
    play = running()(command(ADMIT))
    assert play.session.phase is Phase.RUNNING and answers(play) == [("refused", "not_now")]


@pytest.mark.parametrize("late", [ADMIT, m.AskAgainBody("room", "dark"), m.ResumeBody(), m.PauseBody("p")])
def test_what_comes_after_the_end_is_answered_and_brings_nothing_back(late: object) -> None:
    play = running()(ev.ExamFinished(), ev.ComputerRestored(True, ()))
    play(command(late))  # type: ignore[arg-type]
    assert play.session.phase is Phase.DONE and answers(play) == [("refused", "not_now")]


def test_chat_before_the_consent_is_over_and_chat_twice_is_shown_as_it_came() -> None:
    play = identifying()(command(m.ChatBody("one")), command(m.ChatBody("two")))
    assert [line.text for line in play.session.chat] == ["one", "two"] and play.session.unread == 2


def test_a_receipt_that_comes_twice_or_an_older_one_after_it_takes_nothing_back() -> None:
    play = running()(ev.ExamFinished(), ev.ComputerRestored(True, ()))
    for complete in (True, True, False):
        play(ev.ReceiptArrived(complete))
    assert play.session.receipt_complete


def test_a_lease_after_the_end_shows_nothing() -> None:
    play = running()(ev.ExamFinished(), ev.ComputerRestored(True, ()), ev.LeaseRenewed(60))
    assert not play.has(fx.ShowExam) and play.session.phase is Phase.DONE
