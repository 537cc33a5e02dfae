"""Runs the checks at once, each with a deadline of its own, and hands on every row as it comes.

A check that hangs or breaks becomes "unmeasured" with the reason; it never holds up the others. The disk is written
to, the encoders run and a file is fetched only after the line was measured: each would slow the other. So would the
camera's pictures a second, the search for a face and the encoders. Altogether less than 20 seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from candidate_agent.base.errors import AgentError
from candidate_agent.checks import (
    assistive,
    camera,
    client,
    clock,
    delay,
    disk,
    displays,
    download,
    encoder,
    framing,
    hidden_windows,
    light,
    memory,
    microphone,
    network_down,
    network_up,
    noise,
    permissions,
    power,
    printer,
    processor,
    programs,
    protection,
    remote_session,
    server,
    session_type,
    system,
    virtual_machine,
    window,
)
from candidate_agent.checks.base import UNMEASURED, Check, Context, Line, refused, row
from exam_protocol.records import CheckRow


@dataclass(frozen=True, slots=True)
class Plan:
    """`after_line`: starts when the line has been measured; `after`: when those checks are done. `asks_server`:
    unmeasured where there is none."""

    measure: Check
    deadline_s: float = 6.0
    after_line: bool = False
    asks_server: bool = False
    after: tuple[str, ...] = ()


LINE_DEADLINE_S = 12.0
LINE_S = 11.0  # less than the deadline of who looks at it, so that they hear why

CHECKS = {
    "system": Plan(system.measure),
    "session_type": Plan(session_type.measure),
    "protection": Plan(protection.measure),
    "permissions": Plan(permissions.measure),
    "displays": Plan(displays.measure),
    "camera": Plan(camera.measure),
    "light": Plan(light.measure),
    "framing": Plan(framing.measure, after=("camera",)),
    "microphone": Plan(microphone.measure, 9.0),
    "noise": Plan(noise.measure, 9.0),
    "network_up": Plan(network_up.measure, LINE_DEADLINE_S, asks_server=True),
    "network_down": Plan(network_down.measure, LINE_DEADLINE_S, asks_server=True),
    "delay": Plan(delay.measure, LINE_DEADLINE_S, asks_server=True),
    "server": Plan(server.measure, LINE_DEADLINE_S, asks_server=True),
    "download": Plan(download.measure, after_line=True, asks_server=True),
    "window": Plan(window.measure),
    "client": Plan(client.measure, LINE_DEADLINE_S),
    "clock": Plan(clock.measure, LINE_DEADLINE_S, asks_server=True),
    "disk": Plan(disk.measure, after_line=True),
    "processor": Plan(processor.measure),
    "memory": Plan(memory.measure),
    "encoder": Plan(encoder.measure, after_line=True, after=("camera", "framing")),
    "programs": Plan(programs.measure),
    "assistive": Plan(assistive.measure),
    "hidden_windows": Plan(hidden_windows.measure),
    "virtual_machine": Plan(virtual_machine.measure),
    "remote_session": Plan(remote_session.measure),
    "power": Plan(power.measure),
    "printer": Plan(printer.measure),
}


class _SharedLine:
    """One measurement of the line for the checks that look at it."""

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
    done = {code: asyncio.Event() for code in plans}
    line = _SharedLine(context.line)
    shared = replace(context, line=line)

    async def one(code: str, plan: Plan) -> CheckRow:
        if plan.after_line:
            await line.done()
        for other in plan.after:
            if other in done:
                await done[other].wait()
        measured = await _measured(code, plan, shared)
        emit(measured)
        done[code].set()
        return measured

    try:
        return tuple(await asyncio.gather(*(one(code, plan) for code, plan in plans.items())))
    finally:
        await line.close()


async def _measured(code: str, plan: Plan, context: Context) -> CheckRow:
    if plan.asks_server and not context.has_server:
        return row(code, UNMEASURED, None, "", "any.no_server")
    try:
        async with asyncio.timeout(plan.deadline_s):
            return await plan.measure(context)
    except TimeoutError:
        return row(code, UNMEASURED, None, "", "any.too_long")
    except AgentError as error:
        return refused(code, error)
    except Exception as error:
        return row(code, UNMEASURED, None, "", "any.broke", error=type(error).__name__)
