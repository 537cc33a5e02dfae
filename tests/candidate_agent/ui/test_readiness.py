"""What a practice says about a computer; pure."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from candidate_agent.ui.readiness import LOCAL, Facts, Verdict, judge
from candidate_agent.ui.readiness_page import html, plain
from candidate_agent.ui.texts import Texts
from exam_protocol.catalogue import ASKED, CHECKS
from exam_protocol.records import CheckRow, FlagEntry
from tests.candidate_agent.ui.states import FINE, MEASURES, row, with_rows

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
TEXTS = Texts("en")
WENT_WELL = Facts(
    steps=(("consent", 4.2), ("checks", 11.6), ("exam", 61.0)), checks=FINE, reason="finished", is_exam_shown=True,
    restored=True, measures=MEASURES, is_receipt_complete=True, pictures_opened=9,
)  # fmt: skip
LIGHT = row("light", "person", 34, "Turn a lamp towards your face.")
DISPLAYS = row("displays", "fail", 2, "Unplug the second display.")
QUIET = row("microphone", "warn", -50.0, "Please move closer.")


def with_checks(*rows: CheckRow) -> Facts:
    return replace(WENT_WELL, checks=with_rows(*rows))


@pytest.mark.parametrize(
    ("facts", "verdict", "status"),
    [
        (WENT_WELL, Verdict.READY, 0),
        (replace(WENT_WELL, reason="time_over"), Verdict.READY, 0),
        (with_checks(QUIET), Verdict.LOOK, 0),
        (with_checks(LIGHT), Verdict.LOOK, 0),
        (with_checks(row("programs", "fail", 1, "Close it.")), Verdict.LOOK, 0),
        (with_checks(DISPLAYS), Verdict.BLOCKED, 20),
        (replace(WENT_WELL, restored=False), Verdict.BLOCKED, 20),
        (replace(WENT_WELL, reason="lockdown_failed"), Verdict.BLOCKED, 20),
        (replace(WENT_WELL, problem=("camera_busy", "It is busy.")), Verdict.BLOCKED, 20),
        (replace(WENT_WELL, is_exam_shown=False), Verdict.UNFINISHED, 21),
        (Facts(), Verdict.UNFINISHED, 21),
    ],
)
def test_the_verdict_and_its_exit_status(facts: Facts, verdict: Verdict, status: int) -> None:
    assert (judge(facts), judge(facts).exit_status) == (verdict, status)


LINE = sorted(LOCAL & CHECKS.keys())


@pytest.mark.parametrize("code", LINE)
def test_a_line_that_never_left_the_computer_is_not_judged(code: str) -> None:
    facts = with_checks(row(code, "fail", 0, "Look at your network."))
    assert judge(facts) is Verdict.READY
    said = plain(facts, TEXTS, AT)
    assert "Look at your network" not in said
    assert said.count("Only inside this computer") == len(LINE)


def test_each_check_stands_with_its_value_and_its_verdict() -> None:
    said = plain(with_checks(DISPLAYS, LIGHT), TEXTS, AT)
    assert all(TEXTS.say(f"check.{code}") in said for code in CHECKS.keys() - set(ASKED))
    assert "Displays  |  2 displays  |  Needs your help" in said
    assert "Light  |  34 of 255  |  A person will look" in said
    assert "Microphone  |  -27.4 dBFS  |  Fine" in said


def test_what_to_mend_comes_first_and_what_stops_an_exam_before_all() -> None:
    said = plain(with_checks(LIGHT, DISPLAYS), TEXTS, AT)
    assert (
        said.index("What to mend")
        < said.index("Displays: Unplug")
        < said.index("Light: Turn")
        < said.index("The checks")
    )


def test_a_proctor_is_asked_about_what_a_person_decides_and_what_was_noted() -> None:
    flag = FlagEntry("FOCUS_LOST", "low", "Another window was in front.", 1, 0, 0)
    said = plain(replace(with_checks(LIGHT, QUIET), flags=(flag, flag)), TEXTS, AT)
    asked = said[said.index("What a proctor would look at") : said.index("The checks")]
    assert "Light: 34 of 255" in asked and "Microphone" not in asked
    assert asked.count("Another window was in front.") == 1


def test_steps_pictures_and_the_computer_given_back_are_told() -> None:
    said = plain(WENT_WELL, TEXTS, AT)
    for sentence in (
        "Checks  |  12 s",
        "Pictures that the practice proctor could open  |  9",
        "Clipboard, Going to sleep by itself, Keys that switch to a text screen,",
        "Everything is as it was before.",
    ):
        assert sentence in said


def test_what_was_not_put_back_is_named_by_itself() -> None:
    facts = replace(WENT_WELL, restored=False, measures=(*MEASURES[:2], ("screen saver", "could not be put back")))
    said = plain(facts, TEXTS, AT)
    assert "Clipboard, Going to sleep by itself  |  as before\n  Screen saver  |  not put back yet" in said


def test_a_problem_says_what_happened_what_to_do_and_its_code() -> None:
    facts = Facts(problem=("wayland", "Wayland lets no program record the screen."))
    said = plain(facts, TEXTS, AT)
    assert "Not ready yet" in said and "Sign out." in said and "[wayland]" in said
    assert "It is odd. [odd]" in plain(Facts(problem=("odd", "It is odd.")), TEXTS, AT)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_says_the_same_and_is_hostile_to_markup() -> None:
    evil = "<script>alert(1)</script>"
    facts = replace(with_checks(row("light", "person", evil, evil)), problem=(evil, evil), measures=((evil, evil),))
    page = html(facts, TEXTS, AT)
    parsed = _Tags()
    parsed.feed(page)
    assert parsed.open == ["html"] or parsed.open == []
    assert not {"script", "link", "img", "iframe"} & set(parsed.tags)
    assert parsed.tags.count("h1") == 1 and parsed.tags.count("tr") == len(CHECKS) - len(ASKED) + 3 + 1 + 1
    assert 'lang="en" dir="ltr"' in page


@pytest.mark.parametrize("write", [html, plain])
def test_what_a_program_calls_itself_turns_nothing_round_and_adds_no_line(write: Any) -> None:
    turning = "OBS\u202e\u2067\x1b]0;\n  You are ready"
    facts = replace(with_checks(row("programs", "fail", 1.0, turning)), measures=((turning, turning),))
    said = write(facts, TEXTS, AT)
    assert not set("\u202e\u2067\x1b") & set(said)
    assert "\n  You are ready" not in said and "OBS\\u202e" in said


def test_every_text_of_the_report_is_written() -> None:
    assert "readiness." not in plain(WENT_WELL, TEXTS, AT) + plain(Facts(), TEXTS, AT)


def test_a_language_that_nobody_wrote_is_english_and_a_missing_value_stays_seen() -> None:
    assert Texts("xx").say("practice.badge") == "Practice"
    assert Texts("xx").language == "en"
    assert TEXTS.say("readiness.seconds") == "{{seconds}} s"
    assert TEXTS.say("unit.displays", count=1, value="1") == "1 display"
