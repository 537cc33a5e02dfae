"""Work that repeats on the event loop for as long as the program runs. Called by `app`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn


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
