"""Displays by CoreGraphics: what is lit, where, and which one shows the same as another.

Places are in points of the whole desktop, as those of windows are. The system tells of changes on the main loop; a look
twice a second finds what it did not tell.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from candidate_agent.platforms.macos.door import closing
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.ports import Closer, Display, DisplaysChanged

PERIOD_S = 0.5
MOST_DISPLAYS = 32


@dataclass(frozen=True, slots=True)
class Panel:
    """One display as CoreGraphics tells it. `mirrors`: number of the display it repeats, 0 for none."""

    number: int
    box: tuple[int, int, int, int]
    main: bool
    built_in: bool
    drawn: bool  # a picture is made for it: neither asleep nor a repetition
    mirrors: int


def read(panels: Iterable[Panel]) -> tuple[Display, ...]:
    """Those that show something: drawn, or repeating another. The main one first; a repetition lies where that lies."""
    shown = sorted((panel for panel in panels if panel.drawn or panel.mirrors), key=lambda panel: not panel.main)
    known = {panel.number: panel for panel in shown}
    found = []
    for panel in shown:
        repeated = known.get(panel.mirrors)
        box = repeated.box if repeated is not None else panel.box
        mirrors = name_of(repeated) if repeated is not None else ""
        found.append(Display(name_of(panel), *box, primary=panel.main, mirrors=mirrors))
    return tuple(found)


def name_of(panel: Panel) -> str:
    """Tells displays apart; says nothing of their make."""
    return "built-in" if panel.built_in else f"display-{panel.number}"


class MacDisplays:
    def displays(self) -> tuple[Display, ...]:
        return read(_panels())

    def watch(self, emit: Callable[[DisplaysChanged], None]) -> Closer:
        seen = [self.displays()]

        def look() -> None:
            now = self.displays()
            if now and now != seen[0]:  # none at all: they sleep
                seen[0] = now
                emit(DisplaysChanged(now))

        pulse = Pulse("displays", PERIOD_S, look).start()
        return closing(_reconfigured(pulse.soon), pulse.end)


def _panels() -> list[Panel]:
    import Quartz

    _, online, _ = Quartz.CGGetOnlineDisplayList(MOST_DISPLAYS, None, None)
    _, active, _ = Quartz.CGGetActiveDisplayList(MOST_DISPLAYS, None, None)
    return [_panel(int(number), set(active or ())) for number in online or ()]


def _panel(number: int, active: set[int]) -> Panel:
    import Quartz

    bounds = Quartz.CGDisplayBounds(number)
    return Panel(
        number,
        (int(bounds.origin.x), int(bounds.origin.y), int(bounds.size.width), int(bounds.size.height)),
        main=number == Quartz.CGMainDisplayID(),
        built_in=bool(Quartz.CGDisplayIsBuiltin(number)),
        drawn=number in active,
        mirrors=int(Quartz.CGDisplayMirrorsDisplay(number)),
    )


def _reconfigured(tell: Callable[[], None]) -> Closer:
    """Calls `tell` before and after every change of the displays."""
    import Quartz

    def changed(_display: int, _flags: int, _info: object) -> None:
        tell()

    Quartz.CGDisplayRegisterReconfigurationCallback(changed, None)
    registered = [changed]

    def end() -> None:
        while registered:
            Quartz.CGDisplayRemoveReconfigurationCallback(registered.pop(), None)

    return end
