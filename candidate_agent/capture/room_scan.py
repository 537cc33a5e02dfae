"""The room scan: pictures while the candidate turns the camera, or by hand where it cannot be turned. At check-in.

Carries out what `scan_plan` decides, on a thread of its own; `hands` starts it and passes the candidate's presses on.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from candidate_agent.base.errors import DeviceError
from candidate_agent.capture import preview, scan_plan, turning, usable
from candidate_agent.capture.queues import Latest
from candidate_agent.capture.scan_plan import Plan
from candidate_agent.capture.sources import PictureSource
from candidate_agent.platforms.ports import Picture

QUALITY = 80
PATIENCE_S = 8.0


@dataclass(frozen=True, slots=True)
class Progress:
    """For the screen. `part`: turn, desk, left, right; `still`: say how to turn."""

    part: str
    manner: str
    covered: tuple[int, ...]
    here: int
    still: bool
    left_s: int
    share: float


@dataclass(frozen=True, slots=True)
class RoomScan:
    """JPEGs at recording size. `manner`: turned, timed or desk_only; `covered`: directions seen, of eight."""

    pictures: tuple[bytes, ...] = field(repr=False)
    manner: str
    covered: int


def scan(
    source: PictureSource,
    *,
    by_hand: bool = False,
    pressed: threading.Event | None = None,
    cancelled: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> RoomScan | None:
    """Ends by itself after a minute and a little; by hand after three. Times are the pictures' own. Blocks.
    `pressed`: the candidate goes on to the next part. None: `cancelled` was set.

    Raises DeviceError `camera_missing` when no picture comes for 8 s, `camera_busy` where another program has the
    camera, `camera_frozen` and `camera_black` for pictures that show nothing.
    """
    arrived: Latest[Picture | None] = Latest(4)
    close = source.subscribe(arrived.put)
    try:
        scanning = _Scanning(source, arrived, pressed or threading.Event(), cancelled or threading.Event(), on_progress)
        return scanning.run(by_hand)
    finally:
        close()


@dataclass(slots=True)
class _Scanning:
    source: PictureSource
    arrived: Latest[Picture | None]
    pressed: threading.Event
    cancelled: threading.Event
    on_progress: Callable[[Progress], None]
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    watch: usable.Usable = field(default_factory=usable.Usable)

    def run(self, by_hand: bool) -> RoomScan | None:
        plan: Plan | None = None
        before = None
        while plan is None or plan.part != scan_plan.DONE:
            picture = self._next()
            if picture is None:
                return None
            after = turning.small(picture.pixels)
            turn = turning.between(before, after) if before is not None else turning.NO_TURN
            plan = self._step(plan or scan_plan.begin(by_hand, picture.taken_us), turn, picture)
            before = after
        return self._made(plan)

    def _step(self, plan: Plan, turn: turning.Turn, picture: Picture) -> Plan:
        pressed = self.pressed.is_set()
        if pressed:
            self.pressed.clear()
        following = scan_plan.saw(plan, turn.degrees, picture.taken_us, pressed)
        if following.keep:
            self.kept.append((following.label, preview.full_jpeg(picture.pixels, QUALITY)))
        self._tell(following.plan, picture.taken_us)
        return following.plan

    def _made(self, plan: Plan) -> RoomScan:
        """Pictures kept by time are of use only where nothing turned."""
        timed = plan.manner == scan_plan.TIMED
        pictures = tuple(jpeg for label, jpeg in self.kept if timed or label != "timed")
        covered = len(plan.covered) if plan.manner == scan_plan.TURNED else 0
        return RoomScan(pictures, plan.manner, covered)

    def _tell(self, plan: Plan, now_us: int) -> None:
        self.on_progress(
            Progress(
                plan.part, plan.manner, tuple(sorted(plan.covered)), plan.here, scan_plan.stands_still(plan, now_us),
                scan_plan.left_s(plan, now_us), scan_plan.share(plan, now_us),
            )
        )  # fmt: skip

    def _next(self) -> Picture | None:
        """The next picture; losing the camera for a moment is waited out. None: cancelled."""
        give_up_s = time.monotonic() + PATIENCE_S
        while (left_s := give_up_s - time.monotonic()) > 0:
            if self.cancelled.is_set():
                return None
            picture = self.arrived.get(min(left_s, 0.2))
            if picture is not None:
                self.watch.check(picture)
                return picture
        raise self.source.trouble or DeviceError("camera_missing", "The camera gives no picture.")
