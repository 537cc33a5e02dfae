"""Killed, full, or read by a thief: what was acked is there, and none of it is in clear."""

import asyncio
import os
import random
import sqlite3
from pathlib import Path

import pytest

from exam_protocol.chain import Chains, record_hash
from exam_protocol.evidence import frames
from exam_protocol.records import Lane, Track
from tests.server_stub.client import Agent, Office, ServerProcess, until
from tests.server_stub.conftest import CODES, Exam


def lane_file(server: ServerProcess, agent: Agent, lane: int) -> list[bytes]:
    path = server.directory / "lanes" / agent.session_id.hex() / f"lane{lane}.records"
    return [record for _, record in frames(path.read_bytes())]


def chained(server: ServerProcess, agent: Agent) -> bool:
    """Whether the database's heads are the heads of the stored files."""
    chains = Chains(agent.session_id)
    for record in lane_file(server, agent, Lane.MEDIA):
        chains.append(Track.SCREEN, record_hash(record))
    state = sqlite3.connect(server.directory / "state.sqlite")
    query = "SELECT next_sequence, head FROM tracks WHERE session_id = ? AND track = ?"
    kept = state.execute(query, (agent.session_id, Track.SCREEN)).fetchone()
    state.close()
    head = chains.at(Track.SCREEN)
    return tuple(kept) == (head.next_sequence, head.head)


@pytest.mark.slow
async def test_everything_acked_survives_kills_in_the_middle_of_uploads(exam: Exam) -> None:
    chance, agent, acked = random.Random(7), exam.candidate(), 0
    for _ in range(6):
        async with agent.line(exam.server, Lane.MEDIA) as line:
            assert line.position is not None and line.position >= acked
            goal = line.position + chance.randrange(1, 150)
            while len(agent.lanes[Lane.MEDIA]) < goal + 150:  # however far the last round came: this one has its own
                agent.picture(os.urandom(2000), key_frame=True)
            sending = asyncio.create_task(line.send_all())
            await until(lambda line=line, goal=goal: (line.position or 0) >= goal, "some acks")
            exam.server.kill()
            await sending
            acked = line.position
        exam.server.start()
        stored = lane_file(exam.server, agent, Lane.MEDIA)
        assert stored == agent.lanes[Lane.MEDIA][: len(stored)]
        assert len(stored) >= acked
        assert chained(exam.server, agent)
    agent.end()
    await agent.bring(exam.server)
    assert lane_file(exam.server, agent, Lane.MEDIA) == agent.lanes[Lane.MEDIA]
    assert chained(exam.server, agent)


async def test_a_torn_tail_is_cut_off_at_the_start(exam: Exam) -> None:
    agent = exam.candidate()
    await agent.bring(exam.server, Lane.CONTROL)
    exam.server.kill()
    path = exam.server.directory / "lanes" / agent.session_id.hex() / "lane0.records"
    whole = path.read_bytes()
    path.write_bytes(whole + b"\0\0\0torn")
    exam.server.start()
    assert path.read_bytes() == whole
    agent.state("waiting")
    await agent.bring(exam.server, Lane.CONTROL)
    assert lane_file(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL]


async def test_a_lane_that_lost_acked_bytes_is_refused_not_glossed_over(exam: Exam) -> None:
    agent = exam.candidate()
    await agent.bring(exam.server, Lane.CONTROL)
    exam.server.kill()
    path = exam.server.directory / "lanes" / agent.session_id.hex() / "lane0.records"
    path.write_bytes(path.read_bytes()[:-10])
    exam.server.start()
    async with agent.line(exam.server) as line:
        assert await line.refusal() == "server_storage"


async def test_a_full_disk_refuses_acks_nothing_false_and_kills_nobody(tmp_path: Path) -> None:
    office = Office()
    server = ServerProcess(tmp_path / "server", office.fingerprint, max_file_bytes=600_000)  # the kernel says no
    server.start()
    try:
        server.publish(office, *CODES)
        exam = Exam(office, server)
        agent, other = exam.candidate(), exam.candidate("BBBB-2222")
        for _ in range(40):
            agent.picture(os.urandom(50_000), key_frame=True)
        async with agent.line(server, Lane.MEDIA) as line:
            await line.send_all()
            assert await line.refusal() == "server_storage"
            acked = line.position or 0
        await other.bring(server)
        async with agent.line(server, Lane.MEDIA) as line:
            assert line.position == acked
        stored = lane_file(server, agent, Lane.MEDIA)
        assert stored == agent.lanes[Lane.MEDIA][:acked]
    finally:
        assert server.stop() == 0


async def test_no_word_and_no_picture_is_in_clear_in_any_file_of_the_server(exam: Exam) -> None:
    canary = b"CANARY-7f3a9c"
    agent = exam.candidate()
    agent.chat(canary.decode())
    agent.picture(canary * 20, key_frame=True)
    await agent.bring(exam.server)
    exam.server.stop()
    files = [path for path in exam.server.directory.rglob("*") if path.is_file()]
    assert any(agent.lanes[1][0] in path.read_bytes() for path in files)
    for path in files:
        assert canary not in path.read_bytes(), path
    log = (exam.server.directory / "log").read_text()
    for secret in ("Kim", "AAAA", agent.token):
        assert secret not in log


async def test_sigterm_ends_with_status_zero_and_keeps_what_was_acked(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as line:
        await line.send_all()
        assert exam.server.stop() == 0
        await until(lambda: line.is_gone, "the end of the line")
    assert lane_file(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL]
