"""A small server for the console's tests: speaks exactly `exam_protocol.messages`, keeps records in memory.

`Relay` runs uvicorn in a thread on a free port; tests add candidates, publish their records and read the commands that
the console sent. The real server has its own tests.
"""

import asyncio
import queue
import socket
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from exam_protocol import messages as m
from exam_protocol.records import MEDIA_TRACKS, RecordFlag, Track, parse_header
from exam_protocol.signing import SignedDocument
from tests.console.sitting import Candidate, Institution

CONSOLE_DIR = Path(__file__).parents[2] / "server_stub" / "console"
PASSWORD = "correct horse"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "media-src blob:"
)


class _Csp:
    """Every answer carries the policy that the real server sets."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", CSP.encode()))
            await send(message)

        await self._app(scope, receive, with_policy)


class _Console:
    """One connected console: what it watches and what it is yet to be sent."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.outgoing: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.watches: dict[str, frozenset[int]] = {}
        self.live: set[tuple[str, int]] = set()  # media tracks past their first key frame

    def offer(self, session_id: str, record: bytes) -> None:
        header = parse_header(record)
        if header.track not in self.watches.get(session_id, frozenset()):
            return
        place = (session_id, int(header.track))
        if header.track in MEDIA_TRACKS and header.track != Track.AUDIO and place not in self.live:
            if not header.flags & RecordFlag.KEY_FRAME:
                return
            self.live.add(place)
        self.outgoing.put_nowait(record)


class Relay:
    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.candidates: dict[str, Candidate] = {}
        self.commands: queue.Queue[SignedDocument] = queue.Queue()
        self.watches: list[m.Watch] = []
        self.outcome = "relayed"
        self.on_duty = True  # the real server welcomes only whom the roster names
        self._consoles: set[_Console] = set()
        self._loop = asyncio.new_event_loop()
        self._socket = socket.socket()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        routes = [
            Route("/api/login", self._login, methods=["POST"]),
            Route("/api/logout", self._logout, methods=["POST"]),
            Route("/api/me", self._me),
            Route("/healthz", self._healthy),
            Route("/api/sessions/{session_id}/arrived", self._arrived),
            WebSocketRoute("/console", self._console),
            Mount("/console", StaticFiles(directory=CONSOLE_DIR, html=True)),
        ]
        config = uvicorn.Config(
            _Csp(Starlette(routes=routes)), log_level="error", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)
        self._loop.close()
        self._socket.close()

    def reset(self) -> None:
        """Nobody there, nothing said."""
        self.candidates, self.commands, self.watches = {}, queue.Queue(), []
        self.outcome, self.on_duty = "relayed", True

    def add(self, candidate: Candidate) -> None:
        """From now on what the candidate records is relayed."""

        def join() -> None:
            self.candidates[candidate.session_hex] = candidate
            self._tell(m.SessionChanged(candidate.info()))

        candidate.publish = lambda record: self._soon(lambda: self._publish(candidate, record))
        candidate.changed = lambda: self._soon(lambda: self._tell(m.SessionChanged(candidate.info())))
        self._soon(join)

    def publish_raw(self, candidate: Candidate, record: bytes) -> None:
        """Any bytes as a record of this candidate, stored too: what a hostile relay could send."""
        candidate.records.append(record)
        self._soon(lambda: self._publish(candidate, record))

    def drop_consoles(self) -> None:
        """Cuts every console's line."""
        for console in list(self._consoles):
            asyncio.run_coroutine_threadsafe(console.socket.close(), self._loop).result(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=[self._socket]))

    def _soon(self, work) -> None:  # type: ignore[no-untyped-def]
        self._loop.call_soon_threadsafe(work)

    def _tell(self, message: object) -> None:
        for console in self._consoles:
            console.outgoing.put_nowait(m.encode(message))

    def _publish(self, candidate: Candidate, record: bytes) -> None:
        for console in self._consoles:
            console.offer(candidate.session_hex, record)

    async def _login(self, request: Request) -> Response:
        body = await request.json()
        if body != {"id": self.institution.proctor_id, "password": PASSWORD}:
            return JSONResponse({"code": "login_refused"}, 401)
        answer = JSONResponse({"proctor": body["id"]})
        answer.set_cookie("session", "yes", httponly=True, samesite="strict")
        return answer

    async def _logout(self, request: Request) -> Response:
        answer = JSONResponse({})
        answer.delete_cookie("session")
        return answer

    async def _me(self, request: Request) -> Response:
        if request.cookies.get("session") != "yes":
            return JSONResponse({"code": "login_needed"}, 401)
        return JSONResponse({"id": self.institution.proctor_id, "exams": []})

    async def _arrived(self, request: Request) -> Response:
        """Nothing is stored here: what is played back is tested with the real server."""
        return JSONResponse({"tracks": {}})

    async def _healthy(self, request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def _console(self, socket: WebSocket) -> None:
        if socket.headers.get("origin") != self.url:
            await socket.close()
            return
        await socket.accept(subprotocol=m.SUBPROTOCOL_CONSOLE)
        refusal = "login_needed" if socket.cookies.get("session") != "yes" else "" if self.on_duty else "not_on_duty"
        if refusal:
            await socket.send_text(m.encode(m.Refused(refusal, "Not now.")))
            await socket.close(4403)
            return
        console = _Console(socket)
        console.outgoing.put_nowait(m.encode(self._welcome()))
        self._consoles.add(console)
        sending = asyncio.create_task(self._send(console))
        try:
            while True:
                self._received(console, m.decode_console(await socket.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            self._consoles.discard(console)
            sending.cancel()

    def _welcome(self) -> m.ConsoleWelcome:
        sessions = tuple(candidate.info() for candidate in self.candidates.values())
        office = self.institution
        return m.ConsoleWelcome(office.proctor_id, office.package, office.roster, sessions, office.now_ms())

    async def _send(self, console: _Console) -> None:
        while True:
            data = await console.outgoing.get()
            await (console.socket.send_text(data) if isinstance(data, str) else console.socket.send_bytes(data))

    def _received(self, console: _Console, message: m.ConsoleMessage) -> None:
        if isinstance(message, m.Watch):
            self._watch(console, message)
        elif isinstance(message, m.SendCommand):
            self.commands.put(message.document)
            command = self.institution.read_command(message.document)
            console.outgoing.put_nowait(m.encode(m.CommandRelayed(command.command_id, self.outcome)))
        elif isinstance(message, m.Ping):
            console.outgoing.put_nowait(m.encode(m.Pong(message.id, 0)))

    def _watch(self, console: _Console, watch: m.Watch) -> None:
        self.watches.append(watch)
        console.watches[watch.session_id] = frozenset(watch.tracks)
        console.live = {place for place in console.live if place[0] != watch.session_id}
        for record in list(self.candidates[watch.session_id].records):
            if record[2] not in MEDIA_TRACKS:
                console.offer(watch.session_id, record)
