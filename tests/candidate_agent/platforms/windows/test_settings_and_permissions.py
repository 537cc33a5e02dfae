"""Pages of Windows' settings and what its privacy settings say, from words of its registry. Never run on Windows."""

import sys
from typing import Any

import pytest

from candidate_agent.platforms.ports import SETTINGS_PAGES
from candidate_agent.platforms.windows.permissions import STORE, WindowsPermissions
from candidate_agent.platforms.windows.settings_pages import PAGES, WindowsSettingsPages
from candidate_agent.platforms.windows.system import paper_printers


def told(values: dict[tuple[str, str], str]) -> dict[str, bool | None]:
    def read(root: str, path: str, name: str) -> list[Any] | None:
        said = values.get((root.removeprefix("HKEY_"), path.removeprefix(STORE + "\\")))
        return [1, said] if said and name == "Value" else None

    return {one.name: one.granted for one in WindowsPermissions(read).permissions()}


def test_a_no_anywhere_is_a_no() -> None:
    yes = {("LOCAL_MACHINE", "webcam"): "Allow", ("CURRENT_USER", "webcam"): "Allow"}
    assert told(yes)["camera"] is True
    assert told({**yes, ("CURRENT_USER", "webcam\\NonPackaged"): "Deny"})["camera"] is False
    assert "microphone" not in told(yes)


def test_every_page_has_an_address_and_elsewhere_nothing_opens() -> None:
    assert set(PAGES) == set(SETTINGS_PAGES)
    assert not WindowsSettingsPages().open("no such page")
    if sys.platform != "win32":
        assert not WindowsSettingsPages().open("camera")


@pytest.mark.parametrize(
    ("names", "found"), [(("Microsoft Print to PDF", "Fax"), 0), (("HP LaserJet", "OneNote (Desktop)"), 1)]
)
def test_printers_that_make_files_are_none(names: tuple[str, ...], found: int) -> None:
    assert paper_printers(names) == found
