"""The recording's profile during the exam: plainer where line or encoder are late, finer after a calm time."""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.adapting import profile_now
from candidate_agent.session.states import Backlog, Phase
from exam_protocol.records import LogEntry
from tests.candidate_agent.session.test_machine import Play, running

OVERLOADED = ev.EncoderOverloaded(1, 10)


def waits(play: Play, age_s: float, seconds: float) -> list[str]:
    """The oldest record is `age_s` old, at each of so many seconds; the profiles that were chosen meanwhile."""
    chosen = []
    for _ in range(round(seconds)):
        play.now_us += 1_000_000
        play(ev.BacklogChanged(Backlog(10, 10_000, age_s)))
        chosen += [effect.name for effect in play.effects if isinstance(effect, fx.SetProfile)]
    return chosen


def exam() -> Play:
    """Runs, with a line that has settled."""
    play = running()
    play.wait(60)
    return play


def notes(play: Play) -> list[str]:
    entries = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    return [entry.detail for entry in entries if isinstance(entry, LogEntry) and entry.event == "profile"]


def test_a_backlog_older_than_fifteen_seconds_makes_it_plainer_and_the_reason_is_on_record() -> None:
    play = exam()
    assert waits(play, 15.0, 60) == []
    play.now_us += 1_000_000
    play(ev.BacklogChanged(Backlog(10, 10_000, 16.2)))
    assert fx.SetProfile("low") in play.effects
    assert notes(play) == ["from standard to low: the oldest record that waits is 16 s old"]
    assert profile_now(play.session) == "low"


def test_one_step_has_time_to_show_before_the_next_and_the_last_is_to_keep_everything() -> None:
    play = exam()
    assert waits(play, 30, 19) == ["low"]
    assert waits(play, 30, 60) == ["store"]
    assert waits(play, 90, 200) == []


def test_a_backlog_that_grows_younger_is_catching_up() -> None:
    play = exam()
    for age_s in range(120, 15, -1):
        assert waits(play, age_s, 1) == ([] if age_s < 120 else ["low"])


def test_a_line_that_is_away_is_no_slow_line_and_has_time_to_catch_up() -> None:
    play = exam()(ev.LinkDown("gone", ""))
    assert play.session.phase is Phase.OFFLINE and waits(play, 300, 120) == []
    play(ev.LinkUp())
    assert waits(play, 300, 14) == []
    assert waits(play, 300, 5) == ["low"]


def test_after_two_calm_minutes_it_is_one_step_finer_and_never_more_than_the_policy() -> None:
    play = exam()
    waits(play, 30, 40)
    assert profile_now(play.session) == "store"
    assert waits(play, 0.4, 120) == []
    assert waits(play, 0.4, 2) == ["low"]
    assert waits(play, 0.4, 122) == ["standard"]
    assert waits(play, 0.4, 600) == []


def test_the_calm_time_begins_anew_with_every_wait() -> None:
    play = exam()
    waits(play, 30, 1)
    assert waits(play, 0.4, 110) + waits(play, 3.0, 1) + waits(play, 0.4, 110) == []


def test_a_step_up_that_is_taken_back_at_once_is_tried_half_as_often() -> None:
    play = exam()
    waits(play, 30, 1)
    assert waits(play, 0.4, 122) == ["standard"]
    assert waits(play, 30, 30) == ["low"]
    assert waits(play, 0.4, 200) == [] and waits(play, 0.4, 45) == ["standard"]


def test_an_encoder_that_does_not_keep_up_with_the_quickest_preset_makes_it_plainer() -> None:
    play = exam()(OVERLOADED)
    assert fx.SetProfile("low") in play.effects
    assert notes(play) == ["from standard to low: the encoder of track 1 has not kept up for 10 s"]
    assert play(OVERLOADED).effects == []  # the step has not shown yet


def test_what_is_not_recorded_is_not_changed() -> None:
    play = Play()(OVERLOADED, ev.BacklogChanged(Backlog(10, 10_000, 99)))
    assert not play.has(fx.SetProfile)


def test_the_checks_before_the_exam_say_what_is_the_most() -> None:
    play = exam()
    play.session = replace(play.session, profile="low")
    assert waits(play, 30, 1) == ["store"]
    assert waits(play, 0.1, 122) == ["low"] and waits(play, 0.1, 400) == []
