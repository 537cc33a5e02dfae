"""The server's heartbeat: leases, receipts, and whether each line is still there. One task, once a second."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from exam_protocol import codec
from exam_protocol.messages import Lease, Receipt, ReceiptMessage, TrackDurable
from exam_protocol.signing import DOMAIN_RECEIPT, SignedDocument, Signer, sign_document
from server_stub.bus import SessionUpdated, ToAgent, agent_topic, exam_topic
from server_stub.clock import Clock
from server_stub.live import LiveSession, Sessions
from server_stub.ports import Bus
from server_stub.store import Store

BEAT_S = 1.0
EVERY_S = 10.0  # leases and receipts
LEASE = Lease(valid_s=60)

log = logging.getLogger("proctor-server")


class Pulse:
    """`look`: what else is due once a second."""

    def __init__(
        self, sessions: Sessions, store: Store, bus: Bus, signer: Signer, clock: Clock, look: Callable[[], None]
    ) -> None:
        self._sessions, self._store, self._bus, self._signer, self._clock = sessions, store, bus, signer, clock
        self._look = look
        self._completed: dict[bytes, LiveSession] = {}
        self._wake = asyncio.Event()

    def complete(self, live: LiveSession) -> None:
        """Everything that END counts is durable: the last receipt goes out at once."""
        self._completed[live.session_id] = live
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        due_s = self._clock.monotonic_s() + EVERY_S
        while True:
            await self._wait()
            while self._completed:
                _, live = self._completed.popitem()
                await self._receipt(live, complete=True)
            self._judge_links()
            self._look()
            if self._clock.monotonic_s() >= due_s:
                due_s += EVERY_S
                await self._beat()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(BEAT_S):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    def _judge_links(self) -> None:
        now_s = self._clock.monotonic_s()
        for live in self._sessions:
            if live.link_changed(now_s):
                self._bus.publish(exam_topic(live.durable.exam_id), SessionUpdated(live.session_id))
        self._sessions.forget_idle(now_s)

    async def _beat(self) -> None:
        for live in self._sessions:
            self._bus.publish(agent_topic(live.session_id), ToAgent(LEASE))
            if live.receipt_due and not live.durable.complete:
                await self._receipt(live, complete=False)

    async def _receipt(self, live: LiveSession, *, complete: bool) -> None:
        document = self._sign(live, complete)
        try:
            await asyncio.to_thread(self._store.put_receipt, live.session_id, complete, codec.encode(document))
        except sqlite3.Error:
            log.error("receipt_not_stored %s", live.session_id.hex()[:8])
            return
        live.receipt_due = False
        if complete:
            live.completed()
            self._bus.publish(exam_topic(live.durable.exam_id), SessionUpdated(live.session_id))
        self._bus.publish(agent_topic(live.session_id), ToAgent(ReceiptMessage(document)))

    def _sign(self, live: LiveSession, complete: bool) -> SignedDocument:
        """Durable heads: each covers as many records of its track as the server can chain."""
        rows = (live.tracks[track] for track in sorted(live.tracks))
        tracks = tuple(TrackDurable(row.track, row.chained, row.head) for row in rows)
        receipt = Receipt(live.session_id, tracks, complete, self._clock.wall_ms())
        return sign_document(self._signer, DOMAIN_RECEIPT, codec.encode(receipt))
