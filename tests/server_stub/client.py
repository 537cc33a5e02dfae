"""A real exam in miniature for tests: office, server process, agent and console, over real sockets and real keys.

`Office` signs, `ServerProcess` runs `proctor-server`, `Agent` makes sealed and signed records and sends them over
AgentChannel, `Console` is a proctor's WebSocket. Nothing here is a mock.
"""

import asyncio
import contextlib
import http.client
import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import websockets
from websockets.asyncio.client import ClientConnection, connect

from exam_protocol import codec, keys
from exam_protocol import messages as m
from exam_protocol.chain import Chains, record_hash
from exam_protocol.channel import Acked, AgentChannel, Closed, MessageReceived, Opened
from exam_protocol.evidence import HOLE
from exam_protocol.policy import (
    ExamPackage,
    Recipient,
    Roster,
    RosterEntry,
    Ticket,
    code_hash,
    document_hash,
    root_fingerprint,
)  # fmt: skip
from exam_protocol.records import (
    ChatEntry,
    Check,
    Codec,
    End,
    Epoch,
    Gap,
    Lane,
    Media,
    Open,
    RecordFlag,
    Signed,
    State,
    Track,
    TrackHead,
    lane_of,
    pack_media,
    parse_header,
    sign_record,
)  # fmt: skip
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import (
    DOMAIN_COMMAND,
    DOMAIN_ENROL,
    DOMAIN_ENROLLED,
    DOMAIN_PACKAGE,
    DOMAIN_ROSTER,
    DOMAIN_TICKET,
    SignedDocument,
    SigningKey,
    sign_document,
)  # fmt: skip
from server_stub import cli

ROOT_DIR = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough password"
WAIT_S = 20.0
HOUR_MS = 3_600_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def until(holds: Callable[[], Any], what: str, seconds: float = WAIT_S) -> Any:
    """Waits for a condition, with a deadline; returns what it gave."""
    deadline = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.01)
    return value


# --- the institution --------------------------------------------------------------------------------------------------


class Office:
    """Keys and documents of one exam."""

    def __init__(self, exam_id: str = "chem-101") -> None:
        self.exam_id = exam_id
        self.root, self.roster_key, self.archive = SigningKey.generate(), SigningKey.generate(), keys.WrapKey.generate()
        self.proctors: dict[str, tuple[SigningKey, keys.WrapKey, str]] = {}
        self.package: SignedDocument | None = None
        self.rosters: list[SignedDocument] = []

    @property
    def fingerprint(self) -> str:
        return root_fingerprint(self.root.public_key)

    def make_package(self, server_key: bytes, **changes: Any) -> SignedDocument:
        package = ExamPackage(
            self.exam_id, "Chemistry", "Test University", "http://127.0.0.1:1", server_key, self.roster_key.public_key,
            (Recipient("archive-1", self.archive.public_key),), "I work alone.", "1", "Ask the office.", "office@test",
            now_ms() - HOUR_MS, now_ms() + HOUR_MS, now_ms() + 2 * HOUR_MS,
        )  # fmt: skip
        package = msgspec.structs.replace(package, **changes)
        self.package = sign_document(self.root, DOMAIN_PACKAGE, codec.encode(package))
        return self.package

    def make_roster(self, *ids: str, role: str = "proctor") -> SignedDocument:
        """The next version, with these proctors on duty."""
        for proctor in ids:
            self.proctors.setdefault(proctor, (SigningKey.generate(), keys.WrapKey.generate(), role))
        entries = tuple(
            RosterEntry(
                proctor, proctor.title(), self.proctors[proctor][2], self.proctors[proctor][0].public_key,
                self.proctors[proctor][1].public_key, now_ms() - HOUR_MS, now_ms() + HOUR_MS,
            )
            for proctor in ids
        )  # fmt: skip
        previous = document_hash(self.rosters[-1]) if self.rosters else b""
        roster = Roster(len(self.rosters) + 1, self.exam_id, entries, previous)
        self.rosters.append(sign_document(self.roster_key, DOMAIN_ROSTER, codec.encode(roster)))
        return self.rosters[-1]

    def make_ticket(self, code: str, name: str = "Kim Doe", *, minutes: float = 10) -> SignedDocument:
        expires = now_ms() + int(minutes * 60_000)
        ticket = Ticket(f"ticket-{code}", self.exam_id, f"candidate-{code}", name, code_hash(code), expires)
        return sign_document(self.roster_key, DOMAIN_TICKET, codec.encode(ticket))

    def command(
        self, proctor: str, session_id: bytes, counter: int, kind: str = "chat", *, lifetime_ms: int = 20_000
    ) -> SignedDocument:
        now = now_ms()
        command = m.Command(
            f"{proctor}-{counter}", session_id, counter, now, now + lifetime_ms, proctor, kind, b"sealed"
        )
        return sign_document(self.proctors[proctor][0], DOMAIN_COMMAND, codec.encode(command))


# --- the server -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.data)["code"])


def request(url: str, method: str, path: str, value: Any = None, headers: dict[str, str] | None = None) -> Answer:
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=WAIT_S)
    try:
        data = value if isinstance(value, bytes | None) else codec.encode(value)
        connection.request(method, path, data, headers or {})
        response = connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


def proctor_server(*arguments: object) -> str:
    """Runs the command line to its end, in this process; its output."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        assert cli.main([str(argument) for argument in arguments]) == 0
    return output.getvalue()


class ServerProcess:
    """`proctor-server run` in a folder; can be killed and started again.

    `prelude`: statements that run before it. `port` 0: any.
    """

    def __init__(
        self, directory: Path, fingerprint: str, *, max_file_bytes: int = 0, prelude: str = "", port: int = 0
    ) -> None:
        self.directory, self._max_file_bytes, self._prelude, self._port = directory, max_file_bytes, prelude, port
        self.public_key = bytes.fromhex(proctor_server("init", directory, "--root", fingerprint).strip())
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def add_proctor(self, proctor: str) -> None:
        password_path = self.directory.parent / f"{proctor}.password"
        password_path.write_text(PASSWORD + "\n")
        proctor_server("add-proctor", self.directory, proctor, "--password-file", password_path)

    def start(self) -> None:
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({self._max_file_bytes},) * 2); "
        main = "import sys; from server_stub.cli import main; sys.exit(main())"
        program = self._prelude + (limit if self._max_file_bytes else "") + main
        with (self.directory / "log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program, "run", str(self.directory), "--port", str(self._port)],
                cwd=ROOT_DIR, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("proctor-server listening on "), (self.directory / "log").read_text()
        self.url = line.split()[-1]

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        status = process.wait(WAIT_S)
        assert process.stdout is not None
        process.stdout.close()
        return status

    def publish(self, office: Office, *codes: str) -> None:
        """Package, first roster (if there is none yet: proctors amal and bo) and a ticket per code."""
        documents = [("package", office.package or office.make_package(self.public_key))]
        documents += [("roster", roster) for roster in office.rosters or [office.make_roster("amal", "bo")]]
        documents += [("ticket", office.make_ticket(code)) for code in codes]
        for kind, document in documents:
            answer = request(self.url, "PUT", f"/api/office/{kind}", document)
            assert answer.status == 204, answer.data


# --- the candidate ----------------------------------------------------------------------------------------------------


@dataclass
class Agent:
    """Makes records as the real recorder does, keeps them per lane, and sends them."""

    office: Office
    device: SigningKey = field(default_factory=SigningKey.generate)
    wrap: keys.WrapKey = field(default_factory=keys.WrapKey.generate)
    session_id: bytes = field(default_factory=lambda: os.urandom(16))
    instance: bytes = field(default_factory=lambda: os.urandom(16))
    token: str = ""
    lanes: dict[int, list[bytes]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    epoch: int = 0
    epoch_key: bytes = b""

    def __post_init__(self) -> None:
        self.chains = Chains(self.session_id)

    def enrol_request(self, code: str, **changes: Any) -> m.EnrolRequest:
        assert self.office.package is not None
        package_hash, nonce = document_hash(self.office.package), os.urandom(16)
        payload = code_hash(code) + package_hash + self.wrap.public_key + self.session_id + nonce
        asked = m.EnrolRequest(
            code, package_hash, self.device.public_key, self.wrap.public_key, self.session_id, nonce,
            self.device.sign(DOMAIN_ENROL, payload), 1, 1,
        )  # fmt: skip
        return msgspec.structs.replace(asked, **changes)

    def enrol(self, server: ServerProcess, code: str) -> m.Enrolled:
        answer = request(server.url, "POST", "/api/enrol", self.enrol_request(code))
        assert answer.status == 200, answer.data
        document: SignedDocument = codec.decode(answer.data, SignedDocument)
        enrolled: m.Enrolled = codec.decode(document.open(DOMAIN_ENROLLED, server.public_key), m.Enrolled)
        self.token = enrolled.token
        return enrolled

    # --- records ------------------------------------------------------------------------------------------------

    def add(self, record: bytes) -> bytes:
        header = parse_header(record)
        self.lanes[lane_of(header.track)].append(record)
        self.chains.append(header.track, record_hash(record))
        return record

    def sign(self, body: Signed) -> bytes:
        sequence = self.chains.at(Track.LEDGER).next_sequence
        return self.add(
            sign_record(
                body, self.device, session_id=self.session_id, epoch=self.epoch, sequence=sequence, media_time_us=0
            )
        )

    def open(self) -> None:
        """OPEN and the first EPOCH, readable for the office's first proctors and the archive."""
        self.sign(
            Open(self.session_id, b"", self.device.public_key, self.wrap.public_key, "0", "simulated", b"", 1, 0, "UTC")
        )
        self.new_epoch()

    def new_epoch(self) -> None:
        self.epoch, self.epoch_key = self.epoch + 1, os.urandom(32)
        recipients = {proctor: entry[1].public_key for proctor, entry in self.office.proctors.items()}
        recipients["archive-1"] = self.office.archive.public_key
        wraps = keys.wrap_epoch(self.epoch_key, self.session_id, self.epoch, recipients)
        self.sign(Epoch(self.epoch, keys.commitment(self.epoch_key), self.chains.heads(), 1, b"", wraps))

    def seal(self, track: int, plaintext: bytes, flags: int = 0, at_us: int = 0) -> bytes:
        sealer = EpochSealer(self.session_id, self.epoch, self.epoch_key)
        return self.add(sealer.seal(track, self.chains.at(track).next_sequence, at_us, flags, plaintext))

    def picture(
        self, data: bytes = b"picture", *, key_frame: bool = False, track: int = Track.SCREEN, at_us: int = 0
    ) -> bytes:
        flags = RecordFlag.KEY_FRAME if key_frame else RecordFlag.NONE
        return self.seal(track, pack_media(Media(Codec.H264, 640, 480, data)), flags, at_us)

    def chat(self, text: str) -> bytes:
        return self.seal(Track.CONTROL, codec.encode_padded(ChatEntry("candidate", text, "1", now_ms())))

    def state(self, state: str, reason: str = "") -> bytes:
        return self.sign(State(state, reason, now_ms()))

    def check(self, heads: tuple[TrackHead, ...] | None = None) -> bytes:
        return self.sign(Check(self.chains.heads() if heads is None else heads, now_ms()))

    def end(self, reason: str = "finished") -> bytes:
        return self.sign(End(self.chains.heads(), reason, True, now_ms()))

    def lose(self, lane: int, position: int) -> Gap:
        """A record that was damaged in the spool: a hole goes in its place. The gap is not yet signed."""
        record = self.lanes[lane][position - 1]
        self.lanes[lane][position - 1] = HOLE
        header = parse_header(record)
        return Gap(header.track, header.sequence, header.sequence, (record_hash(record),), 0, 0, "damaged")

    @asynccontextmanager
    async def line(self, server: ServerProcess, lane: int = Lane.CONTROL, **changes: Any) -> "AsyncIterator[AgentLine]":
        """A lane's connection, with the handshake done or refused."""
        named: dict[str, Any] = {
            "lane": lane, "session_id": self.session_id, "token": self.token, "device": self.device,
            "nonce": os.urandom(16), "server_key": server.public_key, "instance": self.instance,
        }  # fmt: skip
        channel = AgentChannel(**{**named, **changes})
        url = server.url.replace("http", "ws", 1) + "/agent"
        async with connect(url, subprotocols=[m.SUBPROTOCOL_AGENT], compression=None, max_size=None) as socket:  # type: ignore[list-item]
            line = AgentLine(self, lane, channel, socket)
            reading = asyncio.create_task(line.read())
            try:
                channel.start()
                await line.flush()
                await until(lambda: line.position is not None or line.closed, "the handshake")
                yield line
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def bring(self, server: ServerProcess, *lanes: int) -> None:
        """Everything on these lanes (default: both), acknowledged."""
        for lane in lanes or tuple(Lane):
            async with self.line(server, lane) as line:
                await line.send_all()


class AgentLine:
    def __init__(self, agent: Agent, lane: int, channel: AgentChannel, socket: ClientConnection) -> None:
        self._agent, self._lane, self._channel, self._socket = agent, lane, channel, socket
        self.position: int | None = None  # durable, as the server said
        self.messages: list[m.AgentMessage] = []
        self.closed: Closed | None = None
        self.is_gone = False
        self.is_dead = False  # its connection stands, and nobody is there to answer

    def heard(self, kind: type) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]

    async def hear(self, kind: type, count: int = 1) -> Any:
        """The newest message of a kind, once there are `count`."""
        return (await until(lambda: len(self.heard(kind)) >= count and self.heard(kind), kind.__name__))[-1]

    async def read(self) -> None:
        try:
            async for data in self._socket:
                self._channel.receive(data)
                self._take()
                await self.flush()
        except websockets.ConnectionClosed:
            return
        finally:
            self.is_gone = True

    def _take(self) -> None:
        for event in self._channel.take_events():
            if isinstance(event, Opened):
                self.position = event.durable_position
            elif isinstance(event, Acked):
                self.position = event.position
            elif isinstance(event, MessageReceived):
                self.messages.append(event.message)
                if isinstance(event.message, m.Ping) and not self.is_dead:
                    self._channel.send(m.Pong(event.message.id, now_ms()))
            elif isinstance(event, Closed):
                self.closed = event

    async def flush(self) -> None:
        for frame in self._channel.take_output():
            await self._socket.send(frame)

    async def send(self, message: m.AgentMessage) -> None:
        self._channel.send(message)
        await self.flush()

    async def send_raw(self, data: str | bytes) -> None:
        await self._socket.send(data)

    async def send_all(self) -> None:
        """Sends what the server does not have, and waits until all of it is acknowledged (or the line is over)."""
        records = self._agent.lanes[self._lane]
        while not self.closed and not self.is_gone and self._channel.next_position <= len(records):
            if not self._channel.has_room:
                await until(lambda: self._channel.has_room or self.closed or self.is_gone, "room in the window")
                continue
            position = self._channel.next_position
            self._channel.send_record(position, records[position - 1])
            try:
                await self.flush()
            except websockets.ConnectionClosed:
                break
        await until(lambda: self.position == len(records) or self.closed or self.is_gone, "the last acknowledgement")

    async def refusal(self) -> str:
        closed: Closed = await until(lambda: self.closed, "a refusal")
        return closed.code


# --- the proctor ------------------------------------------------------------------------------------------------------


def log_in(server: ServerProcess, proctor: str, password: str = PASSWORD) -> Answer:
    return request(server.url, "POST", "/api/login", {"id": proctor, "password": password})


def cookie(server: ServerProcess, proctor: str) -> str:
    return log_in(server, proctor).headers["set-cookie"].partition(";")[0]


class Console:
    """A proctor's WebSocket; reads all the time unless told not to."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[m.ConsoleMessage] = []
        self.records: list[bytes] = []
        self.is_gone = False

    @classmethod
    @asynccontextmanager
    async def connected(
        cls, server: ServerProcess, proctor: str, *, reads: bool = True, origin: str | None = None
    ) -> "AsyncIterator[Console]":
        headers = {"Cookie": cookie(server, proctor)}
        url = server.url.replace("http", "ws", 1) + "/console"
        async with connect(
            url, subprotocols=[m.SUBPROTOCOL_CONSOLE], origin=origin or server.url, additional_headers=headers,  # type: ignore[list-item, arg-type]
            max_queue=16 if reads else 1, compression=None, max_size=None, close_timeout=1,
        ) as socket:  # fmt: skip
            console = cls(socket)
            reading = asyncio.create_task(console.read() if reads else asyncio.sleep(WAIT_S * 10))
            try:
                yield console
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def read(self) -> None:
        try:
            async for data in self.socket:
                if isinstance(data, bytes):
                    self.records.append(data)
                else:
                    self.messages.append(m.decode_console(data))
        except websockets.ConnectionClosed:
            return
        finally:
            self.is_gone = True

    async def send(self, message: m.ConsoleMessage) -> None:
        await self.socket.send(m.encode(message))

    def heard(self, kind: type) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]

    async def hear(self, kind: type, count: int = 1) -> Any:
        return (await until(lambda: len(self.heard(kind)) >= count and self.heard(kind), kind.__name__))[-1]

    def of_track(self, *tracks: int) -> list[bytes]:
        return [record for record in self.records if parse_header(record).track in tracks]
