"""Which program shows a page of the settings, and that it is started."""

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from candidate_agent.platforms.linux.settings_pages import PAGES, LinuxSettingsPages, chosen
from candidate_agent.platforms.ports import SETTINGS_PAGES
from tests.rig.xserver import wait_for


def having(*programs: str) -> Callable[[str], bool]:
    return lambda program: program in programs


@pytest.mark.parametrize(
    ("desktop", "there", "page", "first"),
    [
        ("GNOME", ("gnome-control-center", "pavucontrol"), "sound", "gnome-control-center"),
        ("ubuntu:GNOME", ("gnome-control-center",), "displays", "gnome-control-center"),
        ("XFCE", ("gnome-control-center", "xfce4-display-settings", "arandr"), "displays", "xfce4-display-settings"),
        ("XFCE", ("mate-display-properties", "xfce4-display-settings"), "displays", "xfce4-display-settings"),
        ("KDE", ("systemsettings", "arandr"), "displays", "systemsettings"),
        ("", ("pavucontrol",), "microphone", "pavucontrol"),
        ("", ("gnome-control-center",), "microphone", ""),
        ("GNOME", (), "power", ""),
        ("GNOME", ("gnome-control-center",), "no such page", ""),
    ],
)  # fmt: skip
def test_the_desktops_own_program_comes_first(desktop: str, there: tuple[str, ...], page: str, first: str) -> None:
    command = chosen(page, desktop, having(*there))
    assert (command[0] if command else "") == first


def test_every_page_of_the_port_is_known() -> None:
    assert set(PAGES) == set(SETTINGS_PAGES)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the settings program")
def test_the_program_is_started_with_its_page(tmp_path: Path) -> None:
    program, told = tmp_path / "gnome-control-center", tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$1" > {told}.new && mv {told}.new {told}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    pages = LinuxSettingsPages({"PATH": f"{tmp_path}:/usr/bin:/bin", "XDG_CURRENT_DESKTOP": "GNOME"})
    assert pages.open("displays")
    wait_for(told.exists, "the settings were shown")
    assert told.read_text().strip() == "display"
    wait_for(lambda: all(child.poll() is not None for child in pages._opened), "the settings ended")
    assert not LinuxSettingsPages({"PATH": str(tmp_path / "empty")}).open("displays")
