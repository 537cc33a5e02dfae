"""Whether the disk has room for a whole exam without a line, and takes it fast enough."""

from candidate_agent.checks.base import FAIL, PASS, WARN, Context, off_loop, row
from exam_protocol.records import CheckRow

GB, MB = 1e9, 1e6
GOOD_GB, USABLE_GB = 2.0, 0.5
GOOD_MB_PER_S, USABLE_MB_PER_S = 10.0, 2.0
PLANNED_FACTOR = 2


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
    value = round(free_gb, 2)
    threshold = f"{GOOD_GB:g} GB free ({needed_gb:.1f} needed), {GOOD_MB_PER_S:g} MB/s"
    if free_gb < needed_gb:
        remedy = f"The disk is almost full: {free_gb:.1f} GB are free, {needed_gb:.1f} are needed. Please make room."
        return row("disk", FAIL, value, threshold, remedy)
    if mb_per_s < USABLE_MB_PER_S:
        remedy = f"The disk writes only {mb_per_s:.1f} MB/s. Please close programs that use it, and try again."
        return row("disk", FAIL, value, threshold, remedy)
    if free_gb < GOOD_GB:
        return row("disk", WARN, value, threshold, "There is enough room, but not much. Making some helps.")
    if mb_per_s < GOOD_MB_PER_S:
        return row("disk", WARN, value, threshold, f"The disk writes {mb_per_s:.1f} MB/s, which is slow but enough.")
    return row("disk", PASS, value, threshold)
