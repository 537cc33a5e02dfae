"""Password fields of the exam page are black in the decoded recording, wherever they move, and nothing else is."""

from typing import Any

import pytest

BLACK = 3  # of 255: the encoder may miss black by a shade where a picture moved; what it gets is 0
pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture
def result(fields_played: dict[str, Any]) -> Any:
    assert "error" not in fields_played["fields"], fields_played["fields"]
    return fields_played["fields"]


def test_a_password_field_is_black_and_what_stands_beside_it_is_not(result: Any) -> None:
    assert result["first"][1] <= BLACK and result["first"][2] > 10_000
    assert result["mark"][1] > 150 and result["text"][1] == 255


def test_a_field_in_a_frame_of_the_same_site_is_black(result: Any) -> None:
    assert result["inner"][1] <= BLACK


def test_it_is_followed_when_the_page_scrolls_and_stays_black_when_the_page_shows_it_as_text(result: Any) -> None:
    moved, _least, most, _size = result["scrolled"]
    assert moved == -60 and most <= BLACK


def test_no_picture_of_the_whole_recording_shows_any_of_it(result: Any) -> None:
    assert set(result["red"]) == {0}
