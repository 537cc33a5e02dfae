"""Addresses and what answers them. Thin: each handler decodes, asks one part, encodes. Wired by `app`.

PUT  /api/office/{package,roster,ticket}   SignedDocument; the signature is the permission
GET  /api/exams/{id}/package               SignedDocument, public
POST /api/enrol                            EnrolRequest -> SignedDocument of Enrolled
POST /api/login, /api/logout               {"id", "password"} -> cookie; GET /api/me -> {"id", "exams"}
GET  /api/sessions/{id}/bundle             ZIP, for proctors of the exam
GET  /api/sessions/{id}/records            ?track=N and first, last or from_us, to_us: framed media records, as stored
GET  /api/sessions/{id}/arrived            {"tracks": {track: next sequence}}, of what is stored
WS   /agent, /console?exam=ID              GET /healthz, /console/...
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from exam_protocol import messages as m
from exam_protocol.errors import ProtocolError
from exam_protocol.records import MEDIA_TRACKS
from exam_protocol.signing import SignedDocument
from server_stub.bus import SessionUpdated, ToAgent, agent_topic, exam_topic
from server_stub.commands import entry_on_duty
from server_stub.console_line import ConsoleLine, refuse
from server_stub.ingest import AgentLane
from server_stub.limits import FailureLimit
from server_stub.logins import COOKIE, LIFETIME_MS, logout_topic
from server_stub.web import address, answer, body, failed, is_own_origin

if TYPE_CHECKING:
    from server_stub.app import Server

Handler = Callable[[Request], Awaitable[Response]]


class _Login(msgspec.Struct, frozen=True):
    id: str
    password: str


def guarded(handler: Handler) -> Handler:
    """Expected refusals become JSON with a stable code."""

    async def guard(request: Request) -> Response:
        try:
            return await handler(request)
        except ProtocolError as error:
            return failed(error)
        except sqlite3.Error:
            return failed(ProtocolError("server_storage", "The server cannot store at the moment. Please try again."))

    return guard


class Routes:
    def __init__(self, server: "Server") -> None:
        self._server = server
        self._enrol_limit = FailureLimit(30, 60.0)
        self._login_limit = FailureLimit(5, 60.0)

    def all(self) -> list[BaseRoute]:
        return [
            Route("/", _to_console),
            Route("/healthz", _healthy),
            Route("/api/office/package", guarded(self.put_package), methods=["PUT"]),
            Route("/api/office/roster", guarded(self.put_roster), methods=["PUT"]),
            Route("/api/office/ticket", guarded(self.put_ticket), methods=["PUT"]),
            Route("/api/exams/{exam_id}/package", guarded(self.get_package)),
            Route("/api/enrol", guarded(self.enrol), methods=["POST"]),
            Route("/api/login", guarded(self.log_in), methods=["POST"]),
            Route("/api/logout", guarded(self.log_out), methods=["POST"]),
            Route("/api/me", guarded(self.me)),
            Route("/api/sessions/{session_id}/bundle", guarded(self.bundle)),
            Route("/api/sessions/{session_id}/records", guarded(self.records)),
            Route("/api/sessions/{session_id}/arrived", guarded(self.arrived)),
            WebSocketRoute("/agent", self.agent),
            WebSocketRoute("/console", self.console),
            *self._pages(),
        ]

    def _pages(self) -> list[BaseRoute]:
        """The hosted console, if it is installed."""
        console_dir = self._server.settings.console_dir
        if not console_dir.is_dir():
            return []
        return [Mount("/console", _OnlyHttp(StaticFiles(directory=console_dir, html=True)))]

    # --- the office ---------------------------------------------------------------------------------------------

    async def put_package(self, request: Request) -> Response:
        await asyncio.to_thread(self._server.office.put_package, await body(request, SignedDocument))
        return Response(status_code=204)

    async def put_roster(self, request: Request) -> Response:
        news = await asyncio.to_thread(self._server.office.put_roster, await body(request, SignedDocument))
        if news is not None:
            self._server.bus.publish(exam_topic(news.exam_id), news)
            for live in self._server.sessions:
                if live.durable.exam_id == news.exam_id:
                    self._server.bus.publish(agent_topic(live.session_id), ToAgent(m.RosterMessage(news.document)))
        return Response(status_code=204)

    async def put_ticket(self, request: Request) -> Response:
        await asyncio.to_thread(self._server.office.put_ticket, await body(request, SignedDocument))
        return Response(status_code=204)

    async def get_package(self, request: Request) -> Response:
        package = self._server.registry.package(request.path_params["exam_id"])
        if package is None:
            raise ProtocolError("exam_unknown", "This exam is not known here.")
        return answer(package[0])

    # --- candidates ---------------------------------------------------------------------------------------------

    async def enrol(self, request: Request) -> Response:
        where, now_s = address(request), self._server.clock.monotonic_s()
        if not self._enrol_limit.allows(where, now_s):
            raise ProtocolError("rate_limited", "Too many attempts. Please wait a minute.")
        try:
            asked = await body(request, m.EnrolRequest)
            enrolled = await asyncio.to_thread(self._server.enrolment.enrol, asked)
        except ProtocolError as error:
            if error.code in ("code_unknown", "bad_signature", "damaged", "code_used"):
                self._enrol_limit.failed(where, now_s)
            raise
        session = self._server.sessions.info(asked.session_id)
        if session is not None:
            self._server.bus.publish(exam_topic(session.exam_id), SessionUpdated(asked.session_id))
        return answer(enrolled)

    async def agent(self, socket: WebSocket) -> None:
        if m.SUBPROTOCOL_AGENT not in socket.scope["subprotocols"]:
            await socket.close()
            return
        await AgentLane(self._server.ingest, socket).run()

    # --- proctors -----------------------------------------------------------------------------------------------

    async def log_in(self, request: Request) -> Response:
        self._from_here(request)
        asked, now_s = await body(request, _Login), self._server.clock.monotonic_s()
        key = f"{address(request)} {asked.id[:200]}"
        if not self._login_limit.allows(key, now_s):
            raise ProtocolError("rate_limited", "Too many attempts. Please wait a minute.")
        token = await asyncio.to_thread(self._server.logins.log_in, asked.id, asked.password[:1024])
        if token is None:
            self._login_limit.failed(key, now_s)
            raise ProtocolError("login_wrong", "This name and password do not belong together.")
        response = answer({"id": asked.id})
        response.set_cookie(
            COOKIE, token, max_age=LIFETIME_MS // 1000, path="/", secure=True, httponly=True, samesite="strict"
        )
        return response

    async def log_out(self, request: Request) -> Response:
        self._from_here(request)
        token = request.cookies.get(COOKIE, "")
        await asyncio.to_thread(self._server.logins.log_out, token)
        self._server.bus.publish(logout_topic(token), None)
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return response

    async def me(self, request: Request) -> Response:
        proctor = self._logged_in(request.cookies.get(COOKIE, ""))
        return answer({"id": proctor, "exams": self._exams_of(proctor)})

    async def bundle(self, request: Request) -> Response:
        session_id = self._session_of_a_proctor(request)
        stream = self._server.exporter.stream(session_id)
        name = f'attachment; filename="session-{session_id.hex()}.zip"'
        return StreamingResponse(stream, media_type="application/zip", headers={"content-disposition": name})

    async def records(self, request: Request) -> Response:
        session_id, excerpts = self._session_of_a_proctor(request), self._server.excerpts
        track = _number(request, "track")
        if track not in MEDIA_TRACKS:
            raise ProtocolError("damaged", "Only records of media are given out one by one.")
        by_sequence = "first" in request.query_params
        names = ("first", "last") if by_sequence else ("from_us", "to_us")
        begin, end = (_number(request, name) for name in names)
        read = excerpts.by_sequence if by_sequence else excerpts.by_time
        stream = await asyncio.to_thread(read, session_id, track, begin, end)
        return StreamingResponse(stream, media_type="application/octet-stream")

    async def arrived(self, request: Request) -> Response:
        found = self._server.sessions.arrived(self._session_of_a_proctor(request))
        return answer({"tracks": {str(int(track)): count for track, count in found.items()}})

    def _session_of_a_proctor(self, request: Request) -> bytes:
        """Raises ProtocolError where nobody is logged in, or the session is none of their exams."""
        proctor = self._logged_in(request.cookies.get(COOKIE, ""))
        session = self._server.sessions.info(_session_id(request.path_params["session_id"]))
        if session is None or session.exam_id not in self._exams_of(proctor):
            raise ProtocolError("session_unknown", "There is no such session in your exams.")
        return bytes.fromhex(session.session_id)

    async def console(self, socket: WebSocket) -> None:
        """Closed without a word for a foreign page; with a word for somebody who is not logged in or not on duty."""
        if not is_own_origin(socket.headers, self._server.settings.origins):
            await socket.close()
            return
        offered = socket.scope["subprotocols"]
        await socket.accept(subprotocol=m.SUBPROTOCOL_CONSOLE if m.SUBPROTOCOL_CONSOLE in offered else None)
        try:
            await self._console(socket)
        except WebSocketDisconnect:
            return

    async def _console(self, socket: WebSocket) -> None:
        token = socket.cookies.get(COOKIE, "")
        try:
            proctor = self._logged_in(token)
            exams = self._exams_of(proctor)
        except ProtocolError as error:
            await refuse(socket, error.code, error.text)
            return
        asked = socket.query_params.get("exam", exams[-1] if exams else "")
        await ConsoleLine(self._server.desk, socket, proctor, asked, logout_topic(token)).run()

    def _from_here(self, request: Request) -> None:
        """A browser always names its origin on POST; other programs need not."""
        if "origin" in request.headers and not is_own_origin(request.headers, self._server.settings.origins):
            raise ProtocolError("origin_foreign", "This page belongs to another server.")

    def _logged_in(self, token: str) -> str:
        proctor = self._server.logins.who(token)
        if proctor is None:
            raise ProtocolError("login_needed", "Please log in.")
        return proctor

    def _exams_of(self, proctor: str) -> list[str]:
        """Exams whose roster names this proctor now; the one that opened last comes last."""
        found, now_ms = [], self._server.clock.wall_ms()
        for exam_id in self._server.registry.exams():
            package, roster = self._server.registry.package(exam_id), self._server.registry.roster(exam_id)
            if package is not None and roster is not None and entry_on_duty(roster[1], proctor, now_ms):
                found.append((package[1].opens_ms, exam_id))
        return [exam_id for _, exam_id in sorted(found)]


def _session_id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ProtocolError("session_unknown", "There is no such session.") from error


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ProtocolError("damaged", f"{name} is a whole number.")
    return int(text)


class _OnlyHttp:
    """A WebSocket to a file is refused, not an error."""

    def __init__(self, files: StaticFiles) -> None:
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._files(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).close()


async def _to_console(_: Request) -> Response:
    return RedirectResponse("/console/")


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
