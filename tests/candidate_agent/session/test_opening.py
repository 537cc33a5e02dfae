"""Before the window a countdown that goes on by itself, after it an end; the server's word counts."""

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Phase
from exam_protocol.policy import Accommodations, ExamPackage
from tests.candidate_agent.session.test_machine import PACKAGE, Play

WALL_MS = 1_700_000_000_000  # of every Play


def window(opens_in_s: int, closes_in_s: int = 7200) -> ExamPackage:
    times = {"opens_ms": WALL_MS + opens_in_s * 1000, "closes_ms": WALL_MS + closes_in_s * 1000}
    return ExamPackage(
        **{name: times.get(name, getattr(PACKAGE, name)) for name in PACKAGE.__struct_fields__}  # type: ignore[arg-type]
    )


def test_who_is_early_waits_without_asking_the_server() -> None:
    play = Play()(ev.PackageOpened(window(60), "en"))
    assert (play.session.phase, play.effects, play.session.problem) == (Phase.OUTSIDE, [], None)
    assert play.wait(30).session.phase is Phase.OUTSIDE and not play.effects


def test_check_in_begins_by_itself_when_the_time_comes() -> None:
    play = Play()(ev.PackageOpened(window(60), "en")).wait(60)
    assert (play.session.phase, play.effects) == (Phase.JOINING, [fx.Enrol()])
    assert play(ev.Enrolled("Kim", Accommodations())).session.phase is Phase.CONSENTING


def test_how_far_an_earlier_start_had_come_is_not_overwritten_by_the_countdown() -> None:
    assert kept(Play()(ev.PackageOpened(window(60), "en")).session) is None


def test_a_server_whose_clock_is_a_little_behind_is_asked_again_after_a_while() -> None:
    play = Play()(ev.PackageOpened(window(60), "en")).wait(60)
    play(ev.EnrolFailed("outside_window", "Not open."))
    assert (play.session.phase, play.session.problem) == (Phase.OUTSIDE, ("outside_window", "Not open."))
    assert not play.wait(5).effects
    assert play.wait(20).effects == [fx.Enrol()] and play.session.phase is Phase.JOINING


def test_a_server_that_says_long_after_the_opening_that_it_is_not_open_is_believed() -> None:
    play = Play()(ev.PackageOpened(window(-3600), "en"), ev.EnrolFailed("outside_window", "Not open."))
    assert (play.session.phase, play.session.problem) == (Phase.JOINING, ("outside_window", "Not open."))
    assert not play.wait(60).effects


def test_another_refusal_at_the_opening_is_a_problem_as_ever() -> None:
    play = Play()(ev.PackageOpened(window(60), "en")).wait(60)
    assert play(ev.EnrolFailed("code_used", "Used.")).session.phase is Phase.JOINING


def test_an_exam_that_has_closed_stays_closed_and_ends_with_a_status() -> None:
    play = Play()(ev.PackageOpened(window(-7200, -60), "en"))
    assert play.session.phase is Phase.OUTSIDE
    assert play.session.problem is not None and play.session.problem[0] == "outside_window"
    assert not play.wait(100).effects
    assert play(ev.WindowClosed()).has(fx.CloseWindow)


def test_who_has_sat_the_exam_may_send_the_rest_after_it_has_closed() -> None:
    play = Play()(ev.PackageOpened(window(-7200, -60), "en", has_sat=True))
    assert (play.session.phase, play.effects) == (Phase.JOINING, [fx.Enrol()])


def test_closing_the_window_during_the_countdown_ends_the_program() -> None:
    assert Play()(ev.PackageOpened(window(60), "en"), ev.WindowClosed()).has(fx.CloseWindow)
