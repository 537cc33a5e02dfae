"""Inbox -> machine.step -> effects. The only place where facts become decisions and decisions become orders.

`post` may be called from any thread; everything else runs on the event loop. Orders are carried out one after another,
in order, by a task of their own, so that a slow order never keeps a fact waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable

from candidate_agent.base.clock import Clock
from candidate_agent.session.effects import Effect
from candidate_agent.session.events import Event, Ticked
from candidate_agent.session.machine import step
from candidate_agent.session.states import Session
from candidate_agent.session.step import Moment

Perform = Callable[[Effect], Awaitable[None]]
Publish = Callable[[Session], None]
INBOX_EVENTS = 2000


class Driver:
    """`perform` carries out one order; `publish` is told every new session; `failed` hears of an order that broke, or
    of None and why the new session could not be published. Neither stops what comes after."""

    def __init__(
        self, clock: Clock, perform: Perform, publish: Publish, failed: Callable[[Effect | None, Exception], None]
    ) -> None:
        self._clock, self._perform, self._publish, self._failed = clock, perform, publish, failed
        self.session = Session()
        self.ticks_dropped = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: asyncio.Queue[Event] = asyncio.Queue()
        self._orders: asyncio.Queue[Effect] = asyncio.Queue()

    def post(self, event: Event) -> None:
        """Thread safe. Above 2,000 waiting events ticks are dropped, and counted; facts never are."""
        if self._loop is None or self._loop.is_closed():
            return
        if isinstance(event, Ticked) and self._inbox.qsize() > INBOX_EVENTS:
            self.ticks_dropped += 1
            return
        self._loop.call_soon_threadsafe(self._inbox.put_nowait, event)

    def ask(self, answer: Callable[[], None]) -> None:
        """Thread safe. `answer` is called on the event loop when it gets round to it."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(answer)

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._decide())
            group.create_task(self._carry_out())
            group.create_task(self._tick())

    async def settled(self) -> None:
        """Returns when every order given so far is carried out."""
        await self._orders.join()

    async def _decide(self) -> None:
        while True:
            event = await self._inbox.get()
            result = step(self.session, event, Moment(self._clock.monotonic_us(), self._clock.wall_ms()))
            self.session = result.session
            for effect in result.effects:
                self._orders.put_nowait(effect)
            self._show()

    def _show(self) -> None:
        try:
            self._publish(self.session)
        except Exception as error:  # a screen or a full disk must not keep the candidate from leaving
            self._failed(None, error)

    async def _carry_out(self) -> None:
        while True:
            effect = await self._orders.get()
            try:
                await self._perform(effect)
            except Exception as error:  # one broken order must not keep the computer from being restored
                self._failed(effect, error)
            finally:
                self._orders.task_done()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.post(Ticked())
