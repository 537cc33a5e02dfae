"""What this process itself holds without changing a setting: it ends when the process ends, so it needs no undo entry.

Made by `guard` from the ports that the exam asks for; taken, looked at and let go by `sequence`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from candidate_agent.platforms.ports import Closer


@dataclass(frozen=True, slots=True)
class Grip:
    """`take` raises AgentError where it is refused; its Closer lets go. `holds`: whether it is in force now."""

    name: str
    take: Callable[[], Closer]
    holds: Callable[[], bool]
