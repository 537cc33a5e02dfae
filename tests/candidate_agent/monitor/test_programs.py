"""The list speaks the catalogue's words; what an exam allows and blocks is weighed in the order that the page says."""

from pathlib import Path
from typing import get_args

import pytest

from candidate_agent.monitor import table
from candidate_agent.monitor.programs import NOT_ALLOWED, Match, ProgramList, Terms, types_for_a_person
from candidate_agent.monitor.published import CATEGORY_TITLES, PUBLISHED
from candidate_agent.platforms.ports import Fingerprint
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import Category

ANYDESK = Match("remote_control", "AnyDesk")
GOOD, BAD = "ab" * 32, "cd" * 32


def terms(**said: object) -> ProgramList:
    return ProgramList(Terms(**{name: frozenset(value) for name, value in said.items()}))  # type: ignore[call-overload]


def test_every_category_is_a_flag_of_the_catalogue_and_a_word_of_the_policy() -> None:
    flags = {code for code, kind in FLAGS.items() if kind.group == "processes"}
    assert {category.upper() for category in (*PUBLISHED, NOT_ALLOWED)} == flags
    assert set(get_args(Category)) == set(PUBLISHED) == set(CATEGORY_TITLES)


def test_every_name_is_written_as_it_is_compared_and_stands_once() -> None:
    listed = [entry for entries in PUBLISHED.values() for entry in entries]
    names = [name for entry in listed for name in (*entry.names, *entry.windows)]
    titles = [entry.title for entry in listed]
    assert len(names) == len(set(names)) and len(titles) == len(set(titles))
    assert all(name == name.lower() and not name.endswith(".exe") and "*" not in name[:-1] for name in names)


def test_the_page_of_the_list_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "programs.md"
    assert page.read_text(encoding="utf-8") == table.markdown(), (
        "python -m candidate_agent.monitor.table > docs/programs.md"
    )


@pytest.mark.parametrize(
    ("names", "window", "found"),
    [
        (("AnyDesk.exe",), "", ANYDESK),
        (("main", "teamviewer_desktop"), "", Match("remote_control", "TeamViewer")),
        (("obs",), "", Match("capture_tool", "OBS Studio")),
        (("harmless",), "AnyDesk", Match("remote_control", "AnyDesk", "window")),
        (("harmless",), "org.kde.spectacle", Match("capture_tool", "Spectacle", "window")),
        (("observer",), "", None),
        (("python3.11",), "xterm", None),
        (("spectacle",), "", Match("capture_tool", "Spectacle")),
        ((), "", None),
    ],
)
def test_a_program_is_found_by_any_of_its_names_and_by_its_window(
    names: tuple[str, ...], window: str, found: Match | None
) -> None:
    assert ProgramList().match(names, window) == found


def test_a_renamed_program_is_found_by_its_file_and_by_its_signer() -> None:
    assert terms(blocked_hashes=[BAD]).match(("notes",), file=Fingerprint(BAD)) == Match(
        NOT_ALLOWED, f"the file {BAD[:12]}", "file"
    )
    assert ProgramList().match(("notes",), file=Fingerprint("", "AnyDesk Software GmbH")) == Match(
        "remote_control", "AnyDesk", "signer"
    )


@pytest.mark.parametrize("allowed", ["OBS.exe", "obs", "obs32", "ob*", "OBS Studio", "com.obsproject.studio"])
def test_one_allowed_name_allows_the_program_under_all_its_names(allowed: str) -> None:
    programs = terms(allowed=[allowed])
    assert programs.match(("obs",)) is None
    assert programs.match(("obs64",), "com.obsproject.Studio") is None
    assert programs.match(("flameshot",)) is not None


def test_a_listed_program_with_a_borrowed_allowed_name_is_still_found() -> None:
    programs = terms(allowed=["zoomtext"])
    assert programs.match(("zoomtext",), "anydesk") == Match("remote_control", "AnyDesk", "window")
    assert programs.match(("zoomtext", "anydesk")) == ANYDESK
    assert programs.match(("zoomtext",)) is None


@pytest.mark.parametrize(
    ("said", "names", "file", "found"),
    [
        ({"allowed": ["zoom"], "blocked": ["zoom"]}, ("zoom",), Fingerprint(), None),
        ({"blocked": ["games*"]}, ("gamesroom",), Fingerprint(), Match(NOT_ALLOWED, "games")),
        ({"blocked": ["anydesk"]}, ("anydesk",), Fingerprint(), Match(NOT_ALLOWED, "anydesk")),
        ({"allowed_hashes": [GOOD]}, ("anydesk",), Fingerprint(GOOD), None),
        ({"allowed_hashes": [GOOD]}, ("anydesk",), Fingerprint(BAD), ANYDESK),
        ({"allowed_hashes": [GOOD], "blocked_hashes": [GOOD]}, ("anydesk",), Fingerprint(GOOD), None),
        ({"allowed_signers": ["A Maker"]}, ("anydesk",), Fingerprint("", "A Maker"), None),
        ({"allowed_signers": ["A Maker"]}, ("anydesk",), Fingerprint(), ANYDESK),
        ({"allowed": ["notes"], "blocked_hashes": [BAD]}, ("notes",), Fingerprint(BAD),
         Match(NOT_ALLOWED, f"the file {BAD[:12]}", "file")),
    ],
)  # fmt: skip
def test_the_stronger_evidence_decides_and_of_like_evidence_what_allows(
    said: dict[str, list[str]], names: tuple[str, ...], file: Fingerprint, found: Match | None
) -> None:
    assert terms(**said).match(names, file=file) == found


def test_a_blocked_name_is_also_found_as_a_window() -> None:
    assert terms(blocked=["games"]).match(("x",), "games") == Match(NOT_ALLOWED, "games", "window")


def test_only_the_categories_asked_for_are_matched() -> None:
    some = terms(categories=["remote_control"])
    assert some.match(("firefox",)) is None
    assert some.match(("anydesk",)) is not None


def test_files_are_read_only_where_they_can_decide() -> None:
    assert not ProgramList().asks_files and not ProgramList().excuses_files
    assert terms(blocked_hashes=[BAD]).asks_files
    assert ProgramList(signed=True).asks_files
    assert terms(allowed_signers=["A Maker"]).excuses_files


@pytest.mark.parametrize(("allowed", "types"), [("Onboard", True), ("osk.exe", True), ("calculator", False)])
def test_a_program_that_types_for_somebody_is_known(allowed: str, types: bool) -> None:
    assert types_for_a_person([allowed]) is types
