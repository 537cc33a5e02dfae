"""Pages of System Settings. Never run on a Mac."""

import sys

import pytest

from candidate_agent.platforms.macos.settings_pages import PAGES, MacSettingsPages
from candidate_agent.platforms.ports import SETTINGS_PAGES


def test_every_page_has_an_address() -> None:
    assert set(PAGES) == set(SETTINGS_PAGES)
    assert all(address.startswith("x-apple.systempreferences:") for address in PAGES.values())


@pytest.mark.skipif(sys.platform == "darwin", reason="would open the settings")
def test_elsewhere_nothing_opens() -> None:
    assert not MacSettingsPages().open("camera")
