"""Keeps the computer awake by power assertions, which end with the process. Every half a minute the system is also told
that a person is there: the assertion alone does not keep every Mac from locking its screen.
"""

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.macos import iokit
from candidate_agent.platforms.macos.door import closing
from candidate_agent.platforms.macos.pulse import Pulse
from candidate_agent.platforms.ports import Closer

KINDS = ("PreventUserIdleDisplaySleep", "PreventUserIdleSystemSleep")
REASON = "An exam is being taken"
PERIOD_S = 30.0
LEVEL_ON = 255
LOCAL_USER = 0


class MacAwake:
    def __init__(self) -> None:
        self._held: list[int] = []

    def stay_awake(self) -> Closer:
        """Raises PlatformError `stay_awake`."""
        try:
            for kind in KINDS:
                self._held.append(_assert(kind))
        except PlatformError:
            self._release()
            raise
        activity = [0]

        def look() -> None:
            activity[0] = _declare_activity(activity[0])

        pulse = Pulse("awake", PERIOD_S, look).start()
        pulse.soon()
        return closing(pulse.end, self._release, lambda: _release(activity))

    def awake(self) -> bool:
        io = iokit.functions() if self._held else None
        return io is not None and all(io.IOPMAssertionCopyProperties(number) is not None for number in self._held)

    def _release(self) -> None:
        _release(self._held)


def _assert(kind: str) -> int:
    error, number = iokit.functions().IOPMAssertionCreateWithName(kind, LEVEL_ON, REASON, None)
    if error != iokit.SUCCESS:
        raise PlatformError("stay_awake", "The computer could not be kept from sleeping.")
    return int(number)


def _declare_activity(before: int) -> int:
    _, number = iokit.functions().IOPMAssertionDeclareUserActivity(REASON, LOCAL_USER, before)
    return int(number)


def _release(numbers: list[int]) -> None:
    while numbers:
        number = numbers.pop()
        if number:
            iokit.functions().IOPMAssertionRelease(number)
