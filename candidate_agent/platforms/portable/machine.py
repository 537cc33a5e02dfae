"""Load, memory, power and disk by psutil, the same on every system. Each backend adds what only it can know."""

import os
import sys
import time
from pathlib import Path

import psutil

from candidate_agent.platforms.ports import SystemFacts

WRITE_BYTES = 8 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024


def facts(
    *, os_name: str, os_version: str, session_type: str, vm_signals: tuple[str, ...],
    remote_signals: tuple[str, ...], administrator: bool,
) -> SystemFacts:  # fmt: skip
    memory = psutil.virtual_memory()
    on_mains, minutes = power()
    return SystemFacts(
        os_name=os_name,
        os_version=os_version,
        session_type=session_type,
        cores=psutil.cpu_count() or 1,
        load_percent=psutil.cpu_percent(interval=0.2),
        memory_total_bytes=memory.total,
        memory_free_bytes=memory.available,
        on_mains=on_mains,
        battery_minutes=minutes,
        vm_signals=vm_signals,
        remote_signals=remote_signals,
        administrator=administrator,
    )


def power() -> tuple[bool | None, float | None]:
    """On mains (None: no battery known), and minutes left where the system tells."""
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is None:
        return None, None
    known = battery.secsleft is not None and battery.secsleft > 0
    return battery.power_plugged, battery.secsleft / 60 if known else None


def disk_free_bytes(directory: Path) -> int:
    return int(psutil.disk_usage(str(directory)).free)


def disk_write_bytes_per_s(directory: Path) -> float:
    """Writes 8 MiB and syncs them, in a file of its own that is gone afterwards. Raises OSError."""
    path = directory / f".write-speed-{os.getpid()}"
    piece = os.urandom(_PIECE_BYTES)
    began = time.monotonic()
    try:
        with path.open("wb") as file:
            for _ in range(WRITE_BYTES // _PIECE_BYTES):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return WRITE_BYTES / max(time.monotonic() - began, 1e-6)
    finally:
        path.unlink(missing_ok=True)


def asleep_us() -> int:
    """Microseconds this computer has slept since it was started; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    return (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)) // 1000
