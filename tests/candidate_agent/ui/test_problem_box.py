"""The box says the same as our pages do, in each language."""

import pytest

from candidate_agent.base.errors import PackageError, PlatformError, UsageError
from candidate_agent.ui import languages
from candidate_agent.ui.problem_box import advice, headline
from candidate_agent.ui.texts import Texts
from tests.candidate_agent.ui.states import PACKAGE


@pytest.mark.parametrize(
    ("error", "does"),
    [
        (PackageError("package_damaged", ""), "Download the exam file again, then open it."),
        (PlatformError("wayland", ""), "Sign out. On the sign-in page choose the session with “Xorg” or “X11”"),
        (UsageError("never_heard_of", ""), "Start the program again."),
    ],
)
def test_every_code_has_advice(error: PackageError | PlatformError | UsageError, does: str) -> None:
    assert does in advice(error, Texts())


def test_the_headline_is_the_catalogues_or_else_the_programs_own() -> None:
    assert headline(PackageError("package_damaged", "raw"), Texts("de")) == "Die Prüfungsdatei ist beschädigt"
    assert headline(UsageError("never_heard_of", "raw"), Texts("de")) == "raw"


@pytest.mark.parametrize("language", languages.NAMES)
def test_an_exam_that_is_not_open_says_when_it_is(language: str) -> None:
    facts = {"opens_ms": PACKAGE.opens_ms, "closes_ms": PACKAGE.closes_ms}
    said = advice(PackageError("outside_window", "", **facts), Texts(language))
    assert "2026" in said and "{{" not in said
