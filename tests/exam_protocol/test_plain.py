"""Words of others in a terminal or a report: visible, in one line, and no direction but their own."""

import pytest

from exam_protocol.plain import plain


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Kim\u202eecilA\u202c", "Kim\\u202eecilA\\u202c"),
        ("\x1b[2J\x1b]0;x\x07", "\\u001b[2J\\u001b]0;x\\u0007"),
        ("A\nWHOLE: all is signed\r", "A\\u000aWHOLE: all is signed\\u000d"),
        ("a\u200bb\ufeffc\u2028d", "a\\u200bb\\ufeffc\\u2028d"),
    ],
)
def test_what_acts_on_its_neighbours_is_shown_as_its_code(given: str, shown: str) -> None:
    assert plain(given) == shown


@pytest.mark.parametrize("name", ["Zoë Ångström", "محمد", "نیم‌فاصله", "👩‍🔬", "李小龙", "O'Neil <b>", ""])
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert plain(name) == name


def test_lines_stay_where_there_may_be_some() -> None:
    assert plain("a\nb\x1b", keep="\n") == "a\nb\\u001b"
