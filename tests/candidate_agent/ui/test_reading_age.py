"""No screen asks for a reader older than 13 (Flesch-Kincaid grade + 5)."""

from tests.candidate_agent.ui.reading_age import OLDEST, age, ages


def test_each_screen_can_be_read_at_thirteen() -> None:
    assert {name: years for name, years in ages().items() if years > OLDEST} == {}


def test_a_hard_sentence_would_be_found() -> None:
    hard = "Authentication necessitates uninterrupted connectivity, notwithstanding institutional heterogeneity."
    assert age(hard) > OLDEST
    assert age("The line is gone. Your exam goes on.") < OLDEST
