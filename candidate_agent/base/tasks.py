"""Work on the event loop that repeats, or that nobody waits for. Used by `housekeeping` and `hands`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn


async def repeat(
    every_s: float, look: Callable[[], Awaitable[None]], failed: Callable[[str, Exception], None]
) -> NoReturn:
    """Until cancelled. A look that fails is told to `failed(name, error)`; the next one comes all the same."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await look()
        except Exception as error:
            failed(look.__name__, error)


class Beside:
    """Tasks that go on beside everything else, each held until it ends."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def close(self) -> None:
        """Returns when all of them have ended, each by itself or because it was cancelled."""
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
