"""The table in the documents is the one the code tells, and it knows every concern."""

from pathlib import Path

from candidate_agent.platforms import table
from candidate_agent.platforms.simulated.machine import Machine

DOCUMENT = Path(__file__).parents[3] / "docs" / "platforms.md"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == table.markdown()


def test_every_concern_and_setting_has_a_row() -> None:
    assert set(Machine(development=True).platform().capabilities()) == set(table.TITLES)


def test_what_never_ran_on_windows_itself_says_so() -> None:
    answers = [answer for answer in table.columns()["Windows"].values() if answer.startswith("yes")]
    assert answers and all("never" in answer for answer in answers)


def test_a_system_that_nobody_tried_promises_nothing_without_saying_so() -> None:
    answers = table.columns()["macOS"].values()
    assert all("not run on a Mac" in answer for answer in answers if answer.startswith("yes"))
    assert "yes" not in answers


def test_a_system_without_a_backend_promises_nothing_without_a_limit() -> None:
    for system, unlimited in (("Linux, Wayland", ["processes"]),):
        column = table.columns()[system]
        assert [concern for concern, answer in column.items() if answer == "yes"] == unlimited
        assert {concern for concern, answer in column.items() if answer.startswith("yes")} <= {"keys", "processes"}
