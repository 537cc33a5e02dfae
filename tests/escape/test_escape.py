"""The quick attempts of the battery, the battery's own eyes, and its words. `make escape` runs all attempts."""

from pathlib import Path

import pytest

from exam_protocol.catalogue import FLAGS
from tests.escape.__main__ import unexpected
from tests.escape.attempt import Attempt, Outcome, Seen, verdict
from tests.escape.attempts.keyboard import press_all
from tests.escape.battery import all_attempts, battery
from tests.escape.known import KNOWN
from tests.escape.room import Room, rooms
from tests.escape.table import last_line, page, row
from tests.rig.xserver import wait_for

QUICK = [each for each in all_attempts() if each.quick]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """All of them in one exam."""
    with battery(tmp_path_factory.mktemp("escape")) as running:
        return {outcome.attempt.name: outcome for outcome in running.run(QUICK)}


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(400)  # the first one waits for all
@pytest.mark.parametrize("name", [each.name for each in QUICK])
def test_whoever_tries_this_is_stopped_or_seen(name: str, tried: dict[str, Outcome]) -> None:
    assert unexpected([tried[name]]) == [], row(tried[name])


@pytest.mark.real
def test_without_an_exam_the_same_keys_and_windows_do_get_through(tmp_path: Path) -> None:
    """The battery could tell an escape if there were one."""
    with rooms(tmp_path) as room_of:
        room = room_of("openbox")
        press_all(room)
        wait_for(room.screen.reached_path.exists, "a program of the window manager")
        child = room.intruder("override", "focus", "size=900x560+150+150")
        room.type("abc")
        wait_for(lambda: child.count("key") == 3, "three keys in another program")
        room.end_children()


def _outcome(name: str, word: str) -> Outcome:
    return Outcome(Attempt(name, "keys", "a title", _nothing, frozenset()), word)


def _nothing(_room: Room) -> Seen:
    return Seen(False)


@pytest.mark.parametrize(
    ("reached", "flagged", "locked", "word"),
    [
        (False, False, True, "blocked"),
        (False, True, True, "blocked"),
        (True, True, True, "flagged"),
        (True, False, True, "missed"),
        (False, False, False, "missed"),
        (False, True, False, "flagged"),
    ],
)
def test_what_is_neither_stopped_nor_seen_is_missed(reached: bool, flagged: bool, locked: bool, word: str) -> None:
    assert verdict(reached=reached, flagged=flagged, locked=locked) == word


def test_the_last_line_counts_each_attempt_once() -> None:
    outcomes = [_outcome(str(number), word) for number, word in enumerate(("blocked", "flagged", "missed", "blocked"))]
    assert last_line(outcomes) == "4 attempts, 2 blocked, 1 flagged, 1 missed"
    assert "4 attempts, 2 blocked, 1 flagged, 1 missed." in page(outcomes, {"x": "is not there"})


def test_a_miss_that_nobody_knew_and_a_cure_that_nobody_noted_are_both_said() -> None:
    assert unexpected([_outcome("keys.new", "missed")]) == ["NOT KNOWN: keys.new got through"]
    if KNOWN:
        assert unexpected([_outcome(KNOWN[0].name, "blocked")])[0].startswith("CURED")


def test_there_are_sixty_attempts_each_with_a_name_of_its_own_and_flags_of_the_catalogue() -> None:
    names = [each.name for each in all_attempts()]
    assert len(names) >= 60 and len(set(names)) == len(names)
    assert {code for each in all_attempts() for code in each.tells} <= set(FLAGS)
    assert {miss.name for miss in KNOWN} <= set(names)
    assert all(miss.reason and miss.could for miss in KNOWN)
