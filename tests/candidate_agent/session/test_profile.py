"""The measured line chooses the recording's profile: never more than the policy's, on record, kept over a restart."""

import pytest

from candidate_agent.capture import rate
from candidate_agent.checks import network_up
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session import profile
from candidate_agent.session.profile import profile_for
from candidate_agent.session.resuming import kept
from candidate_agent.session.states import Kept, Phase
from exam_protocol.policy import Accommodations
from exam_protocol.records import CheckRow, LogEntry
from tests.candidate_agent.session.test_machine import PACKAGE, Play
from tests.candidate_agent.session.test_trying import checking


def upload(mbps: float | str | None) -> CheckRow:
    return CheckRow("network_up", "warn", mbps, "Mbit/s", "", "")


def encoder(speed: float) -> CheckRow:
    return CheckRow("encoder", "warn", speed, "", "", "")


@pytest.mark.parametrize(
    ("mbps", "most", "chosen"),
    [
        (4.2, "standard", "standard"), (1.0, "full", "full"), (0.99, "standard", "low"), (0.19, "full", "low"),
        (0.10, "standard", "low"), (0.09, "standard", "store"), (0.0, "full", "store"),
        (4.2, "low", "low"), (0.5, "store", "store"), (0.5, "low", "low"), (0.05, "low", "store"),
    ],
)  # fmt: skip
def test_a_slower_line_records_less_and_a_fast_one_never_more_than_the_policy(
    mbps: float, most: str, chosen: str
) -> None:
    assert profile_for((upload(mbps),), most) == chosen


def test_a_line_that_was_not_measured_and_other_checks_choose_nothing() -> None:
    rows = (upload(None), upload("no line"), CheckRow("disk", "pass", 0.01, "GB", "", ""), encoder(0.5))
    assert [profile_for((row,), "standard") for row in rows] == [""] * 4


def test_a_computer_that_cannot_keep_up_records_less_on_any_line() -> None:
    assert [profile_for((upload(4.0), encoder(speed)), "standard") for speed in (0.9, 1.0)] == ["low", "standard"]
    assert profile_for((upload(0.05), encoder(0.9)), "standard") == "store"


def test_the_pipeline_knows_every_profile_and_the_check_has_the_same_thresholds() -> None:
    assert [rate.profile(name).name for name in profile.PROFILES] == list(profile.PROFILES)
    assert (profile.GOOD_MBPS, profile.STORE_MBPS) == (network_up.GOOD_MBPS, network_up.STORE_MBPS)


def test_the_choice_is_on_record_once_and_a_better_line_takes_it_back() -> None:
    play = checking()(ev.CheckAgainAsked("network_up"), ev.CheckMeasured(upload(0.4)))
    [noted] = [effect.entry for effect in play.effects if isinstance(effect, fx.Record)]
    assert isinstance(noted, LogEntry) and (noted.event, noted.detail) == ("profile", "low: network_up 0.4 Mbit/s")
    assert play.session.profile == "low"
    assert play(ev.CheckMeasured(upload(0.5))).effects == []
    assert play(ev.CheckMeasured(upload(8.0))).session.profile == "standard"


def test_a_restart_goes_on_with_what_was_chosen() -> None:
    play = checking()(ev.CheckMeasured(upload(0.4)))
    known = kept(play.session)
    assert known is not None and known.profile == "low"
    again = Play()(
        ev.PackageOpened(PACKAGE, "en"), ev.Resumed(Kept(Phase.RUNNING, profile="low"), "Kim", Accommodations())
    )
    assert again.session.profile == "low"
