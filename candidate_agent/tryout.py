"""Carries out what a candidate tries on the check screen: a sound, a page of the settings, the rehearsal.

Built by `app`, called by `hands`; what came of it comes back as an event.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import AgentError, UsageError
from candidate_agent.base.logs import Log
from candidate_agent.capture.booth import Booth
from candidate_agent.checks import rehearsal as rehearsal_check
from candidate_agent.checks.base import UNMEASURED, off_loop, refused
from candidate_agent.checks.base import row as check_row
from candidate_agent.platforms.ports import Platform, Unsupported
from candidate_agent.rehearsal import REHEARSAL_S, MakePipeline, Rehearsal
from candidate_agent.session import events as ev
from candidate_agent.uplink.delivery import Delivery
from exam_protocol.records import CheckRow


@dataclass(slots=True)
class Tryout:
    """`delivery`: over the line that stands; None: there is none yet."""

    platform: Platform
    booth: Booth
    clock: Clock
    log: Log
    post: Callable[[ev.Event], None]
    make_pipeline: MakePipeline
    delivery: Callable[[], Delivery | None]
    rehearsal_s: float = REHEARSAL_S
    rehearsal: Rehearsal | None = None  # the one that goes on
    _task: asyncio.Task[None] | None = None

    async def open_settings(self, page: str) -> None:
        port = self.platform.settings_pages
        opened = not isinstance(port, Unsupported) and await off_loop(lambda: port.open(page))
        self.post(ev.SettingsShown(page, opened))

    async def play_tone(self) -> None:
        port, played = self.platform.speakers, False
        try:
            played = not isinstance(port, Unsupported) and await off_loop(port.play_tone)
        finally:
            self.post(ev.TonePlayed(played))

    # --- rehearsal ----------------------------------------------------------------------------------------------------

    def rehearse(self) -> None:
        """Begins. One at a time: the session sees to that."""
        self._task = asyncio.create_task(self._rehearse())

    async def stop(self) -> None:
        """Returns when nothing records any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _rehearse(self) -> None:
        row: CheckRow | None = None
        try:
            row = rehearsal_check.judge(await self._recorded())
        except AgentError as error:
            row = refused("rehearsal", error)
        except Exception as error:  # a surprise in trying must not leave the candidate waiting
            self.log.line("rehearsal_failed", error=type(error).__name__)
            row = check_row("rehearsal", UNMEASURED, None, "", "any.broke", error=type(error).__name__)
        finally:
            self.rehearsal = None
            await asyncio.to_thread(self.booth.open)  # for the meter, which the rehearsal took the microphone from
            self.post(ev.RehearsalEnded(row))

    async def _recorded(self) -> rehearsal_check.Rehearsed:
        delivery = self.delivery()
        if delivery is None:
            raise UsageError("not_connected", "There is no line to the server yet.")
        await asyncio.to_thread(self.booth.leave_microphone)  # as when the exam begins
        self.rehearsal = Rehearsal(self.make_pipeline, delivery, self.clock, self.rehearsal_s)
        return await self.rehearsal.run()
