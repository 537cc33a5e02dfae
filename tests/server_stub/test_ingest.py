"""What an agent sends is acked when it is durable, once, in order, and only if it can be true."""

import os
import sqlite3

import pytest

from exam_protocol import codec
from exam_protocol import messages as m
from exam_protocol.evidence import HOLE, frames
from exam_protocol.records import Check, Gap, Lane, Track, TrackHead, sign_record
from exam_protocol.signing import DOMAIN_RECEIPT, SigningKey
from tests.server_stub.client import Agent, ServerProcess, until
from tests.server_stub.conftest import Exam


def stored(server: ServerProcess, agent: Agent, lane: int) -> list[bytes]:
    path = server.directory / "lanes" / agent.session_id.hex() / f"lane{lane}.records"
    return [record for _, record in frames(path.read_bytes())] if path.exists() else []


def findings(server: ServerProcess) -> list[str]:
    with sqlite3.connect(server.directory / "state.sqlite") as state:
        found = [row[0] for row in state.execute("SELECT code FROM findings")]
    state.close()
    return found


async def test_everything_acked_is_in_the_lane_files(exam: Exam) -> None:
    agent = exam.candidate()
    for number in range(300):
        agent.picture(os.urandom(1000), key_frame=number % 30 == 0)
    agent.check()
    await agent.bring(exam.server)
    assert stored(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL]
    assert stored(exam.server, agent, Lane.MEDIA) == agent.lanes[Lane.MEDIA]


async def test_a_new_connection_goes_on_after_the_durable_position(exam: Exam) -> None:
    agent = exam.candidate()
    await agent.bring(exam.server)
    async with agent.line(exam.server) as line:
        assert line.position == 2
        agent.state("waiting")
        await line.send_all()
    assert stored(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL]


async def test_the_end_gives_a_complete_receipt_over_the_true_heads(exam: Exam) -> None:
    agent = exam.candidate()
    agent.picture(key_frame=True)
    agent.end()
    await agent.bring(exam.server, Lane.MEDIA)
    async with agent.line(exam.server) as line:
        await line.send_all()
        document = (await line.hear(m.ReceiptMessage)).document
    receipt: m.Receipt = codec.decode(document.open(DOMAIN_RECEIPT, exam.server.public_key), m.Receipt)
    assert receipt.complete
    assert {t.track: (t.next_sequence, t.head) for t in receipt.tracks} == {
        head.track: (head.next_sequence, head.head) for head in agent.chains.heads()
    }


async def test_an_agent_that_missed_its_last_receipt_gets_it_when_it_asks_again(exam: Exam) -> None:
    agent = exam.candidate()
    agent.end()
    async with agent.line(exam.server) as line:
        await line.send_all()
        first = await line.hear(m.ReceiptMessage)
    async with agent.line(exam.server) as line:
        assert await line.hear(m.ReceiptMessage) == first


async def test_nothing_is_complete_before_all_that_the_end_counts_is_here(exam: Exam) -> None:
    agent = exam.candidate()
    agent.picture(key_frame=True)
    agent.end()
    async with agent.line(exam.server) as line:
        await line.send_all()
        await agent.bring(exam.server, Lane.MEDIA)
        await line.hear(m.ReceiptMessage)
        assert len(line.heard(m.ReceiptMessage)) == 1


async def test_a_control_lane_is_greeted_with_a_lease_and_the_roster_of_now(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as line:
        assert (await line.hear(m.Lease)).valid_s == 60
        assert (await line.hear(m.RosterMessage)).document == exam.office.rosters[-1]


async def test_ping_and_probe_are_answered(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as line:
        await line.send(m.Ping(7))
        assert (await line.hear(m.Pong)).id == 7
        await line.send(m.Probe(8, "x" * 100_000))
        assert (await line.hear(m.Pong, 2)).id == 8


async def test_chance_is_sent_for_a_measurement_but_never_more_than_a_piece(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as line:
        await line.send(m.ProbeWanted(9, 1000))
        first = await line.hear(m.Probe)
        await line.send(m.ProbeWanted(10, 10**9))
        second = await line.hear(m.Probe, 2)
    assert (first.id, len(first.data)) == (9, 1000)
    assert (second.id, len(second.data)) == (10, m.PROBE_CHARACTERS)


async def test_a_second_agent_is_refused_while_the_first_is_active(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as first:
        async with agent.line(exam.server, instance=os.urandom(16)) as second:
            assert await second.refusal() == "second_agent"
        await first.send_all()
        assert first.closed is None


async def test_a_second_agent_is_refused_on_the_other_lane_too(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server), agent.line(exam.server, Lane.MEDIA, instance=os.urandom(16)) as second:
        assert await second.refusal() == "second_agent"


async def test_a_restarted_agent_takes_the_place_of_one_that_does_not_answer(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as first, agent.line(exam.server, Lane.MEDIA) as media:
        first.is_dead = media.is_dead = True
        async with agent.line(exam.server, instance=os.urandom(16)) as second:
            await second.send_all()
            assert second.closed is None
            assert (await first.refusal(), await media.refusal()) == ("replaced", "replaced")


async def test_an_agent_that_answers_on_one_lane_keeps_its_place(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as first, agent.line(exam.server, Lane.MEDIA) as media:
        media.is_dead = True
        async with agent.line(exam.server, instance=os.urandom(16)) as second:
            assert await second.refusal() == "second_agent"
        assert first.closed is None


async def test_the_same_instance_replaces_its_own_connection(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server) as first, agent.line(exam.server) as second:
        assert await first.refusal() == "replaced"
        await second.send_all()
        assert second.position == 2


async def test_another_device_key_does_not_open_a_session(exam: Exam) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server, device=SigningKey.generate()) as line:
        assert await line.refusal() == "bad_signature"


@pytest.mark.parametrize("change", ["", "x", "signature", "other session"])
async def test_a_token_that_is_not_ours_for_this_session_is_refused(exam: Exam, change: str) -> None:
    agent, other = exam.candidate(), exam.candidate("BBBB-2222")
    token = {"": "", "x": "x.y.z", "signature": agent.token[:-6] + "AAAAAA", "other session": other.token}[change]
    async with agent.line(exam.server, token=token) as line:
        assert await line.refusal() == "token_invalid"


@pytest.mark.parametrize(("versions", "code"), [((0, 0), "version_too_old"), ((2, 9), "version_too_new")])
async def test_another_protocol_version_is_told(exam: Exam, versions: tuple[int, int], code: str) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server, min_version=versions[0], max_version=versions[1]) as line:
        assert await line.refusal() == code


async def test_a_changed_chain_is_found_refused_and_not_stored(exam: Exam) -> None:
    agent = exam.candidate()
    agent.chat("hello")
    head = agent.chains.at(Track.CONTROL)
    agent.check((TrackHead(head.track, head.next_sequence, bytes(32)),))
    async with agent.line(exam.server) as line:
        await line.send_all()
        assert await line.refusal() == "chain_broken"
    await until(lambda: findings(exam.server) == ["chain_broken"], "the finding")
    async with agent.line(exam.server) as line:  # what came before it counts
        assert line.position == 3
    assert stored(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL][:-1]


async def test_a_chain_broken_in_media_is_found_when_the_media_comes_after_the_check(exam: Exam) -> None:
    agent = exam.candidate()
    agent.picture(key_frame=True)
    agent.check((TrackHead(Track.SCREEN, 1, bytes(32)),))
    await agent.bring(exam.server, Lane.CONTROL)
    async with agent.line(exam.server, Lane.MEDIA) as line:
        await line.send_all()
        assert await line.refusal() == "chain_broken"


async def test_a_hole_that_a_gap_declares_keeps_the_chain_whole(exam: Exam) -> None:
    agent = exam.candidate()
    for _ in range(3):
        agent.picture(key_frame=True)
    gap = agent.lose(Lane.MEDIA, 2)
    await agent.bring(exam.server, Lane.MEDIA)
    agent.sign(gap)
    agent.end()
    async with agent.line(exam.server) as line:
        await line.send_all()
        document = (await line.hear(m.ReceiptMessage)).document
    receipt: m.Receipt = codec.decode(document.payload, m.Receipt)
    screen = next(entry for entry in receipt.tracks if entry.track == Track.SCREEN)
    assert (screen.next_sequence, screen.head) == (3, agent.chains.at(Track.SCREEN).head)
    assert stored(exam.server, agent, Lane.MEDIA)[1] == HOLE


async def test_a_gap_may_be_told_before_the_records_after_it_arrive(exam: Exam) -> None:
    agent = exam.candidate()
    for _ in range(3):
        agent.picture(key_frame=True)
    agent.sign(agent.lose(Lane.MEDIA, 2))
    agent.check()
    await agent.bring(exam.server, Lane.CONTROL, Lane.MEDIA)
    assert findings(exam.server) == []


async def test_a_jump_without_a_hole_is_refused(exam: Exam) -> None:
    agent = exam.candidate()
    for _ in range(3):
        agent.picture(key_frame=True)
    del agent.lanes[Lane.MEDIA][1]
    async with agent.line(exam.server, Lane.MEDIA) as line:
        await line.send_all()
        assert await line.refusal() == "out_of_order"


async def test_records_of_another_session_lane_or_key_are_refused(exam: Exam) -> None:
    agent, other = exam.candidate(), exam.candidate("BBBB-2222")
    picture = agent.picture()
    forged = sign_record(Check((), 0), other.device, session_id=agent.session_id, epoch=1, sequence=2, media_time_us=0)
    for record, code in ((other.lanes[0][0], "wrong_session"), (picture, "wrong_lane"), (forged, "bad_signature")):
        agent.lanes[Lane.CONTROL][2:] = [record]
        async with agent.line(exam.server) as line:
            await line.send_all()
            assert await line.refusal() == code
    assert stored(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL][:2]


async def test_nothing_is_taken_after_the_end(exam: Exam) -> None:
    agent = exam.candidate()
    agent.end()
    agent.state("running")
    async with agent.line(exam.server) as line:
        await line.send_all()
        assert await line.refusal() == "session_ended"


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\0" * 7, b"\0" * 8 + b"x", b"\xff" * 400, (1).to_bytes(8, "big") + os.urandom(200), "", "{", "[]", "null",
     '{"type":"hello"}', '{"type":"ack","position":-1}', '{"type":"lease","valid_s":"x"}', "\ud7ff" * 10],
)  # fmt: skip
async def test_garbage_closes_one_line_and_the_server_lives(exam: Exam, garbage: str | bytes) -> None:
    agent = exam.candidate()
    async with agent.line(exam.server, Lane.MEDIA) as line:
        await line.send_raw(garbage)
        await until(lambda: line.closed or line.is_gone, "the end of the line")
    await agent.bring(exam.server)
    assert stored(exam.server, agent, Lane.CONTROL) == agent.lanes[Lane.CONTROL]


async def test_a_gap_that_claims_the_whole_number_range_costs_nothing(exam: Exam) -> None:
    agent = exam.candidate()
    agent.sign(Gap(Track.SCREEN, 0, 1 << 60, (), 0, 0, "damaged"))
    async with agent.line(exam.server) as line:
        await line.send_all()
        assert await line.refusal() == "damaged"
    await exam.candidate("BBBB-2222").bring(exam.server)
