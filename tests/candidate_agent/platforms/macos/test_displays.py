"""Displays: what is lit, which one repeats another, and that sleep is no unplugging."""

from dataclasses import replace

from candidate_agent.platforms.macos.displays import Panel, read
from candidate_agent.platforms.ports import Display

BUILT_IN = Panel(1, (0, 0, 1440, 900), main=True, built_in=True, drawn=True, mirrors=0)
SECOND = Panel(724, (1440, -180, 1920, 1080), main=False, built_in=False, drawn=True, mirrors=0)


def test_the_main_one_comes_first_and_places_are_those_of_the_desktop() -> None:
    assert read([SECOND, BUILT_IN]) == (
        Display("built-in", 0, 0, 1440, 900, primary=True),
        Display("display-724", 1440, -180, 1920, 1080, primary=False),
    )


def test_one_that_repeats_another_names_it_and_lies_where_it_lies() -> None:
    repeating = replace(SECOND, drawn=False, mirrors=1)
    _, second = read([BUILT_IN, repeating])
    assert second == Display("display-724", 0, 0, 1440, 900, primary=False, mirrors="built-in")


def test_one_that_sleeps_is_not_listed() -> None:
    assert read([BUILT_IN, replace(SECOND, drawn=False)])[0].name == "built-in"
    assert len(read([BUILT_IN, replace(SECOND, drawn=False)])) == 1


def test_two_that_are_not_built_in_are_told_apart() -> None:
    third = replace(SECOND, number=725)
    names = [display.name for display in read([BUILT_IN, SECOND, third])]
    assert len(set(names)) == 3
