"""Turns observations over time into flags. Pure: time comes in as a value, nothing is ordered, nothing is read.

A flag says what was seen, in words and numbers. It never says what it means. The single rules stand in `window_rules`,
`input_rules` and `system_rules`; here they are asked, repeats are folded, and what an accommodation mutes is left out.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import Finding, Folding
from candidate_agent.monitor.input_rules import InputRules
from candidate_agent.monitor.observations import Observation
from candidate_agent.monitor.system_rules import SystemRules
from candidate_agent.monitor.window_rules import WindowRules
from exam_protocol.records import FlagEntry


class Rules:
    """One exam's memory of what was seen. `max_displays` as the policy allows; `muted` by accommodation.

    `typed_for`: a program that types for the candidate is allowed, so keys sent by a program are no news.
    `virtual_allowed`: the policy says that a virtual machine is fine.
    """

    def __init__(
        self, *, max_displays: int = 1, muted: frozenset[str] = frozenset(), typed_for: bool = False,
        virtual_allowed: bool = False,
    ) -> None:  # fmt: skip
        self._muted = muted
        self._folding = Folding()
        self._windows = WindowRules(max_displays)
        inputs, system = InputRules(typed_for), SystemRules(virtual_allowed)
        self._judges: dict[type, Callable[[Any, int], list[Finding]]] = {
            **self._windows.judges, **inputs.judges, **system.judges,
        }  # fmt: skip

    def judge(self, observation: Observation, now_us: int) -> tuple[FlagEntry, ...]:
        """Flags that the observation calls for, now. `now_us` in session microseconds, never going back."""
        return self._fold(self._judges[type(observation)](observation, now_us), now_us)

    def tick(self, now_us: int) -> tuple[FlagEntry, ...]:
        """What time alone brings: a loss that lasts, a minute that ends. At least once a second."""
        return self._fold(self._windows.lasting(now_us), now_us)

    def end(self) -> tuple[FlagEntry, ...]:
        return self._unmuted(self._folding.close_all())

    def _fold(self, found: list[Finding], now_us: int) -> tuple[FlagEntry, ...]:
        flags = self._folding.close_until(now_us)
        for finding in found:
            flags += self._folding.add(finding)
        return self._unmuted(flags)

    def _unmuted(self, flags: tuple[FlagEntry, ...]) -> tuple[FlagEntry, ...]:
        return tuple(flag for flag in flags if flag.code not in self._muted)
