"""Composes traces/composed.jsonl, a quiet exam hour by hand: `python -m tests.candidate_agent.monitor.compose`.

What is in it is what its author thinks happens in an hour in which nothing happens: typing with pauses, held keys, a
text expander, two slips on the keyboard, a changed volume, an input method, our own panels, programs of the desktop, a
corrected clock. It proves no more than that; what a real desktop does stands in traces/recorded.jsonl.
"""

import random
from collections.abc import Iterator
from typing import Any

from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    CombinationPressed,
    DeviceAdded,
    Display,
    DisplaysChanged,
    KeysCounted,
    OurWindowChanged,
    Process,
    Window,
    WindowOpened,
    WindowOverOurs,
)
from tests.candidate_agent.monitor.trace import OUR_ID, OUR_PID, TRACES, ClockStepped, StackLooked, write

HOUR_S = 3600
OURS = Window(OUR_ID, OUR_PID, 0, 0, 1366, 768, fullscreen=True)
PANEL = Window(20, OUR_PID, 0, 48, 1366, 300)
DOCK = Window(30, 30, 0, 740, 1366, 28, above=True, program="xfce4-panel")
VOLUME = Window(31, 31, 580, 300, 200, 180, above=True, program="xfce4-notifyd")
TYPING_LIST = Window(32, 32, 300, 400, 260, 180, above=True, program="fcitx5")
DISPLAY = Display("eDP-1", 0, 0, 1366, 768, primary=True)
BROWSER, EDITOR = Process(40, ("firefox-esr",), 0.0), Process(41, ("gedit",), 0.0)
UPDATER = Process(50, ("apt-check",), 0.0)


def beginning() -> Iterator[tuple[int, Any]]:
    yield 0, DisplaysChanged((DISPLAY,))
    for process in (BROWSER, EDITOR, Process(30, ("xfce4-panel",), 0.0), Process(32, ("fcitx5",), 0.0)):
        yield 0, process
    yield 0, OurWindowChanged(OURS)
    yield 10, ActiveWindowChanged(OURS, True)


def looks() -> Iterator[tuple[int, Any]]:
    for second in range(1, HOUR_S, 30):
        yield second * 1000 + 300, StackLooked((DOCK, OURS))


def typing(chance: random.Random) -> Iterator[tuple[int, Any]]:
    """Sentences of 5 to 40 s, then 3 to 60 s of thinking; some end in a held backspace."""
    second = 20
    while second < HOUR_S - 100:
        for _ in range(chance.randint(5, 40)):
            yield second * 1000 + chance.randint(0, 400), KeysCounted(chance.choice((2, 4, 5, 6, 7, 8, 9, 12)), 0, 1000)
            second += 1
        if chance.random() < 0.2:
            yield second * 1000, KeysCounted(chance.randint(20, 33), 0, 1000)
        second += chance.randint(3, 60)


def happenings() -> Iterator[tuple[int, Any]]:
    """One line for each thing that happens by itself or by a slip."""
    for second in (400, 1300, 2800):  # our own panel opens and closes
        yield second * 1000, ActiveWindowChanged(PANEL, True)
        yield second * 1000 + 9000, ActiveWindowChanged(OURS, True)
    yield 700_000, CombinationPressed("Super")
    yield 1_900_000, CombinationPressed("Alt+Tab")
    yield 2_100_000, KeysCounted(9, 9, 1000)  # a text expander writes a name
    for second in (900, 902, 2400):  # the volume is changed: a panel for two seconds
        yield second * 1000, WindowOpened(VOLUME)
        yield second * 1000 + 5, WindowOverOurs(VOLUME, 0.034)
        yield second * 1000 + 6, ActiveWindowChanged(None, False)
        yield second * 1000 + 300, ActiveWindowChanged(OURS, True)
    for second in range(1500, 1560, 4):  # a name in another script
        yield second * 1000, WindowOverOurs(TYPING_LIST, 0.044)
    yield 1_200_000, UPDATER
    yield 2_000_000, OurWindowChanged(OURS)  # told again, as it was
    yield 2_200_000, DeviceAdded("pointer")
    yield 2_500_000, DisplaysChanged((DISPLAY,))  # the panel dimmed and came back
    for second in range(300, HOUR_S, 300):  # the clock is slewed, once it steps
        yield second * 1000, ClockStepped(-740 if second == 1800 else 12)


def composed() -> list[tuple[int, Any]]:
    chance = random.Random(5)
    events = [*beginning(), *looks(), *typing(chance), *happenings()]
    return sorted(events, key=lambda entry: entry[0])


if __name__ == "__main__":
    write(TRACES / "composed.jsonl", composed())
