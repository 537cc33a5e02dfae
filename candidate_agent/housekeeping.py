"""What is done again and again while the agent runs, and what is done last. On the event loop; built by `app`.

Once a second: upkeep of the lockdown, shifts of the proctors, checkpoints, backlog, the receipt. Five times a second:
the camera's preview. At the end: last words, then everything stops in order.
"""

import asyncio
import contextlib
from pathlib import Path

from candidate_agent.base.clock import Clock
from candidate_agent.base.files import private_dir, replace_file
from candidate_agent.base.logs import Log
from candidate_agent.base.tasks import repeat
from candidate_agent.capture.preview import jpeg
from candidate_agent.driver import Driver
from candidate_agent.ears import Ears, read_receipt
from candidate_agent.hands import Hands
from candidate_agent.lockdown.slips import Slips
from candidate_agent.lockdown.upkeep import PERIOD_S, Upkeep, UpkeepReport
from candidate_agent.monitor.observations import DebuggerSeen
from candidate_agent.platforms.other_process import TRACED
from candidate_agent.session import events as ev
from candidate_agent.session.states import BEFORE_EXAM, LOCKED, Phase
from candidate_agent.showing import Showing
from candidate_agent.ui import receipt as receipt_page
from exam_protocol import codec

PREVIEW_EVERY_S = 0.2
PREVIEW_WIDTH = 640
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

    def start(self) -> list[asyncio.Task[None]]:
        """Tasks that run until they are cancelled; a look that fails is noted and taken again."""
        return [
            asyncio.create_task(repeat(HOUSE_EVERY_S, self._keep_house, self._look_failed)),
            asyncio.create_task(repeat(PREVIEW_EVERY_S, self._show_preview, self._look_failed)),
        ]

    def _look_failed(self, name: str, error: Exception) -> None:
        self._log.line("look_failed", look=name, error=type(error).__name__)

    async def _keep_house(self) -> None:
        if self._holding() and self._clock.monotonic_us() >= self._looked_us + UPKEEP_US:
            self._looked_us = self._clock.monotonic_us()
            await self._look_after_lockdown()
        self._look_after_monitor()
        if self._hands.uplink is None:
            return
        await asyncio.to_thread(self._hands.follow_duty)
        await asyncio.to_thread(self._hands.parts.recorder.tick)
        self._driver.post(ev.BacklogChanged(self._hands.backlog()))
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
        if self._driver.session.phase not in BEFORE_EXAM - {Phase.CONSENTING}:
            return
        picture = self._hands.parts.booth.picture()
        if picture is not None:
            self._hands.parts.stage.preview("camera", await asyncio.to_thread(jpeg, picture, PREVIEW_WIDTH))
        self._showing.publish(self._driver.session)

    def _write_receipt(self) -> None:
        """Once the server has everything. Keys and spool go when the program ends."""
        session, document = self._driver.session, self._ears.receipt
        complete = self._hands.draining and session.receipt_complete and not self._hands.backlog().records
        if document is None or not complete or self._receipt_path.exists():
            return
        original = self._receipt_path.with_suffix(".json")
        private_dir(original.parent)
        replace_file(original, codec.encode(document))
        join = self._hands.parts.join
        sitting = receipt_page.Sitting(
            join.package, session.candidate_name, session.reason, bool(session.restored), session.restore_report,
            original.name, session.language,
        )  # fmt: skip
        replace_file(self._receipt_path, receipt_page.page(read_receipt(document), sitting).encode())
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
