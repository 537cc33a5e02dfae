"""Whether camera and microphone still give something, and whether that is news. Pure; fed by `device_look`.

News is what a check or a banner does not say yet. The camera's pictures and the microphone's sound are kept nowhere.
"""

from dataclasses import dataclass, field

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture.usable import Usable
from candidate_agent.platforms.ports import Picture

GRACE_US = 8_000_000  # a camera takes up to four seconds to give its first picture; longer on a busy computer
CAMERA, MICROPHONE = "camera", "microphone"


@dataclass(frozen=True, slots=True)
class DeviceState:
    """`code`: of a DeviceError, "muted", or "" where all is well. `source`: what sound comes from, where it is told."""

    code: str = ""
    source: str = ""


WELL = DeviceState()


@dataclass(slots=True)
class CameraWatch:
    usable: Usable = field(default_factory=Usable)
    none_since_us: int | None = None

    def look(self, picture: Picture | None, trouble: str, now_us: int) -> DeviceState:
        """`trouble`: code of why the camera cannot be opened, or ""."""
        if picture is None:
            self.usable = Usable()
            self.none_since_us = now_us if self.none_since_us is None else self.none_since_us
            waited = now_us - self.none_since_us >= GRACE_US
            return DeviceState(trouble or ("camera_missing" if waited else ""))
        self.none_since_us = None
        try:
            self.usable.check(picture)
        except DeviceError as error:
            return DeviceState(error.code)
        return WELL


@dataclass(slots=True)
class News:
    """Of one device. `row` is its row of the checks: what the candidate reads now."""

    told: DeviceState | None = None
    row: object = None
    waits: bool = False
    shown: DeviceState | None = None  # by a banner

    def of_row(self, now: DeviceState, row: object, *, fails: bool, free: bool) -> bool:
        """Whether the row has to be measured again. `free` False: not yet, something else is measured. A new row has
        seen what there was when it began, not what came since; one that fails says enough of another fault."""
        if row is None:
            self.told, self.row, self.waits = now, None, False
            return False
        if row is not self.row:
            self.row, self.waits = row, self.waits and not (fails and now.code)
            self.told = now if self.told is None else self.told
        if now != self.told:
            self.waits = self.waits or not (fails and now.code)
            self.told = now
        is_news, self.waits = self.waits and free, self.waits and not free
        return is_news

    def of_banner(self, now: DeviceState) -> bool:
        """Where no check runs any more: each change, and what is amiss from the beginning."""
        before = self.shown or DeviceState("", now.source)
        self.shown = now
        return now != before
