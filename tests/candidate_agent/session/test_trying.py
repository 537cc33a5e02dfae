"""What a candidate tries on the check screen: a sound, the settings, the rehearsal; none of it holds anybody."""

from dataclasses import replace

import pytest

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase
from exam_protocol.policy import Accommodations
from exam_protocol.records import CheckRow, ChecksEntry
from tests.candidate_agent.session.test_machine import OK_ROW, PACKAGE, Play

ALL = ("screen", "webcam", "audio")
DONE = CheckRow("rehearsal", "pass", 100.0, "%", "all of it acknowledged", "")


def checking(read: tuple[str, ...] = ALL) -> Play:
    return Play()(
        ev.PackageOpened(PACKAGE, "en"), ev.Enrolled("Kim", Accommodations()),
        *map(ev.ConsentRead, read), ev.ConsentGiven(),
        ev.CheckMeasured(OK_ROW), ev.ChecksFinished(),
    )  # fmt: skip


def recorded(play: Play) -> list[str]:
    """Codes of the checks in the record that was made last."""
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    return [row.code for entry in entries if isinstance(entry, ChecksEntry) for row in entry.rows]


def test_a_sound_is_played_once_at_a_time_and_the_answer_is_a_row_on_record() -> None:
    play = checking()(ev.ToneAsked())
    assert play.effects == [fx.PlayTone()]
    assert play(ev.ToneAsked()).effects == [] and play.session.tone == "playing"
    play(ev.TonePlayed(True), ev.SpeakerAnswered("heard"))
    row = play.session.checks[-1]
    assert (row.code, row.outcome, row.value) == ("speaker", "pass", "heard")
    assert recorded(play) == ["camera", "speaker"] and play.session.tone == ""


@pytest.mark.parametrize("answer", ["not_heard", "skipped"])
def test_who_hears_nothing_or_leaves_it_out_goes_on(answer: str) -> None:
    play = checking()(ev.ToneAsked(), ev.TonePlayed(True), ev.SpeakerAnswered(answer))
    assert play.session.checks[-1].outcome == "warn"
    assert play(ev.ContinueAsked()).session.phase is Phase.IDENTIFYING


def test_nobody_answers_a_question_that_was_not_asked() -> None:
    play = checking()(ev.SpeakerAnswered("heard"), ev.ToneAsked(), ev.TonePlayed(False), ev.SpeakerAnswered("heard"))
    assert [row.code for row in play.session.checks] == ["camera"] and play.session.tone == "failed"


def test_settings_open_only_on_pages_of_the_catalogue_and_what_stays_shut_is_remembered_until_checked_again() -> None:
    play = checking()
    assert play(ev.SettingsAsked("/etc/passwd")).effects == []
    assert play(ev.SettingsAsked("camera")).effects == [fx.OpenSettings("camera")]
    assert play(ev.SettingsShown("camera", False)).session.settings_shut == "camera"
    assert play(ev.CheckAgainAsked("camera")).session.settings_shut == ""


def test_a_rehearsal_runs_alone_can_be_stopped_and_ends_as_a_row_on_record() -> None:
    play = checking()(ev.RehearsalAsked())
    assert play.effects == [fx.Rehearse()]
    assert play(ev.RehearsalAsked()).effects == []
    assert play(ev.CheckAgainAsked("camera")).effects == [], "both would use the line and the devices"
    assert play(ev.ContinueAsked()).session.phase is Phase.CHECKING
    assert play(ev.RehearsalStopAsked()).effects == [fx.StopRehearsal()]
    play(ev.RehearsalEnded(DONE))
    assert recorded(play) == ["camera", "rehearsal"]
    assert play(ev.ContinueAsked()).session.phase is Phase.IDENTIFYING


@pytest.mark.parametrize("missing", ALL)
def test_a_rehearsal_records_nothing_whose_stage_of_the_consent_was_not_gone_through(missing: str) -> None:
    play = checking(tuple(name for name in ALL if name != missing))(ev.RehearsalAsked())
    assert play.effects == [] and not play.session.rehearsing


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.CHECKING])
def test_no_rehearsal_runs_before_the_consent_and_none_after_the_checks(phase: Phase) -> None:
    play = checking()
    play.session = replace(play.session, phase=phase)
    assert not play(ev.RehearsalAsked()).has(fx.Rehearse)


def test_a_rehearsal_is_not_begun_while_the_checks_run_and_one_that_was_stopped_leaves_no_row() -> None:
    play = checking()(ev.CheckAgainAsked(""))
    assert play(ev.RehearsalAsked()).effects == []
    play(ev.ChecksFinished(), ev.RehearsalAsked(), ev.RehearsalStopAsked(), ev.RehearsalEnded(None))
    assert [row.code for row in play.session.checks] == ["camera"] and not play.session.rehearsing


def test_a_rehearsal_that_ends_after_the_candidate_left_adds_nothing_to_the_record() -> None:
    play = checking()(ev.RehearsalAsked(), ev.LeaveAsked(), ev.LeaveConfirmed(), ev.RehearsalEnded(DONE))
    assert play.session.phase is Phase.ENDED and not play.session.rehearsing and play.effects == []


def test_what_is_measured_now_is_known_by_its_code() -> None:
    play = checking()
    assert play.session.measuring == frozenset()
    assert play(ev.CheckAgainAsked("camera")).session.measuring == {"camera"}
    assert play(ev.CheckMeasured(OK_ROW)).session.measuring == frozenset()
    play(ev.ChecksFinished(), ev.CheckAgainAsked(""))
    assert {"camera", "disk"} < play.session.measuring and not {"speaker", "rehearsal"} & play.session.measuring
