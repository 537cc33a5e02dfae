"""The box says the same as our pages do."""

import pytest

from candidate_agent.base.errors import PackageError, PlatformError, UsageError
from candidate_agent.ui.problem_box import advice


@pytest.mark.parametrize(
    ("error", "does"),
    [
        (PackageError("package_damaged", ""), "Download the exam file again, then open it."),
        (PlatformError("wayland", ""), "Sign out. On the sign-in page choose the session with “Xorg” or “X11”"),
        (UsageError("never_heard_of", ""), "Start the program again."),
    ],
)
def test_every_code_has_advice(error: PackageError | PlatformError | UsageError, does: str) -> None:
    assert advice(error).startswith(does)
