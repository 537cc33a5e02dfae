"""What was seen, as plain data: made by `watchers` from port events, judged by `rules`. Pure.

No titles, no characters, no contents. A program is named only if it stands on the published list.
"""

from dataclasses import dataclass

from candidate_agent.platforms.ports import Display


@dataclass(frozen=True, slots=True)
class DisplaysSeen:
    displays: tuple[Display, ...]


@dataclass(frozen=True, slots=True)
class FrontSeen:
    """Whether our window is the active one."""

    ours: bool


@dataclass(frozen=True, slots=True)
class FullscreenSeen:
    fullscreen: bool


@dataclass(frozen=True, slots=True)
class CoverSeen:
    """Another window over ours. `share` of our area, 0..1."""

    share: float


@dataclass(frozen=True, slots=True)
class CombinationSeen:
    name: str


@dataclass(frozen=True, slots=True)
class ClipboardSeen:
    selection: str


@dataclass(frozen=True, slots=True)
class ProgramSeen:
    category: str
    name: str  # as it stands on the list


@dataclass(frozen=True, slots=True)
class ClocksSeen:
    """`asleep_us`: how long the computer has slept since it was started."""

    wall_ms: int
    asleep_us: int


Observation = (
    DisplaysSeen | FrontSeen | FullscreenSeen | CoverSeen | CombinationSeen | ClipboardSeen | ProgramSeen | ClocksSeen
)
