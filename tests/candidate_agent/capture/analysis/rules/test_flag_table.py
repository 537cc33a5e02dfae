"""The page of the flags says of each finding when it is raised."""

from candidate_agent.capture.analysis.rules import flag_table
from candidate_agent.capture.analysis.rules.likeness import FACE_TRIALS, VOICE_TRIALS
from exam_protocol.catalogue import FLAGS


def test_each_flag_of_the_findings_groups_has_its_rule() -> None:
    assert set(flag_table.RULES) == {code for code, kind in FLAGS.items() if kind.group in flag_table.GROUPS}


def test_the_page_says_what_is_not_looked_for_and_where_the_accuracy_stands() -> None:
    page = flag_table.markdown()
    assert "Headphones are not looked for" in page and "accuracy.md" in page and "**opt-in**" in page
    assert "HEADPHONES_SEEN** of the catalogue is not made" in page
    assert FACE_TRIALS.words("other faces") in page and VOICE_TRIALS.words("other voices") in page
