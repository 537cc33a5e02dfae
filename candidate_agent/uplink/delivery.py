"""Sends what a rehearsal sealed, in pieces, and counts what was acknowledged, sent again and lost. Made by `sender`.

Pieces are Probes of the control lane: the server counts them, answers, and keeps nothing.
"""

import asyncio
import base64

from candidate_agent.uplink.line import Ask
from exam_protocol import messages as m

PIECE_CHARACTERS = m.PROBE_CHARACTERS
IN_FLIGHT = 4
ANSWER_S = 6.0
TRIES = 5
QUEUE_PIECES = 4000  # 64 MB: more is not sent, and counts as lost


class Delivery:
    """One rehearsal's. All methods in the loop that runs the line."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_PIECES)
        self._tasks: list[asyncio.Task[None]] = []
        self.pieces = self.acknowledged = self.again = 0

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._send_on()) for _ in range(IN_FLIGHT)]

    def put(self, record: bytes) -> None:
        text = base64.b64encode(record).decode()
        for start in range(0, len(text), PIECE_CHARACTERS):
            self.pieces += 1
            if not self._queue.full():
                self._queue.put_nowait(text[start : start + PIECE_CHARACTERS])

    async def finish(self, limit_s: float) -> None:
        """Returns when all is acknowledged or given up, or after `limit_s`."""
        try:
            async with asyncio.timeout(limit_s):
                await self._queue.join()
        except TimeoutError:
            return

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send_on(self) -> None:
        while True:
            piece = await self._queue.get()
            try:
                await self._send(piece)
            finally:
                self._queue.task_done()

    async def _send(self, piece: str) -> None:
        for attempt in range(TRIES):
            self.again += attempt > 0
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._ask(lambda number: m.Probe(number, piece))
            except TimeoutError:
                continue
            self.acknowledged += 1
            return
