"""A practice room: institution, server, exam page and proctor in one process, on this computer only. Run by `__main__`.

The server is the reference server itself; only the institution and the proctor are stand-ins.
"""

import asyncio
import contextlib
import http.client
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from exam_protocol import codec
from exam_protocol.policy import ExamAccess
from exam_protocol.signing import SigningKey
from practice_room.exam_site import ExamSite, page
from practice_room.institution import PROCTOR_ID, Institution
from practice_room.order import Answer, Opened, Order, Ready
from practice_room.proctor import Keys, StandIn
from server_stub.app import Server
from server_stub.cli import serving
from server_stub.settings import Settings

Say = Callable[[Answer], None]


class _Listening(uvicorn.Server):
    """Says when it listens. Leaves signals alone: this process ends with the pipe to the agent."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def opened(order: Order, directory: Path, say: Say, institution: Institution) -> AsyncIterator[str]:
    """The server's address, while the room is open. `say` hears the link, then each picture that was opened."""
    site = ExamSite(page(order), code := _access_code())
    try:
        origin = await asyncio.to_thread(site.start)
        async with _served(directory, institution) as (server, url):
            access = ExamAccess(f"{origin}/", code, (origin,))
            cookie = await asyncio.to_thread(_publish, server, url, institution, order, access)
            keys = Keys(PROCTOR_ID, institution.proctor_sign, institution.proctor_wrap)
            standing_in = asyncio.create_task(StandIn(order, keys, lambda count: say(Opened(count))).run(url, cookie))
            try:
                say(Ready(institution.link(url)))
                yield url
            finally:
                standing_in.cancel()
                await asyncio.gather(standing_in, return_exceptions=True)
    finally:
        await asyncio.to_thread(site.stop)


@contextlib.asynccontextmanager
async def _served(directory: Path, institution: Institution) -> AsyncIterator[tuple[Server, str]]:
    """The reference server on a free port of this computer; without its console."""
    await asyncio.to_thread(directory.mkdir, 0o700, parents=True, exist_ok=True)
    settings = Settings(directory, institution.fingerprint, console_dir=directory / "no-console")
    server = Server(settings, SigningKey.generate())
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listening = _Listening(serving(server))
        running = asyncio.create_task(listening.serve(sockets=[listener]))
        begun = asyncio.create_task(listening.listens.wait())
        try:
            await asyncio.wait({running, begun}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
                raise RuntimeError("The practice server ended before it listened.")
            yield server, f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            begun.cancel()
            listening.should_exit = True
            await asyncio.gather(running, begun, return_exceptions=True)


def _publish(server: Server, url: str, institution: Institution, order: Order, access: ExamAccess) -> str:
    """Package, roster and ticket, as the exam office brings them; the proctor's cookie."""
    now_ms = time.time_ns() // 1_000_000
    for kind, document in (
        ("package", institution.package(order, url, server.key.public_key, now_ms)),
        ("roster", institution.roster(order, access, now_ms)),
        ("ticket", institution.ticket(order, now_ms)),
    ):
        _ask(url, "PUT", f"/api/office/{kind}", codec.encode(document))
    password = secrets.token_urlsafe(18)
    server.logins.add(PROCTOR_ID, order.proctor, password)
    login = codec.encode({"id": PROCTOR_ID, "password": password})
    return _ask(url, "POST", "/api/login", login).partition(";")[0]


def _ask(url: str, method: str, path: str, data: bytes) -> str:
    """The cookie that came back, if any. Raises RuntimeError where the server refuses."""
    parts = urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)) as connection:
        connection.request(method, path, data, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 204):
            raise RuntimeError(f"The practice server answered {answer.status} to {path}.")
        return answer.getheader("Set-Cookie", "")


def _access_code() -> str:
    return secrets.token_hex(6).upper()
