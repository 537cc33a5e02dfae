"""One proctor's console: what it asks for and what it is sent. Created by `app` for each WebSocket on /console.

Records reach it over the bus after they are durable; its own bounded feed keeps a slow reader from slowing anybody.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from exam_protocol import messages as m
from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import FRAME, HOLE
from exam_protocol.records import MEDIA_TRACKS, Lane, Track, parse_header
from server_stub.bus import (
    RecordsStored,
    RosterPublished,
    SessionUpdated,
    ToAgent,
    agent_topic,
    exam_topic,
    records_topic,
)
from server_stub.clock import Clock
from server_stub.commands import Commands, entry_on_duty
from server_stub.feed import Feed, Replay
from server_stub.line import LINGER_S, receive, send
from server_stub.live import Sessions
from server_stub.ports import Blobs, Bus
from server_stub.registry import Registry
from server_stub.store import Store
from server_stub.watchers import Watchers

PICTURE_TRACKS = MEDIA_TRACKS - {Track.AUDIO}
REPLAY_BATCH = 64
KEY_FRAME_EVERY_S = 1.0
CLOSE_REFUSED = 4403
CLOSE_SLOW = 4408

log = logging.getLogger("proctor-server")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every console works with."""

    registry: Registry
    store: Store
    blobs: Blobs
    sessions: Sessions
    watchers: Watchers
    commands: Commands
    bus: Bus
    clock: Clock


class ConsoleLine:
    def __init__(self, desk: Desk, socket: WebSocket, proctor: str, exam_id: str, logout_topic: str) -> None:
        self._desk, self._socket = desk, socket
        self._proctor, self._exam_id, self._logout_topic = proctor, exam_id, logout_topic
        self._feed = Feed()
        self._wake = asyncio.Event()
        self._refused = asyncio.Event()
        self._refusal: m.Refused | None = None
        self._watched: dict[bytes, frozenset[int]] = {}
        self._replayed: dict[bytes, frozenset[int]] = {}
        self._ends: dict[str, Callable[[], None]] = {}
        self._key_frame_asked_s: dict[tuple[bytes, int], float] = {}

    async def run(self) -> None:
        """The socket is accepted. Until it closes, the proctor leaves duty, logs out, or reads too slowly."""
        welcome = self._welcome()
        if welcome is None:
            await refuse(self._socket, "not_on_duty", "The roster does not name you for this exam now.")
            return
        self._feed.text(welcome)
        self._listen(exam_topic(self._exam_id), self._on_exam)
        self._listen(self._logout_topic, lambda _: self._refuse("logged_out", "You have logged out."))
        tasks = {asyncio.create_task(self._receive()), asyncio.create_task(self._send())}
        tasks.add(asyncio.create_task(self._cut()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(tasks)

    async def _end(self, tasks: "set[asyncio.Task[None]]") -> None:
        for end in self._ends.values():
            end()
        self._desk.watchers.remove(self, self._watched)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect | RuntimeError):
                raise outcome

    def _welcome(self) -> m.ConsoleWelcome | None:
        registry, now_ms = self._desk.registry, self._desk.clock.wall_ms()
        package, roster = registry.package(self._exam_id), registry.roster(self._exam_id)
        if package is None or roster is None or not entry_on_duty(roster[1], self._proctor, now_ms):
            return None
        rows = self._desk.store.sessions_of(self._exam_id)
        sessions = tuple(self._desk.sessions.info(row.session_id) or row.info(connected=False) for row in rows)
        return m.ConsoleWelcome(self._proctor, package[0], roster[0], sessions, now_ms)

    def _listen(self, topic: str, subscriber: Callable[[object], None]) -> None:
        if topic not in self._ends:
            self._ends[topic] = self._desk.bus.subscribe(topic, subscriber)

    def _refuse(self, code: str, text: str) -> None:
        self._refusal = self._refusal or m.Refused(code, text)
        self._refused.set()
        self._wake.set()

    # --- from the bus; never waits ------------------------------------------------------------------------------

    def _on_exam(self, event: object) -> None:
        if isinstance(event, SessionUpdated):
            session = self._desk.sessions.info(event.session_id)
            if session is not None:
                self._feed.changed(session)
        elif isinstance(event, RosterPublished):
            self._feed.text(m.RosterMessage(event.document))
            roster = self._desk.registry.roster(self._exam_id)
            if roster is None or not entry_on_duty(roster[1], self._proctor, self._desk.clock.wall_ms()):
                self._refuse("not_on_duty", "The roster does not name you any more.")
        self._fed()

    def _on_records(self, event: object) -> None:
        if not isinstance(event, RecordsStored):
            return
        tracks = self._watched.get(event.session_id, frozenset())
        for header, record in event.records:
            if header.track in tracks and self._feed.record(header, record):
                self._ask_key_frame(event.session_id, header.track)
        self._fed()

    def _fed(self) -> None:
        if self._feed.is_overfull:
            self._refuse("console_slow", "This console reads too slowly.")
        self._wake.set()

    def _ask_key_frame(self, session_id: bytes, track: int) -> None:
        now_s, key = self._desk.clock.monotonic_s(), (session_id, track)
        if track in PICTURE_TRACKS and now_s - self._key_frame_asked_s.get(key, -1e9) >= KEY_FRAME_EVERY_S:
            self._key_frame_asked_s[key] = now_s
            self._desk.bus.publish(agent_topic(session_id), ToAgent(m.KeyFrameWanted(track)))

    # --- from the console ---------------------------------------------------------------------------------------

    async def _receive(self) -> None:
        while (data := await receive(self._socket)) is not None:
            try:
                if isinstance(data, bytes):
                    raise ProtocolError("damaged", "A console sends text.")
                await self._on(m.decode_console(data))
            except ProtocolError as error:
                self._feed.text(m.Refused(error.code, error.text))
            self._fed()

    async def _on(self, message: m.ConsoleMessage) -> None:
        """Raises ProtocolError, which is told and changes nothing."""
        if isinstance(message, m.Watch):
            self._watch(_session_id(message.session_id), frozenset(message.tracks) | {Track.LEDGER})
        elif isinstance(message, m.Unwatch):
            self._unwatch(_session_id(message.session_id))
        elif isinstance(message, m.SendCommand):
            answer = await self._desk.commands.send(message.document, proctor=self._proctor, exam_id=self._exam_id)
            self._feed.text(answer)
        elif isinstance(message, m.Ping):
            self._feed.text(m.Pong(message.id, self._desk.clock.wall_ms()))
        elif not isinstance(message, m.Pong):
            raise ProtocolError("out_of_turn", "A console does not send this.")

    def _watch(self, session_id: bytes, tracks: frozenset[int]) -> None:
        session = self._desk.sessions.info(session_id)
        if session is None or session.exam_id != self._exam_id:
            raise ProtocolError("session_unknown", "There is no such session in this exam.")
        if not self._desk.watchers.add(self, self._proctor, session_id):
            raise ProtocolError("too_many_watched", "You already watch as many candidates as one person may.")
        before = self._watched.get(session_id, frozenset())
        self._watched[session_id] = tracks
        self._listen(records_topic(session_id), self._on_records)
        self._replay(session_id, tracks)
        for track in (tracks - before) & MEDIA_TRACKS:
            self._feed.start((session_id, track))
            self._ask_key_frame(session_id, track)

    def _replay(self, session_id: bytes, tracks: frozenset[int]) -> None:
        """Up to what is durable now; what follows comes live, in this order, with nothing twice or between."""
        replayed = self._replayed.get(session_id, frozenset())
        wanted = tracks - MEDIA_TRACKS - replayed
        live = self._desk.sessions.get(session_id)
        lanes = self._desk.store.lanes(session_id) if live is None else live.lanes
        if wanted and Lane.CONTROL in lanes:
            self._feed.replay(Replay(session_id, wanted, lanes[Lane.CONTROL].size_bytes))
        self._replayed[session_id] = replayed | wanted

    def _unwatch(self, session_id: bytes) -> None:
        if self._watched.pop(session_id, None) is not None:
            self._ends.pop(records_topic(session_id))()
            self._replayed.pop(session_id, None)
            self._feed.stop(session_id)
            self._desk.watchers.remove(self, (session_id,))

    # --- to the console -----------------------------------------------------------------------------------------

    async def _send(self) -> None:
        while self._refusal is None:
            item = self._feed.take()
            if item is None:
                self._wake.clear()
                await self._wake.wait()
            elif isinstance(item, Replay):
                await self._send_replay(item)
            else:
                await send(self._socket, item if isinstance(item, bytes) else m.encode(item))
        await refuse(self._socket, self._refusal.code, self._refusal.text)

    async def _cut(self) -> None:
        """The refused console hears why if it reads; if it does not, it is cut."""
        await self._refused.wait()
        await asyncio.sleep(LINGER_S)

    async def _send_replay(self, replay: Replay) -> None:
        chunks = self._desk.blobs.read(replay.session_id, Lane.CONTROL, replay.through_bytes)
        records = (record for record in lane_records(chunks) if _track(record) in replay.tracks)
        while batch := await asyncio.to_thread(lambda: list(itertools.islice(records, REPLAY_BATCH))):
            for record in batch:
                await self._socket.send_bytes(record)


async def refuse(socket: WebSocket, code: str, text: str) -> None:
    """A last word and a close. The socket is accepted."""
    await socket.send_text(m.encode(m.Refused(code, text)))
    await socket.close(CLOSE_SLOW if code == "console_slow" else CLOSE_REFUSED, code)


def lane_records(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Every record of a lane file, piece by piece."""
    data = b""
    for chunk in chunks:
        data += chunk
        at = 0
        while len(data) - at >= FRAME.size:
            _, length = FRAME.unpack_from(data, at)
            if len(data) - at < FRAME.size + length:
                break
            at += FRAME.size
            yield data[at : at + length]
            at += length
        data = data[at:]


def _track(record: bytes) -> int:
    return -1 if record == HOLE else parse_header(record).track


def _session_id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ProtocolError("damaged", "A session is named by 32 hexadecimal digits.") from error
