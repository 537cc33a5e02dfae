"""Keeps combinations in and tells of attempts: an event tap ends them, presentation options close the other ways.

The tap needs two permissions of the candidate (Accessibility, Input Monitoring); without them `held` says no, and the
presentation options hold alone. While a password field is in use the system shows its keys to no tap.
"""

from collections.abc import Callable

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos.door import closing
from candidate_agent.platforms.macos.event_tap import EventTap, Presses
from candidate_agent.platforms.macos.kiosk import Kiosk
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.ports import Closer, KeyEvent, KeysCounted

PERIOD_S = 1.0


class MacKeys:
    def __init__(self) -> None:
        self._tap: EventTap | None = None
        self._kiosk = Kiosk()

    def watch(self, emit: Callable[[KeyEvent], None]) -> Closer:
        presses = Presses(emit)
        self._kiosk.begin()
        tap = self._tap = EventTap(presses)
        tap.start()

        def look() -> None:
            pressed, injected = presses.take()
            if pressed:
                emit(KeysCounted(pressed, injected, int(PERIOD_S * 1000)))
            tap.switch_on()
            self._kiosk.hold()

        pulse = Pulse("keys counted", PERIOD_S, look).start()
        return closing(pulse.end, self._kiosk.end, self._tap_end)

    def held(self) -> bool:
        try:
            return self._tap is not None and self._tap.on() and self._kiosk.held()
        except PlatformError:
            return False  # our own window does not answer

    def _tap_end(self) -> None:
        tap, self._tap = self._tap, None
        if tap is not None:
            tap.end()
