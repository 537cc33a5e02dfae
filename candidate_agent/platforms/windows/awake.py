"""Keeps the computer from sleeping and the display lit, by the execution state of a thread that does nothing else.

Windows lets go of it when the thread ends, however it ends.
"""

import threading

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Closer
from candidate_agent.platforms.windows import api

JOIN_S = 2.0
_STATE = api.ES_CONTINUOUS | api.ES_SYSTEM_REQUIRED | api.ES_DISPLAY_REQUIRED


class WindowsAwake:
    def __init__(self) -> None:
        self._in_force: list[threading.Thread] = []

    def stay_awake(self) -> Closer:
        asked, ended, answers = threading.Event(), threading.Event(), [0]

        def hold() -> None:
            try:
                answers[0] = api.set_execution_state(_STATE)
            finally:
                asked.set()
            ended.wait()
            api.set_execution_state(api.ES_CONTINUOUS)

        thread = threading.Thread(target=hold, name="awake", daemon=True)
        thread.start()
        asked.wait()
        self._in_force.append(thread)

        def end() -> None:
            self._in_force = [other for other in self._in_force if other is not thread]
            ended.set()
            thread.join(JOIN_S)

        if not answers[0]:
            end()
            raise PlatformError("stay_awake", "Windows did not let us keep the computer awake.")
        return end

    def awake(self) -> bool:
        return any(thread.is_alive() for thread in self._in_force)
