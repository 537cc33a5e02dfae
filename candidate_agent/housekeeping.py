"""What is done again and again while the agent runs, and what is done last. On the event loop; built by `app`.

Once a second: upkeep of the lockdown, shifts of the proctors, checkpoints, backlog, the receipt. Five times a second:
the camera's preview. Once a minute: freed memory goes back. At the end: last words, then everything stops in order.
"""

import asyncio
import contextlib
from pathlib import Path

from candidate_agent import receipts
from candidate_agent.base.clock import Clock
from candidate_agent.base.logs import Log
from candidate_agent.base.pixels import mark
from candidate_agent.base.tasks import repeat
from candidate_agent.capture import card_judge
from candidate_agent.capture.card_watch import follow
from candidate_agent.capture.preview import jpeg
from candidate_agent.driver import Driver
from candidate_agent.ears import Ears
from candidate_agent.hands import Hands
from candidate_agent.lockdown.slips import Slips
from candidate_agent.lockdown.upkeep import PERIOD_S, Upkeep, UpkeepReport
from candidate_agent.monitor.observations import DebuggerSeen
from candidate_agent.platforms import large_memory
from candidate_agent.platforms.other_process import TRACED
from candidate_agent.platforms.ports import Picture
from candidate_agent.session import events as ev
from candidate_agent.session.breaks import on_break
from candidate_agent.session.states import BEFORE_EXAM, LOCKED, Phase, StepStatus
from candidate_agent.showing import Showing
from candidate_agent.ui.receipt import Sitting

PREVIEW_EVERY_S = 0.2
PREVIEW_WIDTH = 640
LIVE_EVERY_S = 1.0
LIVE_WIDTH = 320
HOUSE_EVERY_S = 1.0
UPKEEP_US = int(PERIOD_S * 1_000_000)
LAST_WORDS_S = 5.0  # how long a closing agent still tries to send


class Housekeeping:
    def __init__(
        self, driver: Driver, hands: Hands, ears: Ears, showing: Showing, upkeep: Upkeep, clock: Clock, log: Log,
        receipt_path: Path,
    ) -> None:  # fmt: skip
        self._driver, self._hands, self._ears, self._showing = driver, hands, ears, showing
        self._upkeep, self._clock, self._log = upkeep, clock, log
        self._receipt_path = receipt_path
        self._slips = Slips()
        self._looked_us = 0  # after the lockdown, last time
        self._blind = False  # the monitor stands still
        self._live: frozenset[str] = frozenset()  # pictures that the live panel shows

    def start(self) -> list[asyncio.Task[None]]:
        """Tasks that run until they are cancelled; a look that fails is noted and taken again."""
        return [
            asyncio.create_task(repeat(HOUSE_EVERY_S, self._keep_house, self.look_failed)),
            asyncio.create_task(repeat(PREVIEW_EVERY_S, self._show_preview, self.look_failed)),
            asyncio.create_task(repeat(LIVE_EVERY_S, self._show_captured, self.look_failed)),
            asyncio.create_task(repeat(large_memory.TRIM_EVERY_S, self._give_back_memory, self.look_failed)),
        ]

    def look_failed(self, name: str, error: Exception) -> None:
        self._log.line("look_failed", look=name, error=type(error).__name__)

    async def _give_back_memory(self) -> None:
        await asyncio.to_thread(large_memory.give_back_rest)

    async def _keep_house(self) -> None:
        if self._holding() and self._clock.monotonic_us() >= self._looked_us + UPKEEP_US:
            self._looked_us = self._clock.monotonic_us()
            await self._look_after_lockdown()
        self._look_after_monitor()
        self._hands.recording.look()
        self._hands.looking.tick(on_break=on_break(self._driver.session))
        if self._hands.uplink is None:
            return
        await asyncio.to_thread(self._hands.enrolling.follow_duty)
        await asyncio.to_thread(self._hands.parts.recorder.tick)
        self._driver.post(ev.BacklogChanged(await asyncio.to_thread(self._hands.recording.backlog)))
        self._hands.reporting.look()
        self._showing.publish(self._driver.session)
        self._write_receipt()

    def _holding(self) -> bool:
        """Until giving back begins: from then on nothing that slips is anybody's doing."""
        session = self._driver.session
        return session.lockdown_held and session.phase in LOCKED - {Phase.FAILING}

    async def _look_after_lockdown(self) -> None:
        report = await asyncio.to_thread(self._upkeep.look)
        if self._holding():
            self._tell(report)

    def _tell(self, report: UpkeepReport) -> None:
        hands = self._hands
        for slip in self._slips.note(report.held_again, self._clock.monotonic_us()):
            self._log.line("held_again", setting=slip.name, count=slip.count)
            reason = f"A protection was undone and put back: {slip.name}."
            hands.raise_flag("MEASURE_UNDONE", reason, count=slip.count, span_us=(slip.first_us, slip.last_us))
        if report.keeper_started:
            self._log.line("keeper_started")
            hands.raise_flag("KEEPER_ENDED", "The program that gives the computer back ended and was started again.")
        if report.woken:
            self._log.line("agent_stopped", count=report.woken)
            reason = "The exam program was stopped from outside and went on."
            hands.raise_flag("AGENT_STOPPED", reason, count=report.woken)
        if report.traced and hands.monitor is not None:
            hands.monitor.note(DebuggerSeen(TRACED))  # which knows whether it told of this one already
        if report.failed:
            self._driver.post(ev.LockdownFailed("measure_failed", report.failed))

    def _look_after_monitor(self) -> None:
        """That nobody watches is told once each time it begins."""
        blind = self._hands.monitor is not None and self._hands.monitor.stands_still
        if blind and not self._blind:
            self._log.line("monitor_stands_still")
            self._hands.raise_flag("RECORD_FAILED", "What happens on this computer could not be watched for a time.")
        self._blind = blind

    async def _show_preview(self) -> None:
        if self._driver.session.phase not in (BEFORE_EXAM | {Phase.PARTING}) - {Phase.CONSENTING}:
            return
        picture = self._hands.parts.booth.picture()
        self._showing.look(picture)
        if picture is not None:
            self._hands.parts.stage.preview("camera", await asyncio.to_thread(jpeg, picture, PREVIEW_WIDTH))
        if self._driver.session.phase is Phase.IDENTIFYING and not self._hands.picturing.capturing:
            await self._watch_card(picture)
        self._showing.publish(self._driver.session)

    async def _show_captured(self) -> None:
        """Small pictures of exactly what leaves, for as long as the candidate looks at them."""
        session, pictures = self._driver.session, self._hands.recording.pictures()
        shown = pictures if session.live_panel_open and session.recording else {}
        for name in self._live - set(shown):
            self._hands.parts.stage.preview(name, b"")
        for name, picture in shown.items():
            self._hands.parts.stage.preview(name, await asyncio.to_thread(jpeg, picture, LIVE_WIDTH))
        self._live = frozenset(shown)

    async def _watch_card(self, picture: Picture | None) -> None:
        """What the preview says of the identity document, and of a camera that gives nothing. Nothing of it is kept."""
        picturing, now_us = self._hands.picturing, self._clock.monotonic_us()
        if picture is None:
            picturing.card = follow(picturing.card, None, 0, picturing.card.size, now_us)
            return
        wanted = self._driver.session.id_card.status in (StepStatus.NOT_YET, StepStatus.ASKED_AGAIN)
        judged = await asyncio.to_thread(card_judge.judge, picture.pixels) if wanted else card_judge.NOTHING
        height, width = picture.pixels.shape[:2]
        if not picturing.capturing:
            picturing.card = follow(picturing.card, judged, mark(picture.pixels), (width, height), now_us)

    def _write_receipt(self) -> None:
        """Once the server has everything. Keys and spool go when the program ends."""
        session, document = self._driver.session, self._ears.receipt
        complete = self._hands.draining and session.receipt_complete and not self._hands.backlog().records
        if document is None or not complete or self._receipt_path.exists():
            return
        sitting = Sitting(
            self._hands.parts.join.package, session.candidate_name, session.restored, session.restore_report,
            session.began_ms, session.ended_ms, session.messages_before + len(session.chat),
        )  # fmt: skip
        receipts.write(document, self._receipt_path, sitting, session.language)
        self._log.line("receipt", complete=True)

    async def last_words(self) -> None:
        """What can be sent quickly is sent; the rest stays in the spool for the next start."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._driver.settled()
                while self._sending():  # noqa: ASYNC110  the spool has no event for "empty"
                    await asyncio.sleep(0.05)
        self._write_receipt()

    def _sending(self) -> bool:
        session = self._driver.session
        waits_for_receipt = self._hands.draining and not session.receipt_complete
        return session.link_up and (waits_for_receipt or self._hands.backlog().records > 0)

    async def close(self) -> None:
        """Everything stops; of a session whose receipt is here, nothing but the receipt stays."""
        await self._hands.close()
        if self._receipt_path.exists():
            self._hands.parts.join.forget()
