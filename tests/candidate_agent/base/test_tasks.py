"""What repeats goes on repeating."""

import asyncio

from candidate_agent.base.tasks import repeat


async def test_a_look_that_fails_is_told_and_does_not_end_the_looking() -> None:
    looks: list[int] = []
    failures: list[tuple[str, str]] = []
    enough = asyncio.Event()

    async def look() -> None:
        looks.append(len(looks))
        if len(looks) < 3:
            raise OSError("no space left on the disk")
        enough.set()

    task = asyncio.create_task(repeat(0, look, lambda name, error: failures.append((name, type(error).__name__))))
    async with asyncio.timeout(5):
        await enough.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert failures == [("look", "OSError")] * 2
