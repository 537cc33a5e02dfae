"""Who waits to be admitted is told the place in line, and nobody else is."""

from exam_protocol import messages as m
from tests.server_stub.client import until
from tests.server_stub.conftest import Exam


async def test_who_waits_hears_the_place_and_moves_up_when_the_one_before_is_admitted(exam: Exam) -> None:
    first, second, third = (exam.candidate(code) for code in ("AAAA-1111", "BBBB-2222", "CCCC-3333"))
    server = exam.server
    async with first.line(server) as one, second.line(server) as two, third.line(server) as other:
        first.state("waiting")
        await one.send_all()
        assert await one.hear(m.Queue) == m.Queue(1, 1)
        second.state("waiting")
        await two.send_all()
        await other.send_all()
        assert await two.hear(m.Queue) == m.Queue(2, 2)
        assert await one.hear(m.Queue, 2) == m.Queue(1, 2)
        first.state("admitted")
        await one.send_all()
        assert await two.hear(m.Queue, 2) == m.Queue(1, 1)
        assert other.heard(m.Queue) == [] and len(one.heard(m.Queue)) == 2


async def test_who_lost_the_line_keeps_the_place(exam: Exam) -> None:
    first, second = exam.candidate("AAAA-1111"), exam.candidate("BBBB-2222")
    server = exam.server
    async with second.line(server) as two:
        async with first.line(server) as one:
            first.state("waiting")
            await one.send_all()
            await one.hear(m.Queue)
            second.state("waiting")
            await two.send_all()
            assert await two.hear(m.Queue) == m.Queue(2, 2)
        assert await two.hear(m.Queue, 2) == m.Queue(1, 1)
        async with first.line(server) as one:
            assert await one.hear(m.Queue) == m.Queue(1, 2)
            await until(lambda: two.heard(m.Queue)[-1] == m.Queue(2, 2), "the second is second again")
