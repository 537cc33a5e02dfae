"""Each entry is whole or absent: a torn end is passed over, damage before it is said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.base.errors import LockdownError
from candidate_agent.lockdown.undo_log import Entry, Leftovers, UndoLog, line, parse

ENTRIES = (Entry("keys", {"options": "a,b"}), Entry("saver", [600, 600]), Entry("unit", None))
WHOLE = b"".join(line(entry) for entry in ENTRIES)


def test_what_was_noted_is_read_again(tmp_path: Path) -> None:
    log = UndoLog(tmp_path / "new folder" / "undo.log")
    assert log.leftovers() == Leftovers(())
    for entry in ENTRIES:
        log.note(entry)
    assert log.leftovers() == Leftovers(ENTRIES)
    assert log.path.stat().st_mode & 0o077 == 0
    log.clear()
    assert log.leftovers() == Leftovers(())


@given(st.integers(min_value=0, max_value=len(WHOLE)))
def test_a_torn_end_costs_no_entry_before_it(length: int) -> None:
    found = parse(WHOLE[:length])
    complete = WHOLE[:length].count(b"\n")
    assert not found.damaged
    assert found.entries[:complete] == ENTRIES[:complete]


@given(st.integers(min_value=0, max_value=len(line(ENTRIES[0])) - 2), st.integers(min_value=1, max_value=255))
def test_damage_is_said_in_every_line(position: int, change: int) -> None:
    for number, entry in enumerate(ENTRIES):
        lines = [bytearray(line(other)) for other in ENTRIES]
        lines[number][position % (len(line(entry)) - 1)] ^= change
        found = parse(b"".join(lines))
        assert found.damaged
        assert set(map(repr, found.entries)) >= {repr(other) for other in ENTRIES if other is not entry}


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(data: bytes) -> None:
    assert isinstance(parse(data), Leftovers)


def test_a_log_that_cannot_be_written_forbids_the_change(tmp_path: Path) -> None:
    (tmp_path / "undo.log").mkdir()
    log = UndoLog(tmp_path / "undo.log")
    with pytest.raises(LockdownError) as raised:
        log.note(ENTRIES[0])
    assert raised.value.code == "undo_log_failed"
    assert log.leftovers().damaged
