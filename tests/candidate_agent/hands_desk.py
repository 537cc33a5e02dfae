"""Hands whose parts are as small as a test needs them; for the tests of `hands` and of what lies under it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from candidate_agent.hands import Hands
from candidate_agent.lockdown.restore import RestoreReport
from candidate_agent.parts import nobody_looks
from candidate_agent.session import events as ev
from exam_protocol.policy import Policy


class Breaks:
    """Whatever is asked of it breaks."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def broken(*_: object) -> None:
            raise RuntimeError("the X connection is gone")

        return broken


class Desk:
    """Hands whose parts are as small as the test needs them."""

    def __init__(self, **parts: Any) -> None:
        self.posted: list[ev.Event] = []
        self.recorded: list[object] = []
        self.lines: list[str] = []
        given: dict[str, Any] = {
            "log": SimpleNamespace(line=lambda event, **fields: self.lines.append(event)),
            "join": SimpleNamespace(package=SimpleNamespace(policy=Policy())),
            "make_looker": nobody_looks,
            "opted_in": frozenset,
            "clock": SimpleNamespace(monotonic_us=lambda: 0, wall_ms=lambda: 0),
            "recorder": SimpleNamespace(
                entry=lambda track, entry: self.recorded.append(entry), media_time_us=lambda at_us: at_us
            ),
            "lockdown": SimpleNamespace(revert=lambda: RestoreReport(True, {"screen saver": "put back"})),
            **parts,
        }
        self.hands = Hands(SimpleNamespace(**given), self.posted.append)  # type: ignore[arg-type]
