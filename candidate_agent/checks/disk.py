"""Whether the disk has room for a whole exam without a line, and takes it fast enough."""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, off_loop, row
from exam_protocol.records import CheckRow

GB, MB = 1e9, 1e6
GOOD_GB, USABLE_GB = 2.0, 0.5
GOOD_MB_PER_S, USABLE_MB_PER_S = 10.0, 2.0
PLANNED_FACTOR = 2
PLANNED_BYTES_PER_S = 60_000  # 480 kbit/s: what a lively exam records
THRESHOLD = "{good} GB free ({needed} needed), {good_speed} MB/s"
ADVICE = {
    "full": "The disk is almost full: {free} GB are free, {needed} are needed. Please make room.",
    "too_slow": "The disk writes only {speed} MB/s. Please close programs that use it, and try again.",
    "little_room": "There is enough room, but not much. Making some helps.",
    "slow": "The disk writes {speed} MB/s, which is slow but enough.",
}


async def measure(context: Context) -> CheckRow:
    system, directory = context.platform.system, context.spool_dir
    free_bytes = await off_loop(lambda: system.disk_free_bytes(directory))
    if free_bytes < USABLE_GB * GB:  # do not fill what is almost full
        return judge(free_bytes, GOOD_MB_PER_S * MB, context.planned_spool_bytes)
    speed = await off_loop(lambda: system.disk_write_bytes_per_s(directory))
    return judge(free_bytes, speed, context.planned_spool_bytes)


def judge(free_bytes: float, bytes_per_s: float, planned_bytes: int) -> CheckRow:
    needed_gb = max(USABLE_GB, PLANNED_FACTOR * planned_bytes / GB)
    free_gb, mb_per_s = free_bytes / GB, bytes_per_s / MB
    outcome, advice = _grade(free_gb, mb_per_s, needed_gb)
    return row(
        "disk", outcome, round(free_gb, 2), THRESHOLD, advice, free=round(free_gb, 1), needed=round(needed_gb, 1),
        speed=round(mb_per_s, 1), good=GOOD_GB, good_speed=GOOD_MB_PER_S,
    )  # fmt: skip


def _grade(free_gb: float, mb_per_s: float, needed_gb: float) -> tuple[str, str]:
    if free_gb < needed_gb:
        return FAIL, "full"
    if mb_per_s < USABLE_MB_PER_S:
        return FAIL, "too_slow"
    if free_gb < GOOD_GB:
        return WARN, "little_room"
    if mb_per_s < GOOD_MB_PER_S:
        return WARN, "slow"
    return PASS, ""
