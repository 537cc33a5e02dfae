"""The composition root of the server: builds the parts and wires them. `cli` runs it; the routes are in `routes`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.types import ASGIApp

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.signing import SignedDocument, SigningKey
from server_stub.blobs import LaneFiles
from server_stub.bus import InProcessBus
from server_stub.clock import Clock
from server_stub.commands import Commands
from server_stub.committer import Committer
from server_stub.console_line import Desk
from server_stub.enrol import Enrolment
from server_stub.excerpts import Excerpts
from server_stub.export import Exporter
from server_stub.ingest import Ingest
from server_stub.live import LiveSession, Sessions
from server_stub.logins import Logins
from server_stub.office import Office
from server_stub.ports import Blobs
from server_stub.pulse import LEASE, Pulse
from server_stub.registry import Registry
from server_stub.routes import Routes
from server_stub.settings import Settings
from server_stub.store import Store
from server_stub.tokens import Tokens
from server_stub.waiting_line import WaitingLine
from server_stub.watchers import Watchers
from server_stub.web import SecurityHeaders


class Server:
    """Every part, built once; opened and closed by the application's lifespan."""

    def __init__(
        self, settings: Settings, key: SigningKey, clock: Clock | None = None, blobs: Blobs | None = None
    ) -> None:
        self.settings, self.key, self.clock = settings, key, clock or Clock()
        self.store = Store(settings.directory / "state.sqlite")
        self.registry = Registry(self.store)
        self.blobs: Blobs = blobs or LaneFiles(settings.directory / "lanes")
        self.bus = InProcessBus()
        self.tokens = Tokens(key.seed)
        self.sessions = Sessions(self.store, self.blobs, self.clock)
        self.waiting_line = WaitingLine(self.sessions, self.bus)
        self.pulse = Pulse(self.sessions, self.store, self.bus, key, self.clock, self.waiting_line.look)
        self.committer = Committer(self.store, self.blobs, self.bus, self.clock, self.pulse.complete)
        self.watchers = Watchers(self.bus, limit=settings.watch_limit)
        self.commands = Commands(self.registry, self.sessions, self.bus, self.clock)
        self.enrolment = Enrolment(self.registry, self.store, key, self.tokens, self.clock)
        self.office = Office(self.registry, self.store, root=settings.root, server_key=key.public_key, clock=self.clock)
        self.logins = Logins(self.registry, self.clock)
        self.exporter = Exporter(self.store, self.registry, self.blobs, self.clock, lambda: key.public_key)
        self.excerpts = Excerpts(self.blobs, self.sessions.media_bytes)
        self.ingest = Ingest(
            key,
            self.tokens,
            self.sessions,
            self.store,
            self.committer,
            self.bus,
            self.clock,
            self.greet,
            self.commands.delivered,
        )
        self.desk = Desk(
            self.registry, self.store, self.blobs, self.sessions, self.watchers, self.commands, self.bus, self.clock
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        (self.settings.directory / "lanes").mkdir(exist_ok=True, mode=0o700)
        self.store.open()
        await asyncio.to_thread(self.store.reconcile, self.blobs)
        committing, beating = asyncio.create_task(self.committer.run()), asyncio.create_task(self.pulse.run())
        try:
            yield
        finally:
            self.committer.stop()
            await committing
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
            self.store.close()

    def greet(self, live: LiveSession) -> list[m.AgentMessage]:
        """What an agent hears first on its control lane: lease, roster, watchers, place, held commands, receipt."""
        messages: list[m.AgentMessage] = [LEASE]
        roster = self.registry.roster(live.durable.exam_id)
        if roster is not None:
            messages.append(m.RosterMessage(roster[0]))
        watching = self.watchers.of(live.session_id)
        if watching:
            messages.append(m.Watched(watching))
        place = self.waiting_line.of(live.session_id)
        if place is not None:
            messages.append(place)
        messages.extend(self.commands.held(live.session_id))
        if live.durable.complete:
            receipt: SignedDocument = codec.decode(self.store.receipts(live.session_id)[-1], SignedDocument)
            messages.append(m.ReceiptMessage(receipt))
        return messages


def build(server: Server) -> ASGIApp:
    """The application. Its lifespan opens and closes the server's parts."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with server.running():
            yield

    return SecurityHeaders(Starlette(routes=Routes(server).all(), lifespan=lifespan))
