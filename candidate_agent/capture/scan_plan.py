"""A room scan from picture to picture: which directions were seen, what is asked for next, which picture is kept. Pure.

Fed by `room_scan` with the angle that the camera turned and the time. Parts: "turn" (a ring of eight directions), then
"desk"; or by hand: "desk", "left", "right", each taken by a press of the button. A camera of which no turning is seen
is not waited for: pictures are then kept by time, and the candidate and the proctor are told so.
"""

from dataclasses import dataclass, replace

SEGMENTS = 8
TURN, DESK, LEFT, RIGHT, DONE = "turn", "desk", "left", "right", "done"
BY_HAND = (DESK, LEFT, RIGHT)
TURNED, TIMED, HAND = "turned", "timed", "desk_only"  # how a scan was made

LIMIT_US = 60_000_000
STILL_HINT_US = 10_000_000  # without turning: it is said how
STILL_END_US = 20_000_000  # without turning: the scan goes on without the ring
DESK_US = 5_000_000
HAND_US = 60_000_000  # each picture by hand; then it is taken as it is
TIMED_EVERY_US = STILL_END_US // SEGMENTS
NEW_GROUND_DEGREES = 15.0  # less is a hand that is not quite still, or somebody who sways before the camera


@dataclass(frozen=True, slots=True)
class Plan:
    """`heading`: degrees turned since the start, to the right positive. Times are on the monotonic clock."""

    part: str = TURN
    manner: str = TURNED
    began_us: int = 0
    part_us: int = 0  # when this part began
    heading: float = 0.0
    ground: tuple[float, float] = (0.0, 0.0)  # the farthest headings to the left and right when turning was last seen
    turned_us: int = 0
    covered: frozenset[int] = frozenset()
    timed: int = 0  # pictures kept by time alone

    @property
    def here(self) -> int:
        """The direction that the camera looks to now, 0..7; the first one lies on both sides of the start."""
        return int((self.heading + 180 / SEGMENTS) % 360 // (360 / SEGMENTS)) % SEGMENTS


@dataclass(frozen=True, slots=True)
class Next:
    """`keep`: the picture that was just seen is one of the scan's; `label` says which."""

    plan: Plan
    keep: bool = False
    label: str = ""


def begin(by_hand: bool, now_us: int) -> Plan:
    part, manner = (BY_HAND[0], HAND) if by_hand else (TURN, TURNED)
    return Plan(part, manner, began_us=now_us, part_us=now_us, turned_us=now_us)


def saw(plan: Plan, degrees: float, now_us: int, pressed: bool = False) -> Next:
    """One picture more. `degrees` since the one before. `pressed`: the candidate goes on by hand."""
    if plan.part == TURN:
        return _turning(_headed(plan, degrees, now_us), now_us, pressed)
    due_us = HAND_US if plan.manner == HAND else DESK_US
    if plan.part == DONE or not (pressed or now_us - plan.part_us >= due_us):
        return Next(plan)
    return Next(_after(plan, now_us), True, plan.part)


def _headed(plan: Plan, degrees: float, now_us: int) -> Plan:
    """Swaying to and fro is no turning: only new ground is waited for."""
    heading, (left, right) = plan.heading + degrees, plan.ground
    if left - NEW_GROUND_DEGREES < heading < right + NEW_GROUND_DEGREES:
        return replace(plan, heading=heading)
    return replace(plan, heading=heading, ground=(min(left, heading), max(right, heading)), turned_us=now_us)


def _turning(plan: Plan, now_us: int, pressed: bool) -> Next:
    fresh = plan.here not in plan.covered
    seen = replace(plan, covered=plan.covered | {plan.here}) if fresh else plan
    if pressed or len(seen.covered) == SEGMENTS or now_us - seen.began_us >= LIMIT_US:
        return Next(replace(seen, part=DESK, part_us=now_us), fresh, f"{plan.here}")
    if now_us - seen.turned_us >= STILL_END_US:
        return _without_turning(seen, now_us)
    if len(seen.covered) == 1 and not fresh and now_us - seen.began_us >= (seen.timed + 1) * TIMED_EVERY_US:
        return Next(replace(seen, timed=seen.timed + 1), True, "timed")
    return Next(seen, fresh, f"{plan.here}")


def _without_turning(plan: Plan, now_us: int) -> Next:
    """Nothing turned at all: the pictures by time are the scan. It stopped on the way: what was seen, then the desk."""
    if len(plan.covered) == 1:
        return Next(replace(plan, part=DONE, manner=TIMED), False)
    return Next(replace(plan, part=DESK, part_us=now_us))


def _after(plan: Plan, now_us: int) -> Plan:
    if plan.manner != HAND or plan.part == BY_HAND[-1]:
        return replace(plan, part=DONE)
    return replace(plan, part=BY_HAND[BY_HAND.index(plan.part) + 1], part_us=now_us)


def stands_still(plan: Plan, now_us: int) -> bool:
    """Whether it should be said how to turn."""
    return plan.part == TURN and now_us - plan.turned_us >= STILL_HINT_US


def left_s(plan: Plan, now_us: int) -> int:
    """Until this part goes on by itself at the latest."""
    if plan.part == TURN:
        end_us = min(plan.began_us + LIMIT_US, plan.turned_us + STILL_END_US)
    else:
        end_us = plan.part_us + (HAND_US if plan.manner == HAND else DESK_US)
    return max(0, -(-(end_us - now_us) // 1_000_000))


def share(plan: Plan, now_us: int) -> float:
    """How much of the scan is done, 0..1: by the ground that was covered; by time where nothing turns."""
    if plan.manner == HAND:
        done = len(BY_HAND) if plan.part == DONE else BY_HAND.index(plan.part)
        return done / len(BY_HAND)
    if plan.part == DONE:
        return 1.0
    if plan.part == DESK:
        return SEGMENTS / (SEGMENTS + 1)
    ground = len(plan.covered) / (SEGMENTS + 1)
    return max(ground, plan.timed / (SEGMENTS + 1))
