"""Sends what earlier sessions left on this computer, without a window: `candidate-agent send`. Called by `cli`.

Each session that is over gets its signed end if a crash took it, its records go to the server, the receipt is written,
and keys and recordings are deleted, as the window would have done it. A session that can still be gone on with is left
alone: that is the candidate's to decide.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from candidate_agent import receipts
from candidate_agent.base.clock import Clock
from candidate_agent.base.errors import (
    AgentError,
    EnrolmentError,
    PackageError,
    ServerError,
    StorageError,
    UsageError,
)
from candidate_agent.config import Config, Launch
from candidate_agent.joining import Join
from candidate_agent.session.events import LinkDown, LinkRefused, LinkUp
from candidate_agent.session.resuming import is_whole, put_back_since
from candidate_agent.session.states import Phase
from candidate_agent.spool import session_file
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.ui.receipt import Sitting
from candidate_agent.uplink.pace import Pace
from candidate_agent.uplink.sender import ReceiptReceived, Uplink, UplinkEvent
from exam_protocol import codec, policy
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage
from exam_protocol.signing import DOMAIN_PACKAGE, SignedDocument
from exam_protocol.version import BUILD

LOOK_S = 0.2
GIVE_UP_S = 60.0  # without a line, or without anything that moves
_OVER = frozenset({Phase.FAILING, Phase.UNLOCKING, Phase.PARTING, Phase.DONE, Phase.ENDED})


@dataclass(frozen=True, slots=True)
class Progress:
    """`left_s` None: nobody can say yet."""

    title: str
    left_bytes: int
    left_s: float | None
    link_up: bool


Tell = Callable[[Progress], None]


def earlier(config: Config) -> tuple[Join, ...]:
    """Sessions that have joined on this computer. Raises StorageError `session_damaged`, PackageError."""
    found = []
    for directory in sorted(config.sessions_dir.glob("*")):
        file = session_file.load(directory) if not directory.name.endswith(".gone") else None
        if file is not None and file.enrolled:
            found.append(Join(Launch("", ""), directory, _package(file.package), file))
    return tuple(found)


def _package(document: SignedDocument) -> ExamPackage:
    """It was compared with the institution's fingerprint before it was kept here."""
    try:
        package: ExamPackage = codec.decode(document.open(DOMAIN_PACKAGE, document.key), ExamPackage)
    except ProtocolError as error:
        raise PackageError("package_damaged", "The exam package that was kept here is damaged.") from error
    return package


def is_over(join: Join, now_ms: int) -> bool:
    """Whether nobody can go on with it: it ended, its time is over, or the exam closed before it began."""
    kept = join.file.kept
    if kept.phase in _OVER or (kept.phase is Phase.REFUSED and kept.reason == "admission_refused"):
        return True
    if not kept.began_ms:
        return now_ms > join.package.closes_ms
    allowed_s = join.package.policy.duration_s + join.ticket.accommodations.extra_time_s
    return now_ms > kept.began_ms + allowed_s * 1000


async def send(
    config: Config, clock: Clock, tell: Tell, arrived: Callable[[Path], None], give_up_s: float = GIVE_UP_S
) -> None:
    """`arrived` is told each receipt. Raises AgentError: the first one met, once every other session had its turn;
    UsageError `session_open` where a session can still be gone on with."""
    problems = list[AgentError]()
    for join in earlier(config):
        try:
            arrived(await _send_one(config, join, clock, tell, give_up_s))
        except AgentError as error:
            problems.append(error)
    if problems:
        raise problems[0]


async def _send_one(config: Config, join: Join, clock: Clock, tell: Tell, give_up_s: float) -> Path:
    if not is_over(join, clock.wall_ms()):
        text = f"The exam “{join.package.title}” is not over yet. Please start it again from its link."
        raise UsageError("session_open", text)
    rest = Rest(config, join, clock)
    await asyncio.to_thread(rest.open)
    try:
        receipt = await rest.drain(tell, give_up_s)
    finally:
        await asyncio.to_thread(rest.spool.close)
    path = config.receipts_dir / f"{join.file.session_id.hex()}.html"
    receipts.write(receipt, path, _sitting(join), config.language)
    join.forget()
    return path


def _sitting(join: Join) -> Sitting:
    """What a crash left changed was put back by `earlier` before anything is sent."""
    kept, measures = join.file.kept, put_back_since(join.file.kept.measures)
    return Sitting(
        join.package, join.ticket.candidate_name, is_whole(measures), measures, kept.began_ms, kept.ended_ms,
        kept.messages,
    )  # fmt: skip


class Rest:
    """What one session left."""

    def __init__(self, config: Config, join: Join, clock: Clock) -> None:
        self._join, self._clock = join, clock
        self.spool = Spool(join.directory / "spool", on_synced=self._wake)
        self._recorder = Recorder(self.spool, join.file.device(), clock, join.file.session_id)
        self._uplink: Uplink | None = None
        self._receipt: SignedDocument | None = None
        self._refused: LinkRefused | None = None
        self._link_up = False
        self._pace = Pace()

    def open(self) -> None:
        """The signed end comes first, where a crash took it. Raises StorageError."""
        join, file = self._join, self._join.file
        self.spool.open()
        try:
            self._recorder.open_session(
                ticket_hash=policy.document_hash(file.ticket) if file.ticket else b"",
                wrap_key=file.wrap().public_key, build=BUILD, machine="",
                package_hash=policy.document_hash(file.package), roster_version=join.roster.version, zone="",
                wall_ms=self._clock.wall_ms(),
            )  # fmt: skip
            reason = file.kept.reason or "interrupted"
            self._recorder.state("ended", reason)
            self._recorder.end(reason, is_whole(put_back_since(file.kept.measures)))
        except BaseException:
            self.spool.close()
            raise

    async def drain(self, tell: Tell, give_up_s: float) -> SignedDocument:
        """The last receipt. Raises ServerError, EnrolmentError, StorageError."""
        self._uplink = self._make_uplink()
        running = asyncio.ensure_future(self._uplink.run())
        try:
            return await self._until_receipt(tell, give_up_s)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _make_uplink(self) -> Uplink:
        join, file = self._join, self._join.file
        return Uplink(
            server_url=join.package.server_url, server_key=join.package.server_key, session_id=file.session_id,
            token=file.token, device=file.device(), outbox=self.spool, emit=self._hear, clock=self._clock,
            on_damaged=self._recorder.declare_damaged,
        )  # fmt: skip

    async def _until_receipt(self, tell: Tell, give_up_s: float) -> SignedDocument:
        moved_us, before = self._clock.monotonic_us(), (-1, False)
        while self._receipt is None or self.spool.backlog()[0]:
            await asyncio.sleep(LOOK_S)
            now_us = self._clock.monotonic_us()
            records, left_bytes = self.spool.backlog()
            self._pace.look(now_us, records, left_bytes, link_up=self._link_up)
            tell(Progress(self._join.package.title, left_bytes, self._pace.left_s, self._link_up))
            if self._refused is not None:
                raise _refusal(self._refused)
            if (records, self._link_up) != before:
                moved_us, before = now_us, (records, self._link_up)
            if now_us - moved_us > give_up_s * 1_000_000:
                text = "The exam server does not answer. Nothing is lost; please try again later."
                raise ServerError("server_unreachable", text)
        return self._receipt

    def _hear(self, event: UplinkEvent) -> None:
        match event:
            case LinkUp():
                self._link_up = True
            case LinkDown():
                self._link_up = False
            case LinkRefused():
                self._refused = event
            case ReceiptReceived(document):
                self._take(document)

    def _take(self, document: SignedDocument) -> None:
        if receipts.believed(document, self._join, self.spool.heads(), self._recorder.damaged_records()):
            self._receipt = document

    def _wake(self) -> None:
        if self._uplink is not None:
            self._uplink.wake()


def _refusal(refused: LinkRefused) -> AgentError:
    for kind in (EnrolmentError, StorageError, ServerError):
        if refused.code in kind.codes:
            return kind(refused.code, refused.text)
    return ServerError(refused.code, refused.text)
