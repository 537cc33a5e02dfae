"""Locks the computer for the exam, sets the watch over it, and gives it back. Used by `hands`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from candidate_agent.base.errors import AgentError
from candidate_agent.base.logs import carrying_on
from candidate_agent.lockdown.restore import RestoreReport
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.parts import Parts
from candidate_agent.session import events as ev


@dataclass(slots=True)
class Locking:
    parts: Parts
    post: Callable[[ev.Event], None]
    monitor: Monitor | None = None

    async def apply(self) -> None:
        try:
            await asyncio.to_thread(self.parts.lockdown.apply)
            await asyncio.to_thread(self.parts.stage.enter_exam)
            self.monitor = self.parts.make_monitor()
            await asyncio.to_thread(self.monitor.start)
        except AgentError as error:
            self.post(ev.LockdownFailed(error.code, error.text))
            return
        self.post(ev.LockdownApplied())

    async def stop_monitor(self) -> None:
        if self.monitor is not None:
            monitor, self.monitor = self.monitor, None
            await asyncio.to_thread(monitor.stop)

    async def restore(self) -> None:
        """Whatever breaks, the next step is taken, and the session hears what is left."""
        report, log = RestoreReport(False, {"computer": "could not be put back"}), self.parts.log
        with carrying_on(log):
            await self.stop_monitor()
        with carrying_on(log):
            self.parts.stage.leave_exam()
        with carrying_on(log):
            report = await asyncio.to_thread(self.parts.lockdown.revert)
        self.post(ev.ComputerRestored(report.restored, tuple(report.measures.items())))
