"""Debuggers, memory, clocks: what a program of the same user can do to the agent."""

import shutil
import sys
import time

from tests.escape.attempt import NotHere, Seen, attempt
from tests.escape.room import Room

TRACED = ("DEBUGGER_PRESENT", "CLIENT_TAMPERED", "AGENT_STOPPED")
BENT = ("CLOCK_JUMP",)
HOUR_MS = 3_600_000


def _needs(program: str) -> None:
    if shutil.which(program) is None:
        raise NotHere(f"{program} is not installed")


@attempt("integrity", "strace looks on", *TRACED)
def strace(room: Room) -> Seen:
    _needs("strace")
    since = time.monotonic()
    room.start("strace", "-qq", "-e", "trace=none", "-p", str(room.exam_or_fail.process.pid))
    room.pause(2.0)
    return Seen(True, "it was let in", since)


@attempt("integrity", "gdb holds the agent for a moment", *TRACED)
def gdb(room: Room) -> Seen:
    _needs("gdb")
    since = time.monotonic()
    said = room.run(
        "gdb",
        "-nx",
        "-iex",
        "set auto-solib-add off",
        "-p",
        str(room.exam_or_fail.process.pid),
        "-batch",
        "-ex",
        "print 6*7",
        within_s=30,
    )
    return Seen("= 42" in said, f"it held the agent for {time.monotonic() - since:.1f} s", since)


@attempt("integrity", "a script traces the agent (ptrace)", *TRACED)
def ptrace(room: Room) -> Seen:
    code = (
        "import ctypes, sys, time; c = ctypes.CDLL(None); c.ptrace.argtypes = [ctypes.c_long] * 4;"
        "r = c.ptrace(0x4206, int(sys.argv[1]), 0, 0); print(r, flush=True); time.sleep(4)"
    )
    since = time.monotonic()
    room.start(sys.executable, "-c", code, str(room.exam_or_fail.process.pid))
    room.pause(2.0)
    return Seen(True, "it was let in", since)


@attempt("integrity", "a script reads the agent's memory", *TRACED)
def memory_read(room: Room) -> Seen:
    code = (
        "import sys; p = sys.argv[1]; l = next(l for l in open(f'/proc/{p}/maps') if '[heap]' in l);"
        "a = int(l.split('-')[0], 16);"
        "m = open(f'/proc/{p}/mem', 'rb'); m.seek(a); print(len(m.read(4096)))"
    )
    since = time.monotonic()
    said = room.run(sys.executable, "-c", code, str(room.exam_or_fail.process.pid))
    return Seen("4096" in said, "it read what it wanted", since)


@attempt("integrity", "the clock is set an hour forward", *BENT, quick=True)
def clock_forward(room: Room) -> Seen:
    return _bent(room, HOUR_MS)


@attempt("integrity", "the clock is set an hour back", *BENT)
def clock_back(room: Room) -> Seen:
    return _bent(room, -HOUR_MS)


@attempt("integrity", "the clock is set forward and back within a second", *BENT)
def clock_there_and_back(room: Room) -> Seen:
    room.pause(1.2)
    since = time.monotonic()
    exam = room.exam_or_fail
    exam.ask("bend", HOUR_MS)
    room.pause(0.4)
    exam.ask("bend", -HOUR_MS)
    return Seen(True, "the agent's clock went there and back", since)


def _bent(room: Room, by_ms: int) -> Seen:
    """The agent's own clock: the machine's is never touched."""
    room.pause(1.2)  # the first look is what a jump is measured against
    since = time.monotonic()
    room.exam_or_fail.ask("bend", by_ms)
    return Seen(True, "the agent saw the jump", since)
