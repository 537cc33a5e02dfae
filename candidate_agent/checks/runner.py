"""Runs the checks at once, each with a deadline of its own, and hands on every row as it comes.

A check that hangs or breaks becomes "unmeasured" with the reason; it never holds up the others. The disk is written to
only after the line was measured: each would slow the other. Altogether less than 20 seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from candidate_agent.base.errors import AgentError
from candidate_agent.checks import (
    camera,
    clock,
    delay,
    disk,
    displays,
    hidden_windows,
    light,
    memory,
    microphone,
    network_up,
    power,
    processor,
    programs,
    protection,
    remote_session,
    server,
    session_type,
    virtual_machine,
)
from candidate_agent.checks.base import Check, Context, Line, unmeasured
from exam_protocol.records import CheckRow


@dataclass(frozen=True, slots=True)
class Plan:
    """`after_line`: starts when the line has been measured."""

    measure: Check
    deadline_s: float = 6.0
    after_line: bool = False


LINE_DEADLINE_S = 12.0
LINE_S = 11.0  # less than the deadline of who looks at it, so that they hear why
TOO_LONG = "This took too long to measure. Please try again."

CHECKS = {
    "session_type": Plan(session_type.measure),
    "protection": Plan(protection.measure),
    "displays": Plan(displays.measure),
    "camera": Plan(camera.measure),
    "light": Plan(light.measure),
    "microphone": Plan(microphone.measure, 9.0),
    "network_up": Plan(network_up.measure, LINE_DEADLINE_S),
    "delay": Plan(delay.measure, LINE_DEADLINE_S),
    "server": Plan(server.measure, LINE_DEADLINE_S),
    "clock": Plan(clock.measure, LINE_DEADLINE_S),
    "disk": Plan(disk.measure, after_line=True),
    "processor": Plan(processor.measure),
    "memory": Plan(memory.measure),
    "programs": Plan(programs.measure),
    "hidden_windows": Plan(hidden_windows.measure),
    "virtual_machine": Plan(virtual_machine.measure),
    "remote_session": Plan(remote_session.measure),
    "power": Plan(power.measure),
}


class _SharedLine:
    """One measurement of the line for the four checks that look at it."""

    def __init__(self, probe: Callable[[], Awaitable[Line]]) -> None:
        self._probe = probe
        self._task: asyncio.Task[Line] | None = None

    async def __call__(self) -> Line:
        if self._task is None:
            self._task = asyncio.ensure_future(self._measure())
        return await asyncio.shield(self._task)

    async def _measure(self) -> Line:
        async with asyncio.timeout(LINE_S):
            return await self._probe()

    async def done(self) -> None:
        """When the line is measured, in whatever way that went."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def run(
    context: Context, only: str = "", emit: Callable[[CheckRow], None] = lambda _: None
) -> tuple[CheckRow, ...]:
    """Rows in the catalogue's order; `emit` gets each as soon as it is there. `only`: one check's code, "" for all."""
    plans = {code: plan for code, plan in CHECKS.items() if only in ("", code)}
    line = _SharedLine(context.line)
    shared = replace(context, line=line)

    async def one(code: str, plan: Plan) -> CheckRow:
        if plan.after_line:
            await line.done()
        row = await _measured(code, plan, shared)
        emit(row)
        return row

    try:
        return tuple(await asyncio.gather(*(one(code, plan) for code, plan in plans.items())))
    finally:
        await line.close()


async def _measured(code: str, plan: Plan, context: Context) -> CheckRow:
    try:
        async with asyncio.timeout(plan.deadline_s):
            return await plan.measure(context)
    except TimeoutError:
        return unmeasured(code, TOO_LONG)
    except AgentError as error:
        return unmeasured(code, error.text)
    except Exception as error:
        return unmeasured(code, f"This could not be measured ({type(error).__name__}). Please try again.")
