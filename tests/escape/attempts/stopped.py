"""Processes of the exam itself: stopped, killed, cut off. Who stops them gains nothing, and the computer comes back."""

import contextlib
import os
import signal
import time

import psutil

from tests.escape.attempt import LONG_S, Seen, attempt
from tests.escape.attempts.windows import FRONT
from tests.escape.endings import gone_in_order
from tests.escape.room import Room
from tests.rig.xserver import wait_for

LOST = ("KEEPER_ENDED", "AGENT_STOPPED", "MEASURE_UNDONE")
STOPPED_S = 8.0


@attempt("processes", "the agent is stopped, another window opens", *FRONT, *LOST, ends=True)
def agent_stopped(room: Room) -> Seen:
    """A stopped agent cannot take the front back; what counts is that the exam cannot be read beside the notes."""
    exam = room.exam_or_fail
    os.kill(exam.process.pid, signal.SIGSTOP)
    since = time.monotonic()
    room.intruder("override", "raise", "size=600x300+600+400")
    while time.monotonic() < since + STOPPED_S and room.eyes.since(since) and room.eyes.since(since)[-1].shown:
        room.pause(0.1)
    lasted = room.eyes.longest_s(lambda look: look.covered and look.shown, since)
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
        os.kill(exam.process.pid, signal.SIGCONT)
    over = not exam.alive
    left = room.left_behind() if over else []
    what = f"exam and notes side by side for {lasted:.1f} s" + (f"; left: {', '.join(left)}" if left else "")
    return Seen(lasted >= LONG_S or bool(left), what, since, ends=over)


@attempt("processes", "the keeper is stopped, then the agent killed", *LOST, ends=True)
def keeper_stopped(room: Room) -> Seen:
    """Given back within seconds by the keeper that the agent should have started in the place of the stopped one."""
    exam = room.exam_or_fail
    keeper = exam.keeper()
    keeper.suspend()
    since = time.monotonic()
    until = since + STOPPED_S
    while time.monotonic() < until:
        with contextlib.suppress(StopIteration, psutil.NoSuchProcess):
            if exam.keeper().pid != keeper.pid:
                break
        if room.is_over():
            break
        room.pause(0.1)
    os.kill(exam.process.pid, signal.SIGKILL)
    exam.process.wait()
    seen = gone_in_order(room, time.monotonic())
    with contextlib.suppress(psutil.NoSuchProcess):
        keeper.resume()
    return seen


@attempt("processes", "the page's process is stopped, another window opens", *FRONT)
def renderer_stopped(room: Room) -> Seen:
    renderers = room.exam_or_fail.renderers()
    for renderer in renderers:
        renderer.suspend()
    since = time.monotonic()
    try:
        room.intruder("fullscreen", "above", "activate")
        lasted = room.watch(lambda look: look.lost or look.covered, since)
    finally:
        for renderer in renderers:
            renderer.resume()
    return Seen(lasted >= LONG_S, f"another window was in front for {lasted:.1f} s", since)


@attempt("processes", "the page's process is killed", ends=True)
def renderer_killed(room: Room) -> Seen:
    since = time.monotonic()
    for renderer in room.exam_or_fail.renderers():
        with contextlib.suppress(psutil.NoSuchProcess):
            renderer.kill()
    lasted = room.watch(lambda look: look.lost or look.covered, since)
    return Seen(lasted >= LONG_S, "the window stayed in front", since)


@attempt("processes", "the keeper is killed", *LOST)
def keeper_killed(room: Room) -> Seen:
    """Another one is there within the time that upkeep takes."""
    exam = room.exam_or_fail
    keeper = exam.keeper()
    since = time.monotonic()
    keeper.kill()
    until = since + STOPPED_S
    while time.monotonic() < until:
        with contextlib.suppress(StopIteration):
            if exam.keeper().pid != keeper.pid:
                break
        room.pause(0.05)
    took_s = time.monotonic() - since
    return Seen(took_s > 2.0, f"without a keeper for {took_s:.1f} s", since)


@attempt("processes", "the keeper is killed again and again", *LOST, ends=True)
def keeper_killed_often(room: Room) -> Seen:
    exam, since = room.exam_or_fail, time.monotonic()
    while time.monotonic() < since + 12 and not room.is_over():
        with contextlib.suppress(StopIteration, psutil.NoSuchProcess):
            exam.keeper().kill()
        room.pause(0.2)
    wait_for(lambda: room.is_over(), "the orderly end", 8)
    return gone_in_order(room, time.monotonic())


@attempt("processes", "the agent is killed (kill -9)", ends=True, quick=True)
def agent_killed(room: Room) -> Seen:
    exam, since = room.exam_or_fail, time.monotonic()
    exam.process.kill()
    exam.process.wait()
    return gone_in_order(room, since)


@attempt("processes", "the agent is told to end (SIGTERM)", ends=True)
def agent_terminated(room: Room) -> Seen:
    since = time.monotonic()
    room.exam_or_fail.process.terminate()
    return gone_in_order(room, since)


@attempt("processes", "the agent is told that the session ends (SIGHUP)", ends=True)
def agent_hung_up(room: Room) -> Seen:
    since = time.monotonic()
    room.exam_or_fail.process.send_signal(signal.SIGHUP)
    return gone_in_order(room, since)


@attempt("processes", "xkill on the exam's window", ends=True)
def client_killed(room: Room) -> Seen:
    since = time.monotonic()
    room.ours.kill_client()
    room.x.sync()
    return gone_in_order(room, since)


@attempt("processes", "the exam's window is destroyed by another program", ends=True)
def window_destroyed(room: Room) -> Seen:
    since = time.monotonic()
    room.ours.destroy()
    room.x.sync()
    return gone_in_order(room, since)


@attempt("processes", "the window manager closes the exam's window", "EXIT_EARLY", ends=True)
def window_closed(room: Room) -> Seen:
    since = time.monotonic()
    room.run("wmctrl", "-i", "-c", hex(room.window))
    return gone_in_order(room, since)


@attempt("processes", "every helper process of the browser is killed, another window opens", *FRONT, ends=True)
def helpers_killed(room: Room) -> Seen:
    since = time.monotonic()
    for child in room.exam_or_fail.family()[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            if "QtWebEngineProcess" in " ".join(child.cmdline()):
                child.kill()
    room.intruder("fullscreen", "above", "activate")
    lasted = room.watch(lambda look: look.covered, since)
    return Seen(lasted >= LONG_S, f"another window was in front for {lasted:.1f} s", since, ends=room.is_over())
