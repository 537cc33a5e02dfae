"""The recording's profile during the exam: plainer where line or encoder are late, finer after a calm time."""

from dataclasses import replace

from msgspec import structs

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.adapting import profile_now, stays_here
from candidate_agent.session.states import Backlog, Phase
from exam_protocol import messages as m
from exam_protocol.records import LogEntry
from tests.candidate_agent.session.test_machine import ACCESS, Play, command, running, waiting

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
    waits(play, 30, 1)
    assert profile_now(play.session) == "low"
    assert waits(play, 0.4, 120) == []
    assert waits(play, 0.4, 2) == ["standard"]
    assert waits(play, 0.4, 600) == []


# --- store: nothing of pictures and sound is sent, so that their age says nothing ------------------------------------


def stored(age_s: float = 30) -> Play:
    play = exam()
    waits(play, age_s, 40)
    assert profile_now(play.session) == "store"
    return play


def probes(play: Play, age_s: float, seconds: int, bps: float) -> tuple[int, str] | None:
    """The line is asked as the machine orders it and takes `bps`: second and profile of the first change."""
    for second in range(1, seconds + 1):
        play.now_us += 1_000_000
        play(ev.BacklogChanged(Backlog(10, 10_000, age_s + second)))
        if play.has(fx.ProbeLine):
            play(ev.LineProbed(bps))
        for effect in play.effects:
            if isinstance(effect, fx.SetProfile):
                return second, effect.name
    return None


def test_pictures_and_sound_stay_here_in_store_until_the_exam_is_over_and_nowhere_else() -> None:
    play = exam()
    assert not stays_here(play.session)
    play = stored()
    assert stays_here(play.session)
    play(ev.LinkDown("gone", ""), ev.LinkUp())
    assert stays_here(play.session)
    play(ev.ExamFinished())
    assert play.session.phase is Phase.UNLOCKING and not stays_here(play.session)


def test_where_the_policy_alone_says_store_it_is_on_record_when_recording_begins() -> None:
    play = waiting()(command(m.AdmitBody(ACCESS)))
    assert play.session.package is not None
    policy = structs.replace(play.session.package.policy, profile="store")
    play.session = replace(play.session, package=structs.replace(play.session.package, policy=policy))
    play(ev.RecordingStarted())
    assert notes(play) == ["store: as the exam's policy says"] and stays_here(play.session)


def test_the_age_of_what_is_stored_neither_makes_it_plainer_nor_finer() -> None:
    play = stored()
    assert waits(play, 0.1, 300) == [] and waits(play, 5000, 300) == []


def test_the_line_is_asked_once_a_minute_and_one_that_was_fast_enough_for_two_carries_pictures_again() -> None:
    play = stored()
    assert probes(play, 40, 160, 400_000) is None
    assert probes(play, 200, 60, 400_000) is not None and profile_now(play.session) == "low"
    assert not stays_here(play.session)


def test_the_reason_for_leaving_store_is_on_record() -> None:
    play = stored()
    for _ in range(3):
        play.now_us += 60_000_000
        play(ev.LineProbed(200_000))
    assert notes(play) == ["from store to low: the line has taken at least 190 kbit/s each time it was asked"]


def test_a_line_that_is_too_slow_once_has_to_begin_anew() -> None:
    play = stored()
    assert probes(play, 40, 600, 150_000) is None
    for bps in (400_000, 400_000, 0, 400_000, 400_000):
        play.now_us += 60_000_000
        play(ev.LineProbed(bps))
        assert not play.has(fx.SetProfile)


def test_a_line_that_is_away_and_an_exam_that_is_only_stored_are_not_asked() -> None:
    play = stored()
    play(ev.LinkDown("gone", ""))
    waits(play, 60, 120)
    assert not play.has(fx.ProbeLine)
    play = exam()
    play.session = replace(play.session, profile="store")
    assert probes(play, 40, 300, 400_000) is None


def test_what_was_stored_is_caught_up_with_in_peace_as_long_as_it_becomes_less_old() -> None:
    play = stored()
    probes(play, 300, 300, 400_000)
    assert profile_now(play.session) == "low"
    for age_s in range(400, 16, -1):
        assert waits(play, age_s if age_s % 20 else age_s + 5, 1) == []  # now and then a second brings nothing
    assert waits(play, 10, 1) == [] and waits(play, 30, 30) == ["store"]


def test_what_was_stored_and_does_not_become_less_old_is_stored_again_and_the_next_try_is_later() -> None:
    play = stored()
    probes(play, 300, 300, 400_000)
    assert waits(play, 900, 29) == [] and waits(play, 900, 40) == ["store"]
    assert probes(play, 900, 230, 400_000) is None and probes(play, 900, 90, 400_000) is not None


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
    assert probes(play, 40, 800, 9e6) is not None and profile_now(play.session) == "low"
