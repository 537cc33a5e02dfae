"""One line of JSON per fact on a stream, for support and for tests. No names, words, codes or pictures go in here."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import TextIO


class Log:
    """Thread safe as far as one `write` is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, event: str, **fields: str | int | float | bool | None) -> None:
        text = json.dumps({"at": round(time.time(), 3), "event": event, **fields})
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass  # whoever read our words is gone; the exam goes on


@contextlib.contextmanager
def carrying_on(log: Log) -> Iterator[None]:
    """A step that breaks is noted, and the next one is taken."""
    try:
        yield
    except Exception as error:
        log.line("step_failed", error=type(error).__name__)
