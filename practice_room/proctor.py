"""The stand-in proctor: a small program with keys on the roster that speaks the real protocol. Run by `room`.

It watches, opens the check-in pictures with its own key to prove that this works, says hello, admits, and sends one
friendly reminder. It judges nothing, keeps nothing and never asks for a step again; its name says that it is a program.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from exam_protocol import codec, policy
from exam_protocol import messages as m
from exam_protocol.errors import ProtocolError
from exam_protocol.keys import WrapKey, command_info, exam_info, seal, unwrap_epoch
from exam_protocol.policy import ExamAccess, RosterEntry
from exam_protocol.records import Epoch, Header, PictureEntry, RecordType, Track, parse_header, read_signed
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import DOMAIN_COMMAND, SignedDocument, SigningKey, sign_document
from practice_room.order import Order

REMINDER_CODE = "LOOK_AT_SCREEN"


@dataclass(frozen=True, slots=True)
class Keys:
    id: str
    sign: SigningKey
    wrap: WrapKey


@dataclass(slots=True)
class Watched:
    """One candidate's session, as far as this proctor has come with it."""

    info: m.SessionInfo
    sealers: dict[int, EpochSealer] = field(default_factory=dict)
    pictures: int = 0
    is_admitted: bool = False
    is_reminded: bool = False

    @property
    def session_id(self) -> bytes:
        return bytes.fromhex(self.info.session_id)


class StandIn:
    """`on_opened` hears how many check-in pictures were opened so far."""

    def __init__(self, order: Order, keys: Keys, on_opened: Callable[[int], None]) -> None:
        self._order, self._keys, self._on_opened = order, keys, on_opened
        self._access: ExamAccess | None = None
        self._watched: dict[str, Watched] = {}
        self._counter = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, server_url: str, cookie: str) -> None:
        """Until cancelled, or the server ends."""
        async with connect(
            server_url.replace("http", "ws", 1) + "/console", subprotocols=[Subprotocol(m.SUBPROTOCOL_CONSOLE)],
            origin=Origin(server_url), additional_headers={"Cookie": cookie}, compression=None, max_size=None,
            close_timeout=1, proxy=None,
        ) as socket:  # fmt: skip
            try:
                with contextlib.suppress(websockets.ConnectionClosed):
                    async for data in socket:
                        await self._hear(socket, data)
            finally:
                await self._stop()

    async def _stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear(self, socket: ClientConnection, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self._record(data)
            return
        message = m.decode_console(data)
        if isinstance(message, m.ConsoleWelcome):
            self._access = self._unseal(message)
            for info in message.sessions:
                await self._meet(socket, info)
        elif isinstance(message, m.SessionChanged):
            await self._meet(socket, message.session)

    def _unseal(self, welcome: m.ConsoleWelcome) -> ExamAccess:
        """The exam's secret, which the office sealed to this proctor."""
        roster: policy.Roster = codec.decode(welcome.roster.payload, policy.Roster)
        mine: RosterEntry = next(entry for entry in roster.entries if entry.id == self._keys.id)
        access: ExamAccess = codec.decode(self._keys.wrap.open(mine.sealed_exam, exam_info(roster.exam_id)), ExamAccess)
        return access

    # --- what is seen -------------------------------------------------------------------------------------------

    async def _meet(self, socket: ClientConnection, info: m.SessionInfo) -> None:
        """Acts once on each state that asks for something."""
        known = self._watched.get(info.session_id)
        if known is None:
            known = self._watched[info.session_id] = Watched(info)
            await socket.send(m.encode(m.Watch(info.session_id, (Track.IDENTITY,))))
        known.info = info
        if info.state == "waiting" and not known.is_admitted:
            known.is_admitted = True
            self._start(self._admit(socket, known))
        if info.state == "running" and not known.is_reminded:
            known.is_reminded = True
            self._start(self._remind(socket, known))

    def _record(self, data: bytes) -> None:
        """A picture that cannot be opened is not counted: the report then says so."""
        with contextlib.suppress(ProtocolError):
            header = parse_header(data)
            watched = self._watched.get(header.session_id.hex())
            if watched is not None and header.type is RecordType.EPOCH:
                self._new_epoch(watched, data)
            elif watched is not None and header.track == Track.IDENTITY:
                self._picture(watched, header, data)

    def _new_epoch(self, watched: Watched, data: bytes) -> None:
        _, body = read_signed(data, watched.info.device_key)
        assert isinstance(body, Epoch)
        key = unwrap_epoch(body, watched.session_id, self._keys.id, self._keys.wrap)
        watched.sealers[body.epoch] = EpochSealer(watched.session_id, body.epoch, key)

    def _picture(self, watched: Watched, header: Header, data: bytes) -> None:
        sealer = watched.sealers.get(header.epoch)
        if sealer is None:
            return
        entry: PictureEntry = codec.decode(sealer.open(data)[1], PictureEntry, limit_bytes=codec.MAX_RECORD_BYTES)
        watched.pictures += bool(entry.data)
        self._on_opened(watched.pictures)

    # --- what is said -------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _admit(self, socket: ClientConnection, watched: Watched) -> None:
        """A person takes a moment to look; this one only takes the moment."""
        await asyncio.sleep(self._order.look_s)
        if self._access is not None:
            await self._say(socket, watched, m.ChatBody(self._order.hello))
            await self._say(socket, watched, m.AdmitBody(self._access))

    async def _remind(self, socket: ClientConnection, watched: Watched) -> None:
        await asyncio.sleep(self._order.remind_s)
        await self._say(socket, watched, m.InterventionBody(REMINDER_CODE, "reminder", self._order.reminder))

    async def _say(self, socket: ClientConnection, watched: Watched, body: m.CommandBody) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            await socket.send(m.encode(m.SendCommand(self._command(watched, body))))

    def _command(self, watched: Watched, body: m.CommandBody) -> SignedDocument:
        self._counter += 1
        session_id, now_ms = watched.session_id, time.time_ns() // 1_000_000
        command = m.Command(
            command_id=f"practice-{self._counter}", session_id=session_id, counter=self._counter, issued_ms=now_ms,
            expires_ms=now_ms + m.COMMAND_LIFETIME_MS, proctor=self._keys.id,
            kind=str(type(body).__struct_config__.tag),
            sealed=seal(watched.info.wrap_key, codec.encode(body), command_info(session_id, self._counter)),
        )  # fmt: skip
        return sign_document(self._keys.sign, DOMAIN_COMMAND, codec.encode(command))
