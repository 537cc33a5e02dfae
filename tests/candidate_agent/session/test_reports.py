"""Reports: only what the candidate left in goes, a number comes back, and the place is a flag that weighs nothing."""

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.reports import PARTS, PLACES
from candidate_agent.session.states import Phase
from exam_protocol.catalogue import FLAGS, Severity
from exam_protocol.records import ReportEntry
from tests.candidate_agent.session.test_machine import PACKAGE, Play, running


def written(about: str = "problem", parts: tuple[str, ...] = PARTS, report_id: str = "r1") -> ev.ReportWritten:
    return ev.ReportWritten(report_id, about, "The page stays white.", 5, True, parts)


def sent(play: Play) -> tuple[ReportEntry, bool]:
    (order,) = (effect for effect in play.effects if isinstance(effect, fx.SendReport))
    return order.entry, order.with_picture


def test_a_report_carries_what_was_shown_and_when_it_was_noticed() -> None:
    play = running()
    play.session = Play(play.session)(ev.LinkDown("gone", "")).session
    entry, with_picture = sent(play(written()))
    assert (entry.text, entry.unusable, entry.server_url) == ("The page stays white.", True, PACKAGE.server_url)
    assert entry.at_ms - entry.noticed_ms == 5 * 60_000
    assert entry.facts["phase"] == "offline" and entry.facts["link"] == "down" and with_picture


@pytest.mark.parametrize(
    ("part", "field"),
    [("noticed", "noticed_ms"), ("server", "server_url"), ("candidate", "candidate_id"), ("facts", "facts")],
)
def test_a_part_that_was_struck_out_is_not_in_the_record(part: str, field: str) -> None:
    entry, _ = sent(running()(written(parts=tuple(name for name in PARTS if name != part))))
    assert not getattr(entry, field)
    assert not sent(running()(written(parts=())))[1], "no picture"


def test_the_number_comes_back_and_that_the_server_has_it() -> None:
    play = running()(written())
    assert play.session.reports[0].number == ""
    play(ev.ReportKept("r1", "R-7F3A-21"))
    assert (play.session.reports[0].number, play.session.reports[0].received) == ("R-7F3A-21", False)
    assert play(ev.ReportReceived("r1")).session.reports[0].received


def test_a_report_that_could_not_be_kept_says_so() -> None:
    assert running()(written(), ev.ReportKept("r1", "")).session.reports[0].failed


def test_a_second_click_sends_nothing_twice() -> None:
    assert running()(written(), written()).effects == []


@pytest.mark.parametrize("about", PLACES)
def test_what_is_about_the_place_is_told_as_a_neutral_flag_with_its_number(about: str) -> None:
    play = running()(written(about))
    assert not play.has(fx.RaiseFlag)
    play(ev.ReportKept("r1", "R-7F3A-21"))
    (flag,) = (effect for effect in play.effects if isinstance(effect, fx.RaiseFlag))
    assert flag.code == "ENVIRONMENT_REPORT" and "R-7F3A-21" in flag.reason
    assert FLAGS[flag.code].severity is Severity.INFO
    assert play.session.phase is Phase.RUNNING, "the candidate goes on"


def test_a_problem_with_the_program_is_no_flag() -> None:
    assert not running()(written(), ev.ReportKept("r1", "R-7F3A-21")).has(fx.RaiseFlag)


def test_the_screen_is_photographed_only_while_the_exam_holds_it() -> None:
    assert running()(ev.ScreenshotAsked()).effects == [fx.TakeScreenshot()]
    before = Play()(ev.PackageOpened(PACKAGE, "en"), ev.ScreenshotAsked())
    assert before.effects == []


def test_a_picture_can_be_taken_away_again() -> None:
    play = running()(ev.ScreenshotTaken(True))
    assert play.session.report_picture == "taken"
    play(ev.ScreenshotDropped())
    assert play.session.report_picture == "" and play.effects == [fx.DropScreenshot()]


def test_after_the_end_nothing_can_be_added() -> None:
    play = running()(ev.ExamFinished(), ev.ComputerRestored(True, ()))
    assert not play(written()).has(fx.SendReport)


def test_a_message_is_told_by_a_sound_unless_the_candidate_switched_it_off() -> None:
    from exam_protocol import messages as m
    from tests.candidate_agent.session.test_machine import command

    play = running()
    assert play(command(m.ChatBody("Hello"), "m1")).has(fx.PlayCue)
    play(ev.CueChosen("sound", False))
    assert not play(command(m.ChatBody("Hello"), "m2")).has(fx.PlayCue)
    assert play.session.cue_visual
    assert not play(ev.CueChosen("visual", False)).session.cue_visual
