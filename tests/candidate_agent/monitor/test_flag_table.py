"""The page of the flags says of each flag when it is raised, and is up to date."""

from pathlib import Path

from candidate_agent.capture.analysis.rules import flag_table as findings_table
from candidate_agent.monitor import flag_table
from exam_protocol.catalogue import FLAGS

OF_CAPTURE = {"DISPLAY_CHANGED"}  # of the same group, seen by others


def test_each_flag_of_the_monitors_groups_has_its_rule() -> None:
    watched = {code for code, kind in FLAGS.items() if kind.group in flag_table.GROUPS}
    assert set(flag_table.RULES) == watched - OF_CAPTURE


def test_the_page_of_the_flags_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "flags.md"
    made = flag_table.markdown() + findings_table.markdown()
    assert page.read_text(encoding="utf-8") == made, flag_table.COMMAND
