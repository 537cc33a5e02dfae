"""A rehearsal's pieces: all acknowledged, sent again over a line that broke, or lost and counted as that."""

import asyncio
import base64

import pytest

from candidate_agent.uplink import delivery
from exam_protocol import messages as m

from .conftest import SmallServer, Wait, listening
from .test_sender import Box, running

RECORD = bytes(range(256)) * 200  # five pieces


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "ANSWER_S", 0.5)


async def test_all_pieces_are_acknowledged_at_once_by_a_server_that_answers(wait: Wait) -> None:
    server = SmallServer()
    async with listening(server), running(server, Box()) as sitting:
        await wait(lambda: server.handshakes == 2)
        sending = sitting.uplink.delivery()
        sending.start()
        sending.put(RECORD)
        await sending.finish(10)
        await sending.close()
    assert (sending.pieces, sending.acknowledged, sending.again) == (5, 5, 0)
    assert server.stored == {0: [], 1: []}, "nothing of it is a record of the session"


async def test_what_was_not_answered_is_sent_again_and_counted(wait: Wait) -> None:
    server = SmallServer()
    async with listening(server), running(server, Box()) as sitting:
        await wait(lambda: server.handshakes == 2)
        sending = sitting.uplink.delivery()
        sending.start()
        server.drop_all()
        sending.put(RECORD)
        await sending.finish(10)
        await sending.close()
    assert (sending.pieces, sending.acknowledged) == (5, 5) and sending.again > 0


async def test_what_nobody_answers_is_lost_after_the_last_try_and_holds_nobody_up() -> None:
    async def silence(_: object) -> m.Pong:
        await asyncio.Event().wait()
        raise AssertionError

    sending = delivery.Delivery(silence)
    sending.start()
    sending.put(RECORD)
    await sending.finish(0.2)
    await sending.close()
    assert (sending.pieces, sending.acknowledged) == (5, 0)


async def test_the_pieces_are_the_record_and_nothing_else() -> None:
    sent: list[str] = []

    async def hear(make: object) -> m.Pong:
        probe = make(len(sent))  # type: ignore[operator]
        sent.append(probe.data)
        return m.Pong(probe.id, 0)

    sending = delivery.Delivery(hear)
    sending.start()
    sending.put(RECORD)
    await sending.finish(10)
    await sending.close()
    assert base64.b64decode("".join(sent)) == RECORD
    assert max(map(len, sent)) <= delivery.PIECE_CHARACTERS
