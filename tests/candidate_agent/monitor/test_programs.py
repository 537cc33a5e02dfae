"""The list speaks the catalogue's words, and matches names as systems give them."""

import pytest

from candidate_agent.monitor.programs import PROGRAMS, Match, ProgramList
from exam_protocol.catalogue import FLAGS


def test_every_category_is_a_flag_of_the_catalogue() -> None:
    assert {category.upper() for category in PROGRAMS} == {
        code for code, kind in FLAGS.items() if kind.group == "processes"
    }


def test_every_name_is_written_as_it_is_compared_and_stands_once() -> None:
    names = [name for names in PROGRAMS.values() for name in names]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and not name.endswith(".exe") for name in names)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("AnyDesk.exe",), Match("remote_control", "anydesk")),
        (("main", "teamviewer_desktop"), Match("remote_control", "teamviewer_desktop")),
        (("obs",), Match("capture_tool", "obs")),
        (("observer",), None),
        (("python3.11",), None),
        ((), None),
    ],
)
def test_names_of_a_process_are_matched(names: tuple[str, ...], found: Match | None) -> None:
    assert ProgramList().match(names) == found


def test_what_the_exam_allows_is_not_matched() -> None:
    assert ProgramList(allowed=frozenset({"OBS.exe"})).match(("obs",)) is None


def test_only_the_categories_asked_for_are_matched() -> None:
    some = ProgramList(categories=frozenset({"remote_control"}))
    assert some.match(("firefox",)) is None
    assert some.match(("anydesk",)) is not None
