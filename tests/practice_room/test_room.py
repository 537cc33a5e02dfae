"""The practice room is the real server with stand-ins around it: a candidate of ours goes through it, over the wire."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.keys import command_info
from exam_protocol.policy import ExamPackage, open_package, open_ticket
from exam_protocol.records import Lane, PictureEntry, Track
from exam_protocol.signing import DOMAIN_COMMAND, SignedDocument
from practice_room.exam_site import page
from practice_room.institution import EXAM_ID, PROCTOR_ID, Institution
from practice_room.order import Opened, Order, PageWords, Ready
from practice_room.room import opened
from tests.server_stub.client import Agent, AgentLine, request, until

ORDER = Order(
    "Practice exam", "Nobody", "I practise.", "Another way.", "Nobody", "You", "Practice proctor (a program)",
    "Hello!", "This is a reminder.", PageWords("Page", "Lead", "Question", "Label", "Finish"),
    look_s=0.0, remind_s=0.0,
)  # fmt: skip
KEYS = Institution.new()


@dataclass
class Room:
    url: str
    folder: Path
    said: list[Any]

    @property
    def package(self) -> ExamPackage:
        answer = request(self.url, "GET", f"/api/exams/{EXAM_ID}/package")
        return open_package(answer.data, KEYS.fingerprint, 0)[1]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    said: list[Any] = []
    async with opened(ORDER, tmp_path / "server", said.append, KEYS) as url:
        yield Room(url, tmp_path, said)


async def candidate(room: Room) -> tuple[Agent, Any]:
    """Joined, with OPEN and EPOCH recorded; and the server as the test's agent knows it."""
    fetched = await asyncio.to_thread(request, room.url, "GET", f"/api/exams/{EXAM_ID}/package")
    package = await asyncio.to_thread(lambda: room.package)
    proctor = (KEYS.proctor_sign, KEYS.proctor_wrap, "proctor")
    office: Any = SimpleNamespace(
        package=codec.decode(fetched.data, SignedDocument), proctors={PROCTOR_ID: proctor}, archive=KEYS.archive
    )
    agent, server = Agent(office), SimpleNamespace(url=room.url, public_key=package.server_key)
    enrolled = await asyncio.to_thread(agent.enrol, server, KEYS.code)  # type: ignore[arg-type]
    assert open_ticket(enrolled.ticket, package).candidate_name == "You"
    agent.open()
    return agent, server


def bodies(agent: Agent, line: AgentLine) -> list[Any]:
    """What the proctor sent, opened as the real agent opens it."""
    found = []
    for message in line.heard(m.CommandMessage):
        payload = message.document.open(DOMAIN_COMMAND, KEYS.proctor_sign.public_key)
        command: m.Command = codec.decode(payload, m.Command)
        info = command_info(agent.session_id, command.counter)
        found.append(codec.decode(agent.wrap.open(command.sealed, info), m.CommandBody))
    return found


async def test_the_stand_in_says_hello_admits_reminds_once_and_does_nothing_else(room: Room) -> None:
    agent, server = await candidate(room)
    agent.state("joined")
    async with agent.line(server) as line:
        await line.send_all()
        assert bodies(agent, line) == []
        agent.state("waiting")
        await line.send_all()
        await line.hear(m.CommandMessage, 2)
        hello, admit = bodies(agent, line)
        assert hello == m.ChatBody("Hello!")
        assert admit.access.address == f"{admit.access.allowed_origins[0]}/"
        agent.state("admitted")
        agent.state("running")
        agent.state("paused")
        agent.state("running")
        await line.send_all()
        await line.hear(m.CommandMessage, 3)
        agent.state("ended")
        await line.send_all()
        agent.end()
        await line.send_all()
        await line.hear(m.ReceiptMessage)
        assert bodies(agent, line)[2:] == [m.InterventionBody("LOOK_AT_SCREEN", "reminder", "This is a reminder.")]


async def test_it_opens_what_was_sealed_to_it_and_counts_only_that(room: Room) -> None:
    agent, server = await candidate(room)
    entry = PictureEntry("id_card", 1, 0, 1, "image/jpeg", os.urandom(2000), 0)
    agent.seal(Track.IDENTITY, codec.encode_padded(entry))
    agent.epoch_key = os.urandom(32)  # whoever seals to somebody else is not opened
    agent.seal(Track.IDENTITY, codec.encode_padded(entry))
    agent.seal(Track.IDENTITY, b"no picture")
    agent.state("waiting")
    async with agent.line(server, Lane.CONTROL) as line:
        await line.send_all()
        await line.hear(m.CommandMessage, 2)
    await until(lambda: Opened(1) in room.said, "the picture is opened")
    assert [said for said in room.said if isinstance(said, Opened)] == [Opened(1)]
    assert isinstance(room.said[0], Ready)


async def test_the_proctor_watches_so_that_the_candidate_sees_that_somebody_is_there(room: Room) -> None:
    agent, server = await candidate(room)
    async with agent.line(server) as line:
        await line.send_all()
        assert (await line.hear(m.Watched)).proctors == (PROCTOR_ID,)


async def test_the_exam_page_opens_with_the_sealed_code_only(room: Room) -> None:
    agent, server = await candidate(room)
    agent.state("waiting")
    async with agent.line(server) as line:
        await line.send_all()
        await line.hear(m.CommandMessage, 2)
        access = bodies(agent, line)[1].access
    origin = access.allowed_origins[0]
    assert origin.startswith("http://127.0.0.1:")
    assert (await asyncio.to_thread(request, origin, "GET", "/")).status == 403
    code = {"X-Exam-Access-Code": access.access_code}
    shown = await asyncio.to_thread(request, origin, "GET", "/", None, code)
    assert shown.status == 200 and b"Question" in shown.data
    assert (await asyncio.to_thread(request, origin, "GET", "/other", None, code)).status == 404


async def test_when_it_closes_nobody_listens_any_more(tmp_path: Path) -> None:
    async with opened(ORDER, tmp_path / "server", lambda _: None, KEYS) as url:
        assert (await asyncio.to_thread(request, url, "GET", "/healthz")).status == 200
    with pytest.raises(OSError):
        await asyncio.to_thread(request, url, "GET", "/healthz")


def test_no_word_of_the_order_becomes_markup() -> None:
    words = PageWords(*["<script>x</script>"] * 5)
    order = Order(*["<b>"] * 9, words, language='"><b>')
    assert b"<script" not in page(order) and b"<b>" not in page(order)
