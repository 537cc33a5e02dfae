"""What was seen, as plain data: made by `sightings` and `looks` from what ports tell, judged by `rules`. Pure.

No titles, no characters, no contents. A program is named only if it stands on the published list or in the policy.
"""

from dataclasses import dataclass

from candidate_agent.platforms.ports import Display, Window


@dataclass(frozen=True, slots=True)
class DisplaysSeen:
    displays: tuple[Display, ...]


@dataclass(frozen=True, slots=True)
class FrontSeen:
    """Whether our window is the active one."""

    ours: bool


@dataclass(frozen=True, slots=True)
class FrontTaken:
    """The front was asked for once more."""


@dataclass(frozen=True, slots=True)
class OurWindowSeen:
    """None: it cannot be seen: minimised, hidden, on another desktop."""

    window: Window | None


@dataclass(frozen=True, slots=True)
class CoverSeen:
    """Another window came over ours. `share` of our area, 0..1. `name`: of the list, or ""."""

    share: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """The share of ours that other windows lie over, added up, at a look at all of them. 0: none."""

    share: float


@dataclass(frozen=True, slots=True)
class HiddenWindowSeen:
    """A window that asks not to be recorded. `window_id` keeps one from another, and is told to nobody."""

    window_id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class CombinationSeen:
    name: str
    injected: bool = False


@dataclass(frozen=True, slots=True)
class KeysSeen:
    pressed: int
    injected: int
    over_ms: int


@dataclass(frozen=True, slots=True)
class ClipboardSeen:
    selection: str


@dataclass(frozen=True, slots=True)
class ProgramSeen:
    category: str
    name: str  # as it stands on the list
    by: str = "name"  # name, window, file, signer


@dataclass(frozen=True, slots=True)
class RemoteSeen:
    """Signs of a remote session, in words; all that hold now."""

    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MachineSeen:
    """Signs of a virtual machine, in words."""

    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DebuggerSeen:
    how: str  # "": no sign


@dataclass(frozen=True, slots=True)
class PreloadsSeen:
    """Names of variables that load something into this program. Never their values."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    kind: str


@dataclass(frozen=True, slots=True)
class AudioRouteSeen:
    pass


@dataclass(frozen=True, slots=True)
class ClocksSeen:
    """`asleep_us`: how long the computer has slept since it was started."""

    wall_ms: int
    asleep_us: int


@dataclass(frozen=True, slots=True)
class EventsLost:
    """How many events came faster than they could be judged, since the last time."""

    count: int


Observation = (
    DisplaysSeen | FrontSeen | FrontTaken | OurWindowSeen | CoverSeen | CoverageSeen | HiddenWindowSeen
    | CombinationSeen | KeysSeen | ClipboardSeen | ProgramSeen | RemoteSeen | MachineSeen | DebuggerSeen | PreloadsSeen
    | DeviceSeen | AudioRouteSeen | ClocksSeen | EventsLost
)  # fmt: skip
