"""Newest-only delivery of values to a page: one delivery under way, one waiting value per key, older ones are dropped
and counted. `windows` uses it for views and previews, so that a page that is slow or dead can never make us wait or
grow.
"""

import json
from collections.abc import Callable
from threading import Lock
from typing import Any

Schedule = Callable[[Callable[[], None]], None]
RunScript = Callable[[str, Callable[[object], None]], None]


class Courier:
    """`schedule` runs a callable on the GUI thread; there `run_script` runs JavaScript and calls back at its end."""

    def __init__(self, schedule: Schedule, run_script: RunScript) -> None:
        self._schedule = schedule
        self._run_script = run_script
        self._lock = Lock()
        self._newest: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._open = False
        self._busy = False
        self.superseded = 0

    def put(self, key: str, value: Any) -> None:
        """Any thread. `value` is JSON; the page gets `examClient.receive(key, value)`."""
        script = f"examClient.receive({json.dumps(key)},{json.dumps(value)});"
        with self._lock:
            self.superseded += key in self._waiting
            self._newest[key] = script
            self._waiting.add(key)
            start = self._open and not self._busy
            self._busy = self._busy or start
        if start:
            self._schedule(self._deliver)

    def forget(self, key: str) -> None:
        with self._lock:
            self._newest.pop(key, None)
            self._waiting.discard(key)

    def page_ready(self) -> None:
        """GUI thread. A page was (re)loaded: it gets the newest of everything."""
        with self._lock:
            self._open = self._busy = True
            self._waiting = set(self._newest)
        self._deliver()

    def page_gone(self) -> None:
        with self._lock:
            self._open = self._busy = False

    def _deliver(self, _result: object = None) -> None:
        with self._lock:
            script = "".join(self._newest[key] for key in sorted(self._waiting))
            self._waiting.clear()
            self._busy = self._open and bool(script)
        if script:
            self._run_script(script, self._deliver)
