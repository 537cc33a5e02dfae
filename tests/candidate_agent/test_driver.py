"""The driver: facts in, decisions, orders out, in order; a broken order stops nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from candidate_agent.base.clock import ManualClock
from candidate_agent.driver import Driver
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from exam_protocol.policy import Accommodations
from tests.candidate_agent.session.test_machine import PACKAGE


class Hands:
    """Remembers orders; breaks on one kind."""

    def __init__(self) -> None:
        self.done: list[fx.Effect] = []
        self.broken: list[fx.Effect | None] = []
        self.seen: list[Session] = []
        self.breaks_on: type = type(None)
        self.cannot_publish = False

    def publish(self, session: Session) -> None:
        if self.cannot_publish:
            raise OSError("no space left on the disk")
        self.seen.append(session)

    async def perform(self, effect: fx.Effect) -> None:
        if isinstance(effect, self.breaks_on):
            raise RuntimeError("broken hand")
        self.done.append(effect)

    def failed(self, effect: fx.Effect | None, error: Exception) -> None:
        self.broken.append(effect)


@pytest.fixture
async def played() -> AsyncIterator[tuple[Driver, Hands]]:
    hands = Hands()
    driver = Driver(ManualClock(), hands.perform, hands.publish, hands.failed)
    task = asyncio.create_task(driver.run())
    await asyncio.sleep(0)
    yield driver, hands
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def reached(driver: Driver, phase: Phase) -> None:
    async with asyncio.timeout(5):
        while driver.session.phase is not phase:  # noqa: ASYNC110  a phase has no event to wait for
            await asyncio.sleep(0.001)
    await driver.settled()


async def test_orders_are_carried_out_in_the_order_they_were_given(played: tuple[Driver, Hands]) -> None:
    driver, hands = played
    driver.post(ev.PackageOpened(PACKAGE, "en"))
    driver.post(ev.Enrolled("Kim", Accommodations()))
    await reached(driver, Phase.CONSENTING)
    assert [type(effect) for effect in hands.done] == [fx.Enrol, fx.Connect, fx.SignState]
    assert hands.seen[-1].phase is Phase.CONSENTING


async def test_a_broken_order_is_reported_and_the_next_ones_are_carried_out(played: tuple[Driver, Hands]) -> None:
    driver, hands = played
    hands.breaks_on = fx.Connect
    driver.post(ev.PackageOpened(PACKAGE, "en"))
    driver.post(ev.Enrolled("Kim", Accommodations()))
    await reached(driver, Phase.CONSENTING)
    assert hands.broken == [fx.Connect()]
    assert fx.SignState("joined") in hands.done


async def test_facts_may_come_from_any_thread(played: tuple[Driver, Hands]) -> None:
    driver, _hands = played
    await asyncio.to_thread(driver.post, ev.PackageOpened(PACKAGE, "en"))
    await reached(driver, Phase.JOINING)


async def test_a_session_that_cannot_be_published_stops_no_decision(played: tuple[Driver, Hands]) -> None:
    driver, hands = played
    hands.cannot_publish = True
    driver.post(ev.PackageOpened(PACKAGE, "en"))
    driver.post(ev.Enrolled("Kim", Accommodations()))
    await reached(driver, Phase.CONSENTING)
    assert hands.broken == [None, None]
    assert fx.SignState("joined") in hands.done
