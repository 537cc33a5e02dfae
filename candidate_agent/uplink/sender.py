"""The agent's line to the server: both lanes kept up, messages handed on as events, figures of the line.

`app` builds one Uplink and runs it in the loop. Each lane is a connection of its own (`lane`), so that a word never
waits behind a picture. A line that is down is tried again for ever; a refusal for good ends both lanes.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import ServerError
from candidate_agent.session.events import LeaseRenewed, LinkDown, LinkRefused, LinkUp, PlaceChanged, WatchersChanged
from candidate_agent.uplink import line
from candidate_agent.uplink.delivery import Delivery
from candidate_agent.uplink.lane import FATAL, SECOND_AGENT, UNREACHABLE, Hearer, Identity, LaneLine, Outbox
from candidate_agent.uplink.server_clock import ServerClock
from candidate_agent.uplink.transport import parse_address
from exam_protocol import messages as m
from exam_protocol.channel import Closed, MessageReceived, Opened
from exam_protocol.records import Lane
from exam_protocol.signing import SignedDocument, Signer

INSTANCE_BYTES = 16
MEASURE_WAIT_S = 5.0  # for the control lane to open, before there is something to measure


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """Not verified yet: `commands.CommandGate` does that."""

    document: SignedDocument


@dataclass(frozen=True, slots=True)
class KeyFrameAsked:
    track: int


@dataclass(frozen=True, slots=True)
class RosterReceived:
    document: SignedDocument


@dataclass(frozen=True, slots=True)
class ReceiptReceived:
    document: SignedDocument


UplinkEvent = (
    LinkUp | LinkDown | LinkRefused | LeaseRenewed | WatchersChanged | CommandReceived | KeyFrameAsked | RosterReceived
    | ReceiptReceived | PlaceChanged
)  # fmt: skip


def _event_of(message: m.AgentMessage) -> UplinkEvent | None:
    match message:
        case m.Lease(valid_s):
            return LeaseRenewed(valid_s)
        case m.Watched(proctors):
            return WatchersChanged(proctors)
        case m.Queue(place, waiting):
            return PlaceChanged(place, waiting)
        case m.KeyFrameWanted(track):
            return KeyFrameAsked(track)
        case m.CommandMessage(document):
            return CommandReceived(document)
        case m.RosterMessage(document):
            return RosterReceived(document)
        case m.ReceiptMessage(document):
            return ReceiptReceived(document)
    return None


class Uplink:
    """`emit` and `on_damaged(lane, position)` are called in the loop's thread and must not block for long."""

    def __init__(
        self, *, server_url: str, server_key: bytes, session_id: bytes, token: str, device: Signer, outbox: Outbox,
        emit: Callable[[UplinkEvent], None], clock: Clock, on_damaged: Callable[[int, int], None],
        random_bytes: Callable[[int], bytes] = os.urandom, media_stays: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        """`media_stays()`: pictures and sound are kept on this computer for now; asked before each record."""
        self._identity = Identity(
            parse_address(server_url), server_key, session_id, token, device, random_bytes(INSTANCE_BYTES)
        )
        self._emit, self._clock = emit, clock
        hearer = Hearer(self._heard, on_damaged)
        self._lanes = {
            lane: LaneLine(lane, self._identity, outbox, hearer, clock, random_bytes, stays)
            for lane, stays in ((Lane.CONTROL, lambda: False), (Lane.MEDIA, media_stays))
        }
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = asyncio.Event()  # the control lane
        self._said_down = self._said_refused = False
        self._answers: dict[int, asyncio.Future[m.Pong | m.Probe]] = {}
        self._questions = 0
        self.server_clock = ServerClock(clock)

    async def run(self) -> None:
        """Both lanes, until cancelled or refused for good."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.ensure_future(lane.run()) for lane in self._lanes.values()]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._loop = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # --- from other threads -------------------------------------------------------------------------------------------

    def send(self, message: m.AgentMessage) -> None:
        """On the control lane; dropped when not connected. Thread safe."""
        self._call(lambda: self._lanes[Lane.CONTROL].send(message))

    def wake(self) -> None:
        """The outbox has more. Thread safe."""
        for lane in self._lanes.values():
            self._call(lane.wake)

    def _call(self, what: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(what)

    @property
    def stats(self) -> dict[str, float]:
        return {
            f"{lane.name.lower()}_{name}": value for lane, at in self._lanes.items() for name, value in at.stats.items()
        }

    # --- what the lanes say -------------------------------------------------------------------------------------------

    def _heard(self, lane: int, event: Opened | MessageReceived | Closed) -> None:
        if isinstance(event, MessageReceived):
            self._message(lane, event.message)
        elif isinstance(event, Closed):
            self._closed(lane, event)
        elif lane == Lane.CONTROL:
            self.server_clock.heard(event.server_time_ms)
            self._said_down = self._said_refused = False
            self._open.set()
            self._emit(LinkUp())

    def _closed(self, lane: int, closed: Closed) -> None:
        if lane == Lane.CONTROL:
            self._open.clear()
            if not self._said_down:
                self._said_down = True
                self._emit(LinkDown(closed.code, closed.text))
        if (closed.code in FATAL or closed.code == SECOND_AGENT) and not self._said_refused:
            self._said_refused = True
            self._emit(LinkRefused(closed.code, closed.text))

    def _message(self, lane: int, message: m.AgentMessage) -> None:
        if isinstance(message, m.Ping):  # another agent is at the server's door: we are still here
            self._lanes[Lane(lane)].send(m.Pong(message.id, self._clock.wall_ms()))
            return
        if isinstance(message, m.Pong | m.Probe):
            answer = self._answers.pop(message.id, None)
            if answer is not None and not answer.done():
                answer.set_result(message)
            return
        event = _event_of(message)
        if event is not None:
            self._emit(event)

    # --- measuring ----------------------------------------------------------------------------------------------------

    async def measure(self) -> line.LineFigures:
        """About five seconds. In the loop that runs `run`. Raises ServerError `server_unreachable`."""
        try:
            async with asyncio.timeout(MEASURE_WAIT_S):
                await self._open.wait()
            figures = await line.measure(self._ask, self._clock)
        except TimeoutError as error:
            raise ServerError(UNREACHABLE.code, UNREACHABLE.text) from error
        self.server_clock.heard(self._clock.wall_ms() + round(figures.skew_ms))
        return figures

    async def probe(self) -> float:
        """Bits a second, over the media lane while that carries nothing; 0 without a line. Six seconds at most, in the
        loop that runs `run`."""
        return await line.glance(partial(self._ask, lane=Lane.MEDIA), self._clock)

    def delivery(self) -> Delivery:
        """For a rehearsal, in the loop that runs `run`."""
        return Delivery(self._ask)

    async def _ask(self, make: Callable[[int], line.Question], lane: Lane = Lane.CONTROL) -> m.Pong | m.Probe:
        self._questions += 1
        number = self._questions
        answer: asyncio.Future[m.Pong | m.Probe] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._lanes[lane].send(make(number))
            return await answer
        finally:
            self._answers.pop(number, None)
