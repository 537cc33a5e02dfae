"""The page of the monitor's flags says of each flag when it is raised, and is up to date."""

from pathlib import Path

from candidate_agent.monitor import flag_table
from exam_protocol.catalogue import FLAGS

OF_CAPTURE = {"DISPLAY_CHANGED", "SCREEN_CAPTURE_STOPPED", "SCREEN_BLACK"}  # of the same group, seen by others


def test_each_flag_of_the_monitors_groups_has_its_rule() -> None:
    watched = {code for code, kind in FLAGS.items() if kind.group in flag_table.GROUPS}
    assert set(flag_table.RULES) == watched - OF_CAPTURE


def test_the_page_of_the_flags_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "flags.md"
    assert page.read_text(encoding="utf-8") == flag_table.markdown(), "python -m candidate_agent.monitor.flag_table"
