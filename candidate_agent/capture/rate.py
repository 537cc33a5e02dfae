"""How often, how large and how fine things are recorded: the four profiles, pacing, and when to hurry. Pure.

Called by the lanes. A key frame of a full page costs as much as minutes of typing, hence the long distances.
"""

from dataclasses import dataclass

NORMAL_PRESET, QUICK_PRESET = "veryfast", "ultrafast"
STILL_REPEAT_US = 5_000_000
"""A still picture is repeated this often: a few bytes that say "still the same" in the recording."""


@dataclass(frozen=True, slots=True)
class VideoRate:
    """One layer. Pictures larger than the box are scaled into it.

    `quantizer`: x264's, the same for all frames, lower is finer. `screen`: drawn pictures, whose
    text stays sharp at a coarser one than a camera needs.
    """

    per_s: float
    quantizer: int
    max_width: int
    max_height: int
    key_distance_s: float
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    screen: VideoRate
    camera: VideoRate
    screen_small: VideoRate | None
    camera_small: VideoRate | None


_SCREEN_SMALL = VideoRate(5, 31, 480, 270, 20, screen=True)
_CAMERA_SMALL = VideoRate(5, 30, 240, 180, 10)

_PROFILES = (
    Profile(
        "full",
        VideoRate(10, 24, 3840, 2160, 20, screen=True), VideoRate(15, 25, 1280, 720, 10), _SCREEN_SMALL, _CAMERA_SMALL,
    ),
    Profile(
        "standard",
        VideoRate(5, 26, 1920, 1200, 30, screen=True), VideoRate(10, 28, 640, 480, 10), _SCREEN_SMALL, _CAMERA_SMALL,
    ),
    Profile(
        "low",
        VideoRate(1, 30, 1920, 1200, 60, screen=True), VideoRate(5, 31, 320, 240, 20),
        VideoRate(1, 33, 480, 270, 30, screen=True), VideoRate(2, 32, 240, 180, 20),
    ),
    Profile("store", VideoRate(0.5, 30, 1920, 1200, 60, screen=True), VideoRate(2, 32, 320, 240, 20), None, None),
)  # fmt: skip


def profile(name: str) -> Profile:
    """full, standard, low (a slow line), store (kept, hardly watched). Raises KeyError."""
    return {entry.name: entry for entry in _PROFILES}[name]


class Pacer:
    """Lets through at most `per_s` pictures a second, evenly, whatever comes in."""

    def __init__(self, per_s: float) -> None:
        self._interval_us = round(1_000_000 / per_s)
        self._due_us: int | None = None

    def due(self, now_us: int) -> bool:
        """A quarter of an interval early counts as due, so that a source at just this rate loses nothing."""
        if self._due_us is not None and 0 < self._due_us - self._interval_us // 4 - now_us <= self._interval_us:
            return False
        planned = self._due_us if self._due_us is not None else now_us
        late = abs(now_us - planned) > self._interval_us
        self._due_us = (now_us if late else planned) + self._interval_us
        return True


class KeyFrames:
    """Whether the next frame of a track is a key frame: the first, on demand, once per distance of moving pictures."""

    def __init__(self, distance_s: float) -> None:
        self._distance_us = round(distance_s * 1_000_000)
        self._last_us: int | None = None
        self._asked = False

    def ask(self) -> None:
        self._asked = True

    @property
    def asked(self) -> bool:
        return self._asked

    def next_is_key(self, now_us: int, *, moved: bool) -> bool:
        age_us = None if self._last_us is None else now_us - self._last_us
        return self._asked or age_us is None or (moved and age_us >= self._distance_us)

    def made(self, now_us: int) -> None:
        self._last_us = now_us
        self._asked = False


class Pace:
    """Which x264 preset keeps up. Hurries when pictures pile up or each takes long; calms down after a minute with room
    to spare. One slow picture is no reason: the first one opens the encoder, a key frame of a full page costs tenfold.
    """

    HURRY_LOAD, CALM_LOAD, CALM_US = 0.75, 0.2, 60_000_000
    MOST_PER_PICTURE = 1.5  # the load of any one picture: it takes three in a row to hurry
    LATE_IN_A_ROW = 3
    OVERLOADED_US = 10_000_000

    def __init__(self, per_s: float) -> None:
        self._interval_us = 1_000_000 / per_s
        self._load = 0.0
        self._waiting = 0
        self._late = 0
        self._calm_since_us: int | None = None
        self._behind_since_us: int | None = None
        self.preset = NORMAL_PRESET

    def after(self, now_us: int, busy_us: int, waiting: int) -> str:
        """The preset for the next picture, given what the last one took and how many wait behind it."""
        self._load += 0.25 * (min(busy_us / self._interval_us, self.MOST_PER_PICTURE) - self._load)
        behind = self._piles_up(waiting) or self._load > self.HURRY_LOAD
        if not (behind and self.preset == QUICK_PRESET):
            self._behind_since_us = None
        elif self._behind_since_us is None:
            self._behind_since_us = now_us
        if behind:
            self.preset, self._calm_since_us = QUICK_PRESET, None
        elif self._load < self.CALM_LOAD:
            self._calm_since_us = now_us if self._calm_since_us is None else self._calm_since_us
            if now_us - self._calm_since_us >= self.CALM_US:
                self.preset = NORMAL_PRESET
        else:
            self._calm_since_us = None
        return self.preset

    def overloaded(self, now_us: int) -> bool:
        """Every ten seconds in which even the quick preset does not keep up."""
        if self._behind_since_us is None or now_us - self._behind_since_us < self.OVERLOADED_US:
            return False
        self._behind_since_us = now_us
        return True

    def _piles_up(self, waiting: int) -> bool:
        """Three times in a row two or more wait, and they do not get fewer."""
        self._late = self._late + 1 if waiting >= 2 and waiting >= self._waiting else 0
        self._waiting = waiting
        return self._late >= self.LATE_IN_A_ROW
