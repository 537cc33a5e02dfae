"""Looks after camera and microphone from the checks to the exam, and tells the session what is news. Built by `app`.

On the event loop; what asks the system goes to a thread. What is news decides `capture.device_watch`.
"""

import asyncio
from collections.abc import Callable

from candidate_agent.base.clock import Clock
from candidate_agent.base.logs import Log
from candidate_agent.base.tasks import repeat
from candidate_agent.capture.device_watch import CAMERA, MICROPHONE, CameraWatch, DeviceState, News
from candidate_agent.driver import Driver
from candidate_agent.hands import Hands
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session

CAMERA_EVERY_S = 0.5
SYSTEM_EVERY_S = 2.5  # how often the system is asked
WATCHED = frozenset({Phase.CHECKING, Phase.IDENTIFYING, Phase.WAITING})


class DeviceLook:
    def __init__(self, driver: Driver, hands: Hands, clock: Clock, log: Log) -> None:
        self._driver, self._hands, self._clock, self._log = driver, hands, clock, log
        self._camera = CameraWatch()
        self._news = {CAMERA: News(), MICROPHONE: News()}

    def start(self, failed: Callable[[str, Exception], None]) -> list[asyncio.Task[None]]:
        """Tasks that run until they are cancelled."""
        return [
            asyncio.create_task(repeat(CAMERA_EVERY_S, self.look_at_camera, failed)),
            asyncio.create_task(repeat(SYSTEM_EVERY_S, self.ask_system, failed)),
        ]

    async def look_at_camera(self) -> None:
        if self._may_look():
            booth = self._hands.parts.booth
            now = self._camera.look(booth.picture(), booth.camera_problem(), self._clock.monotonic_us())
            self._tell(CAMERA, now)

    async def ask_system(self) -> None:
        """A microphone that was pulled out or is no longer the usual one is opened anew; a camera that came is, too."""
        if not self._may_look():
            return
        booth = self._hands.parts.booth
        now = await asyncio.to_thread(booth.microphone_state)
        if not self._may_look():
            return
        self._tell(MICROPHONE, now)
        if not self._driver.session.checks_running and now.code == "microphone_missing":
            await asyncio.to_thread(booth.open_microphone)
        if not self._driver.session.checks_running and booth.picture() is None:
            await asyncio.to_thread(booth.follow_camera)

    def _may_look(self) -> bool:
        """Not while a step or a rehearsal has the devices for itself."""
        session, hands = self._driver.session, self._hands
        alone = hands.picturing.capturing or session.rehearsing or hands.parts.tryout.rehearsal is not None
        return session.phase in WATCHED and not alone

    def _tell(self, device: str, now: DeviceState) -> None:
        if self._is_news(self._driver.session, device, now):
            self._log.line("device_changed", device=device, code=now.code)
            self._driver.post(ev.DeviceChanged(device, now.code))

    def _is_news(self, session: Session, device: str, now: DeviceState) -> bool:
        news = self._news[device]
        if session.phase is not Phase.CHECKING:
            return news.of_banner(now)
        row = next((row for row in session.checks if row.code == device), None)
        fails = row is not None and row.outcome == "fail"
        return news.of_row(now, row, fails=fails, free=not session.checks_running)
