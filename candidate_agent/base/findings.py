"""What is worth a flag, and its repeats folded: the first is told at once, what follows within a minute is one flag
with a count. Pure; used by the rules of the monitor and of capture.
"""

from dataclasses import dataclass

from exam_protocol.catalogue import FLAGS, WEIGHT, Severity
from exam_protocol.records import FlagEntry

WINDOW_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a flag. `subject` keeps apart what must not be folded together, and is named in the reason."""

    code: str
    reason: str
    from_us: int
    to_us: int
    subject: str = ""
    severity: str = ""  # "": as in the catalogue
    numbers: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class _Window:
    opened_us: int
    repeats: list[Finding]


class Folding:
    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], _Window] = {}

    def add(self, finding: Finding) -> tuple[FlagEntry, ...]:
        """Time goes forward: windows that ended before the finding are closed first."""
        told = self.close_until(finding.to_us)
        key = (finding.code, finding.subject)
        if key in self._windows:
            self._windows[key].repeats.append(finding)
            return told
        self._windows[key] = _Window(finding.to_us, [])
        return (*told, flag((finding,)))

    def close_until(self, now_us: int) -> tuple[FlagEntry, ...]:
        ended = [key for key, window in self._windows.items() if now_us - window.opened_us >= WINDOW_US]
        windows = [self._windows.pop(key) for key in ended]
        return tuple(flag(tuple(window.repeats)) for window in windows if window.repeats)

    def close_all(self) -> tuple[FlagEntry, ...]:
        """At the end of the exam: what was counted is told, however long the minute still is."""
        windows, self._windows = list(self._windows.values()), {}
        return tuple(flag(tuple(window.repeats)) for window in windows if window.repeats)


def flag(findings: tuple[Finding, ...]) -> FlagEntry:
    last = findings[-1]
    weights = [Severity(finding.severity) if finding.severity else FLAGS[last.code].severity for finding in findings]
    return FlagEntry(
        code=last.code,
        severity=max(weights, key=WEIGHT.__getitem__).value,
        reason=folded_reason(tuple(finding.reason for finding in findings)),
        count=len(findings),
        from_us=findings[0].from_us,
        to_us=last.to_us,
        numbers=dict(last.numbers),
    )


def folded_reason(reasons: tuple[str, ...]) -> str:
    """Each reason once, with how often it came."""
    counts = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    return " ".join(reason if count == 1 else f"{reason} ({count} times)" for reason, count in counts.items())


def seconds(us: int) -> float:
    return round(us / 1e6, 1)


def at(code: str, reason: str, at_us: int, **numbers: float) -> Finding:
    return since(code, reason, at_us, at_us, **numbers)


def since(code: str, reason: str, from_us: int, to_us: int, **numbers: float) -> Finding:
    return Finding(code, reason, from_us, to_us, numbers=tuple(numbers.items()))
