"""For all tests: generated examples are the same in every run, and no test leaves threads or processes behind."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from hypothesis import settings

from tests import beside

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
POOLS = ("AnyIO worker thread",)  # of a server that a wider fixture runs; they end by themselves when idle

T = TypeVar("T")

GRACE_S = 3.0
STAYS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver", "explorer.exe /desktop")
"""The standard library keeps the first two; the last is the desktop of Wine, started by whoever needs it first."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    beside.long_ones_first(items, config.rootpath)


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, processes = _threads(), _processes()
    yield
    left_threads = _until_empty(lambda: _threads() - threads)
    left_processes = _until_empty(lambda: _processes() - processes)
    assert not left_threads, f"threads left running: {sorted(thread.name for thread in left_threads)}"
    assert not left_processes, f"processes left running: {sorted(_name(process) for process in left_processes)}"


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name not in POOLS}


def _processes() -> set[psutil.Process]:
    """Our own children. What a browser of a wider fixture starts and keeps for itself is that fixture's to end."""
    return {child for child in _children() if _runs(child)}


def _children() -> list[psutil.Process]:
    """Where the kernel keeps a list it is read: to look through all processes takes 3 ms, and each test asks twice."""
    lists = list(Path("/proc/self/task").glob("*/children"))
    if not lists:
        return psutil.Process().children()
    found = []
    for path in lists:
        with contextlib.suppress(OSError, psutil.NoSuchProcess):  # a thread or a child that ended meanwhile
            found += [psutil.Process(int(pid)) for pid in path.read_text().split()]
    return found


def _runs(process: psutil.Process) -> bool:
    try:
        command = " ".join(process.cmdline())
        return process.status() != psutil.STATUS_ZOMBIE and not any(name in command for name in STAYS)
    except psutil.NoSuchProcess:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:120]}"
    except psutil.NoSuchProcess:
        return f"{process.pid} (gone meanwhile)"


def _until_empty(remaining: Callable[[], set[T]]) -> set[T]:
    """What is still there when the grace is over."""
    until = time.monotonic() + GRACE_S
    while (left := remaining()) and time.monotonic() < until:
        time.sleep(0.02)
    return left
