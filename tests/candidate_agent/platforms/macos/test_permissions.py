"""Permissions: not asked is neither yes nor no, and each has a page of System Settings."""

import pytest

from candidate_agent.platforms.macos import permissions
from candidate_agent.platforms.macos.permissions import lacking, of_status, permission


@pytest.mark.parametrize(("status", "granted"), [(0, None), (1, False), (2, False), (3, True)])
def test_a_status_of_the_system_is_an_answer_or_none(status: int, granted: bool | None) -> None:
    assert of_status(status) is granted


def test_what_is_lacking_is_what_was_refused_and_what_was_not_asked() -> None:
    found = (permission("camera", True), permission("microphone", None), permission("accessibility", False))
    assert [one.name for one in lacking(found)] == ["microphone", "accessibility"]


def test_each_question_has_its_page() -> None:
    pages = {name: permission(name, True).page for name in permissions._QUESTIONS}
    assert len(set(pages.values())) == 5
    assert pages["screen recording"].endswith("?Privacy_ScreenCapture")
