"""Whether pictures show anything: black ones and ones that never change are refused with what to do. For check-in.

Time comes with the pictures.
"""

from dataclasses import dataclass

from candidate_agent.base.errors import DeviceError
from candidate_agent.base.pixels import is_black, mark
from candidate_agent.platforms.ports import Picture

STILL_US = 5_000_000
BLACK_US = 3_000_000


def black() -> DeviceError:
    return DeviceError("camera_black", "The camera's picture is black. Open its slide or take its cap off.")


def frozen() -> DeviceError:
    return DeviceError("camera_frozen", "The camera's picture stands still. Unplug it and plug it in again.")


def require_shown(pictures: tuple[Picture, ...]) -> None:
    """Of a burst. Raises DeviceError `camera_black`, `camera_frozen`."""
    if all(is_black(picture.pixels) for picture in pictures):
        raise black()
    if len(pictures) > 2 and len({mark(picture.pixels) for picture in pictures}) == 1:
        raise frozen()


@dataclass(slots=True)
class Usable:
    """Of a stream: `check` each picture."""

    mark: int = 0
    changed_us: int | None = None
    seen_us: int | None = None  # when something was last seen

    def check(self, picture: Picture) -> None:
        """Raises DeviceError `camera_black` after 3 s of black, `camera_frozen` after 5 s of the same picture."""
        at_us, now = picture.taken_us, mark(picture.pixels)
        if self.seen_us is None or not is_black(picture.pixels):
            self.seen_us = at_us
        if self.changed_us is None or now != self.mark:
            self.mark, self.changed_us = now, at_us
        if at_us - self.seen_us >= BLACK_US:
            raise black()
        if at_us - self.changed_us >= STILL_US:
            raise frozen()
