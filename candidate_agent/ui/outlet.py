"""The one way of the browser engine to the network: a proxy on this computer's own loopback address that connects to
nothing but the addresses of the exam that is open. The engine is told to use it for everything before it starts
(`engine`), so that what passes no interceptor (each further hop of a redirect, a lookup, a call of the engine for
itself) ends here. Closed before and after an exam. A thread of its own; `windows` starts and stops it.
"""

import asyncio
import base64
import contextlib
import ipaddress
import logging
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from candidate_agent.base.errors import DeviceError
from candidate_agent.ui import proxy_head
from candidate_agent.ui.proxy_head import Asked

ADDRESS = "127.0.0.1"
_HEAD_BYTES = 262_144  # of a request: cookies can be long
_CHUNK_BYTES = 65_536
_START_S = 10.0
_HEAD_S = 30.0
_CONNECT_S = 30.0
_STOP_S = 2.0
_SECOND_FAMILY_S = 0.25  # IPv4 is tried when IPv6 has not answered by then, and the other way round

log = logging.getLogger(__name__)

Allows = Callable[[str, int, bool], bool]
"""(host, port, tunnel): may it be reached?"""


@dataclass(frozen=True, slots=True)
class NextProxy:
    host: str
    port: int
    credentials: bytes = b""


FindProxy = Callable[[Asked], NextProxy | None]


def system_proxy(asked: Asked) -> NextProxy | None:
    """The HTTP proxy that this computer is set to use, as the line to the proctoring server finds it too."""
    address = urllib.request.getproxies().get("https" if asked.tunnel else "http", "")
    if not address or _is_loopback(asked.host) or urllib.request.proxy_bypass(asked.host):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme != "http" or not parts.hostname:
        return None
    return NextProxy(parts.hostname, parts.port or 80, _basic(parts.username, parts.password))


def _basic(user: str | None, password: str | None) -> bytes:
    if user is None:
        return b""
    return b"Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password or '')}".encode())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _nobody(_host: str, _port: int, _tunnel: bool) -> bool:
    return False


class Outlet:
    """`start` gives the port. `admit` and `shut` from any thread; `shut` also cuts what is connected."""

    def __init__(self, find_proxy: FindProxy = system_proxy) -> None:
        self._find_proxy = find_proxy
        self._allows: Allows = _nobody
        self._on_refused: Callable[[str, int], None] = lambda host, port: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ended = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.admitted = 0  # connections since `admit`

    def start(self) -> int:
        """Raises DeviceError `window_missing`: without an outlet there is no exam page."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), name="outlet", daemon=True)
        self._thread.start()
        if not ready.wait(_START_S) or not self.port:
            raise DeviceError("window_missing", "The exam browser could not be given its way to the network.")
        return self.port

    def admit(self, allows: Allows, on_refused: Callable[[str, int], None]) -> None:
        """`on_refused(host, port)` on the outlet's thread; it must not block."""
        self.admitted = 0
        self._allows, self._on_refused = allows, on_refused

    def shut(self) -> None:
        self._allows = _nobody
        self._call(self._cut)

    def stop(self) -> None:
        self.shut()
        self._call(self._ended.set)
        if self._thread is not None:
            self._thread.join(_START_S)

    def _call(self, act: Callable[[], Any]) -> None:
        with contextlib.suppress(RuntimeError):  # it has ended already
            if self._loop is not None:
                self._loop.call_soon_threadsafe(act)

    # --- its own thread -----------------------------------------------------------------------------------------------

    async def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            server = await asyncio.start_server(self._serve, ADDRESS, 0, limit=_HEAD_BYTES)
        except OSError:
            ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._ended.wait()
        server.close()
        self._cut()
        if serving := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(serving, timeout=_STOP_S)

    def _cut(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._answer(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # one of the two has gone: that ends this connection, and only this
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = proxy_head.read(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_S))
        if asked is None:
            return await _say(writer, b"400 Bad Request")
        if not self._passes(asked):
            self._on_refused(asked.host, asked.port)
            return await _say(writer, b"403 Forbidden")
        self.admitted += 1
        try:
            far_reader, far_writer = await asyncio.wait_for(self._connect(asked, writer), _CONNECT_S)
        except OSError:  # TimeoutError is one
            return await _say(writer, b"502 Bad Gateway")
        self._open.add(far_writer)
        try:
            both = _pass_on(reader, far_writer), _pass_on(far_reader, writer)
            await asyncio.gather(*both, return_exceptions=True)  # one may end early: an answer to half an upload
        finally:
            self._open.discard(far_writer)
            far_writer.close()

    def _passes(self, asked: Asked) -> bool:
        try:
            return self._allows(asked.host, asked.port, asked.tunnel)
        except Exception:
            log.exception("an address could not be judged")
            return False

    async def _connect(
        self, asked: Asked, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        following = self._find_proxy(asked)
        host, port = (following.host, following.port) if following else (asked.host, asked.port)
        far = await asyncio.open_connection(host, port, limit=_CHUNK_BYTES, happy_eyeballs_delay=_SECOND_FAMILY_S)
        if following:
            far[1].write(proxy_head.for_next_proxy(asked, following.credentials))  # its answer goes back as it is
        elif asked.tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            far[1].write(proxy_head.for_server(asked))
        return far


async def _say(writer: asyncio.StreamWriter, status: bytes) -> None:
    writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
