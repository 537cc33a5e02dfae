"""One lane ends when it is told to, also when its connection breaks at that very moment."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from candidate_agent.uplink import lane
from exam_protocol.records import Lane
from tests.candidate_agent.uplink.conftest import SmallServer
from tests.candidate_agent.uplink.test_with_spool import Agent


class Breaking:
    """A connection that breaks when it is told to."""

    def __init__(self) -> None:
        self.reading, self.broken = asyncio.Event(), asyncio.Event()
        self.transport = SimpleNamespace(abort=lambda: None)

    async def send(self, data: object) -> None:
        return

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.reading.set()
        await self.broken.wait()
        raise OSError("broken")
        yield b""


async def test_cancelled_while_its_connection_breaks_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Breaking()

    async def opened(*_: object) -> Breaking:
        return connection

    monkeypatch.setattr(lane, "open_socket", opened)
    agent = Agent(tmp_path, SmallServer(port=1))
    agent.open()
    running = asyncio.ensure_future(agent.uplink._lanes[Lane.MEDIA].run())
    await connection.reading.wait()
    connection.broken.set()
    running.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([running])
    assert running.cancelled()
    agent.spool.close()
