"""Which operating system this is, and whether it is one that the exam program was made for.

Where the boundaries lie: Windows by build (10 version 1809 is the browser engine's oldest; 11 is what Microsoft still
looks after), macOS by what the browser engine needs and Apple looks after, Linux by the distribution's own support.
"""

import re

from candidate_agent.checks.base import FAIL, PASS, UNMEASURED, WARN, Context, off_loop, row
from candidate_agent.platforms.ports import SystemFacts
from exam_protocol.records import CheckRow

THRESHOLD = "a system that its maker still looks after"
ADVICE = {
    "old": "This system is old: {system}. You can go on. Please update it when you have time.",
    "unknown": "We have not tried this system: {system}. You can go on; the other checks say what works.",
    "too_old": "This system is too old for the exam: {system}. Please update it or use another computer.",
    "not_told": "This system does not tell its version.",
}
VALUE = "{system}"
WINDOWS_USABLE, WINDOWS_GOOD = 17763, 22000
MACOS_USABLE, MACOS_GOOD = 12, 14
DISTRIBUTIONS = {
    "debian": 12.0, "ubuntu": 22.04, "linux mint": 21.0, "fedora": 41.0, "opensuse leap": 15.6, "pop!_os": 22.04,
    "red hat enterprise linux": 8.0, "almalinux": 8.0, "rocky linux": 8.0, "zorin os": 17.0,
}  # fmt: skip
ROLLING = ("arch linux", "manjaro", "opensuse tumbleweed", "endeavouros", "gentoo", "void", "nixos", "debian gnu/linux")


async def measure(context: Context) -> CheckRow:
    return judge(await off_loop(context.platform.system.facts))


def judge(facts: SystemFacts) -> CheckRow:
    if not facts.os_version:
        return row("system", UNMEASURED, None, "", "not_told")
    name = {"windows": "Windows ", "macos": "macOS "}.get(facts.os_name, "")
    outcome, advice = _grade(facts.os_name, facts.os_version)
    return row("system", outcome, VALUE, THRESHOLD, advice, system=f"{name}{facts.os_version}".strip())


def _grade(name: str, version: str) -> tuple[str, str]:
    if name == "windows":
        return _by_number(_windows_build(version), WINDOWS_GOOD, WINDOWS_USABLE)
    if name == "macos":
        return _by_number(_first_number(version), MACOS_GOOD, MACOS_USABLE)
    return _of_distribution(version.lower())


def _by_number(number: float | None, good: float, usable: float) -> tuple[str, str]:
    if number is None:
        return WARN, "unknown"
    return (PASS, "") if number >= good else (WARN, "old") if number >= usable else (FAIL, "too_old")


def _of_distribution(version: str) -> tuple[str, str]:
    """Never a fail: what is too old for the browser engine does not come as far as this."""
    for begin, good in DISTRIBUTIONS.items():
        number = _first_number(version) if version.startswith(begin) else None
        if number is not None:
            return (PASS, "") if number >= good else (WARN, "old")
    return (PASS, "") if version.startswith(ROLLING) else (WARN, "unknown")


def _windows_build(version: str) -> float | None:
    """Of "11 10.0.22631 Professional": the third part of the longer number."""
    found = re.search(r"\b\d+\.\d+\.(\d+)", version)
    return float(found.group(1)) if found else None


def _first_number(version: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", version)
    return float(found.group()) if found else None
