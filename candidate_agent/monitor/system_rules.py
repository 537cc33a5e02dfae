"""Rules about programs, devices, clocks and signs that somebody looks in or changed something. Pure;
asked by `rules`.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.findings import WINDOW_US, Finding, at, seconds, since
from candidate_agent.monitor.observations import (
    AudioRouteSeen,
    ClocksSeen,
    DebuggerSeen,
    DeviceSeen,
    EventsLost,
    MachineSeen,
    PreloadsSeen,
    ProgramSeen,
    RemoteSeen,
)
from exam_protocol.catalogue import FLAGS, Severity

CLOCK_JUMP_US = 5_000_000
SUSPENDED_US = 5_000_000
STOPPED_US = 5_000_000  # (j) longer than a busy disk or a full memory keeps a small thread waiting
VM_SIGNALS = 2
LOADING = frozenset({"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"})  # others are set by honest programs, too
_BY = {"window": " (by its window)", "file": "", "signer": " (by its signature)"}
_DEVICES = {"storage": "USB_ADDED", "keyboard": "KEYBOARD_ADDED"}


class SystemRules:
    def __init__(self, virtual_allowed: bool) -> None:
        self._virtual_allowed = virtual_allowed
        self._programs: dict[str, int] = {}  # name -> when a process of it was last seen to start
        self._remote: frozenset[str] = frozenset()
        self._debugger = ""
        self._clocks: tuple[int, ClocksSeen] | None = None
        self.judges: dict[type, Callable[[Any, int], list[Finding]]] = {
            ProgramSeen: self._see_program,
            RemoteSeen: self._see_remote,
            MachineSeen: self._see_machine,
            DebuggerSeen: self._see_debugger,
            PreloadsSeen: self._see_preloads,
            DeviceSeen: self._see_device,
            AudioRouteSeen: self._see_route,
            ClocksSeen: self._see_clocks,
            EventsLost: self._see_lost,
        }

    def _see_program(self, seen: ProgramSeen, now_us: int) -> list[Finding]:
        code = seen.category.upper()
        if code not in FLAGS:
            return []
        last_us = self._programs.get(seen.name)
        self._programs[seen.name] = now_us
        if last_us is not None and now_us - last_us < WINDOW_US:
            return []  # one program of many processes and windows
        reason = f"{FLAGS[code].title}: {seen.name}{_BY.get(seen.by, '')}."
        return [Finding(code, reason, now_us, now_us, subject=seen.name)]

    def _see_remote(self, seen: RemoteSeen, now_us: int) -> list[Finding]:
        new, self._remote = [s for s in seen.signals if s not in self._remote], frozenset(seen.signals)
        return [
            Finding("REMOTE_CONTROL", f"This desktop may be seen from elsewhere: {signal}.", now_us, now_us, signal)
            for signal in new
        ]

    def _see_machine(self, seen: MachineSeen, now_us: int) -> list[Finding]:
        if self._virtual_allowed or len(seen.signals) < VM_SIGNALS:
            return []
        reason = f"Signs of a virtual machine: {'; '.join(seen.signals)}."
        return [at("VM_SUSPECT", reason, now_us, signals=len(seen.signals))]

    def _see_debugger(self, seen: DebuggerSeen, now_us: int) -> list[Finding]:
        before, self._debugger = self._debugger, seen.how
        if not seen.how or seen.how == before:
            return []
        return [at("DEBUGGER_PRESENT", f"Seen: {seen.how}.", now_us)]

    def _see_preloads(self, seen: PreloadsSeen, now_us: int) -> list[Finding]:
        if not seen.names:
            return []
        reason = f"Variables that may load something into the exam program were set: {', '.join(seen.names)}."
        severity = "" if LOADING & set(seen.names) else Severity.LOW.value
        numbers = (("variables", len(seen.names)),)
        return [Finding("CLIENT_TAMPERED", reason, now_us, now_us, severity=severity, numbers=numbers)]

    def _see_device(self, seen: DeviceSeen, now_us: int) -> list[Finding]:
        code = _DEVICES.get(seen.kind)
        return [at(code, f"{FLAGS[code].title}.", now_us)] if code else []

    def _see_route(self, seen: AudioRouteSeen, now_us: int) -> list[Finding]:
        return [at("AUDIO_ROUTE_CHANGED", "Sound goes to another output than before.", now_us)]

    def _see_lost(self, seen: EventsLost, now_us: int) -> list[Finding]:
        reason = "More happened on the computer at once than could be looked at."
        return [at("RECORD_FAILED", reason, now_us, events=seen.count)]

    def _see_clocks(self, seen: ClocksSeen, now_us: int) -> list[Finding]:
        """The wall clock should go on by what the steady clock went on, and by the time asleep; and so often that a
        long gap means that this program was not let run."""
        before, self._clocks = self._clocks, (now_us, seen)
        if before is None:
            return []
        then_us, then = before
        asleep_us = seen.asleep_us - then.asleep_us
        jump_us = (seen.wall_ms - then.wall_ms) * 1000 - (now_us - then_us) - asleep_us
        found = []
        if abs(jump_us) > CLOCK_JUMP_US:
            way = "forward" if jump_us > 0 else "back"
            reason = f"The clock was set {way} by {seconds(abs(jump_us))} s."
            found.append(since("CLOCK_JUMP", reason, then_us, now_us, seconds=seconds(jump_us)))
        if asleep_us > SUSPENDED_US:
            reason = f"The computer was asleep for {seconds(asleep_us)} s."
            found.append(since("SUSPENDED", reason, then_us, now_us, seconds=seconds(asleep_us)))
        if now_us - then_us > STOPPED_US:
            reason = f"The exam program stood still for {seconds(now_us - then_us)} s."
            found.append(since("AGENT_STOPPED", reason, then_us, now_us, seconds=seconds(now_us - then_us)))
        return found
