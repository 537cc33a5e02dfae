"""From what a port tells to what was seen: finds listed programs behind processes and windows, and leaves out what is
nobody's business. Used by `watchers` on the monitor's thread; `remember` and `listed` on the ports' threads, too.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.monitor.observations import (
    AudioRouteSeen,
    ClipboardSeen,
    CombinationSeen,
    CoverageSeen,
    CoverSeen,
    DeviceSeen,
    DisplaysSeen,
    FrontSeen,
    HiddenWindowSeen,
    KeysSeen,
    Observation,
    OurWindowSeen,
    ProgramSeen,
)
from candidate_agent.monitor.programs import UNKNOWN_FILE, Match, Patterns, ProgramList, normal_name
from candidate_agent.monitor.published import INPUT_METHODS
from candidate_agent.monitor.window_rules import SMALL_SHARE, covered_share
from candidate_agent.platforms.ports import (
    ActiveWindowChanged,
    AudioRouteChanged,
    ClipboardTaken,
    CombinationPressed,
    DeviceAdded,
    DisplaysChanged,
    Fingerprint,
    KeysCounted,
    OurWindowChanged,
    Process,
    Window,
    WindowOpened,
    WindowOverOurs,
)

MAX_KNOWN = 4096
_TYPING = Patterns(dict.fromkeys(INPUT_METHODS, True))


class Sightings:
    """`own_pid`: windows of this process are ours. Names of processes are kept in memory only, to know a window's.
    `file_of` a process is asked only where a program that its name finds may pass by its file."""

    def __init__(
        self, programs: ProgramList, own_pid: int, file_of: Callable[[int], Fingerprint] = lambda pid: UNKNOWN_FILE
    ) -> None:
        self._programs = programs
        self._own_pid = own_pid
        self._file_of = file_of
        self._names: dict[int, tuple[str, ...]] = {}
        self._over: frozenset[int] = frozenset()  # windows over ours that were told

    def remember(self, process: Process) -> None:
        """Only programs on the list are told further: others would push out what matters."""
        if len(self._names) >= MAX_KNOWN:
            self._names.clear()
        self._names[process.pid] = process.names

    def listed(self, process: Process, file: Fingerprint = UNKNOWN_FILE) -> Match | None:
        return self._programs.match(process.names, file=file)

    def _found(self, pid: int, names: tuple[str, ...], window: str = "") -> Match | None:
        found = self._programs.match(names, window)
        if found is None or not self._programs.excuses_files or not pid:
            return found
        return self._programs.match(names, window, self._file_of(pid))

    def of(self, event: Any) -> tuple[Observation, ...]:
        match event:
            case DisplaysChanged(displays):
                return (DisplaysSeen(displays),)
            case ActiveWindowChanged(window, ours):
                return (FrontSeen(ours or self._is_allowed(window)),)
            case OurWindowChanged(window):
                return (OurWindowSeen(window),)
            case WindowOpened(window):
                return self._of_window(window)
            case WindowOverOurs(window, share):
                return (*self._of_window(window), *self._of_cover(window, share))
            case Process(pid, names):
                return _program(self._found(pid, names))
            case CombinationPressed(name, injected):
                return (CombinationSeen(name, injected),)
            case KeysCounted(pressed, injected, over_ms):
                return (KeysSeen(pressed, injected, over_ms),)
            case ClipboardTaken(selection):
                return (ClipboardSeen(selection),)
            case DeviceAdded(kind):
                return (DeviceSeen(kind),)
            case AudioRouteChanged():
                return (AudioRouteSeen(),)
        return (event,) if isinstance(event, Observation) else ()

    def of_stack(self, windows: tuple[Window, ...], our_id: int) -> tuple[Observation, ...]:
        """Of a look at all windows, lowest first: what is listed, hidden, and lies over ours at this moment."""
        ours = next((window for window in windows if window.id == our_id), None)
        seen = [one for window in windows if not self._is_ours(window, our_id) for one in self._of_window(window)]
        if ours is None:
            return (*seen, OurWindowSeen(None))
        above = [window for window in windows[windows.index(ours) + 1 :] if not self._is_ours(window, our_id)]
        shares = [(window, covered_share(ours, window)) for window in above]
        counted = [(window, share) for window, share in shares if not self._is_excused(window, share)]
        seen += [CoverSeen(share) for window, share in counted if window.id not in self._over]
        self._over = frozenset(window.id for window, _ in counted)
        return (*seen, OurWindowSeen(ours), CoverageSeen(min(1.0, sum(share for _, share in counted))))

    def _is_ours(self, window: Window, our_id: int) -> bool:
        return window.id == our_id or window.pid == self._own_pid

    def _of_window(self, window: Window) -> tuple[Observation, ...]:
        if window.pid == self._own_pid:
            return ()
        names = self._names.get(window.pid, ())
        found = self._found(window.pid, names, window.program)
        hidden = not window.capturable and not self._is_allowed(window)
        called = found.name if found else ""
        return (*_program(found), *((HiddenWindowSeen(window.id, called),) if hidden else ()))

    def _of_cover(self, window: Window, share: float) -> tuple[Observation, ...]:
        if window.pid == self._own_pid or self._is_excused(window, share):
            return ()
        self._over |= {window.id}
        found = self._found(window.pid, self._names.get(window.pid, ()), window.program)
        return (CoverSeen(share, found.name if found else ""),)

    def _is_allowed(self, window: Window | None) -> bool:
        """A program that policy or accommodation allows may be used: a magnifier or a calculator, for example."""
        return window is not None and self._programs.allows(self._names.get(window.pid, ()), window.program)

    def _is_excused(self, window: Window, share: float) -> bool:
        """Allowed, or the list that an input method shows while somebody types: taking the front from that one would
        break typing."""
        names = (*self._names.get(window.pid, ()), window.program)
        if self._is_allowed(window):
            return True
        return share <= SMALL_SHARE and any(_TYPING.find(normal_name(name)) for name in names)


def _program(found: Match | None) -> tuple[Observation, ...]:
    return (ProgramSeen(found.category, found.name, found.by),) if found else ()
