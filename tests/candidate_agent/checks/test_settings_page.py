"""Where a check can be mended, in words that the platforms' port knows."""

from candidate_agent.platforms.ports import SETTINGS_PAGES
from exam_protocol.catalogue import CHECKS, SETTINGS_PAGE

MADE_ELSEWHERE = {"speaker"}  # asked of the person on the screen of the checks


def test_pages_belong_to_checks_and_are_known_to_the_port() -> None:
    assert set(SETTINGS_PAGE) <= set(CHECKS) | MADE_ELSEWHERE
    assert set(SETTINGS_PAGE.values()) <= set(SETTINGS_PAGES)
