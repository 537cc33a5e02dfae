"""In which order the computer is changed and given back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Act(Enum):
    HOLD_SETTING = "hold setting"
    START_KEEPER = "start keeper"
    ISOLATE_CLIPBOARD = "isolate clipboard"


@dataclass(frozen=True, slots=True)
class Step:
    act: Act
    name: str = ""


def plan(names: Sequence[str], first: str, *, clipboard: bool) -> tuple[Step, ...]:
    """The setting that makes the next login restore comes before the keeper, and the keeper before everything else."""
    held = [Step(Act.HOLD_SETTING, name) for name in names if name != first]
    steps = [Step(Act.HOLD_SETTING, first)] if first in names else []
    steps += [Step(Act.START_KEEPER), *held]
    return (*steps, Step(Act.ISOLATE_CLIPBOARD)) if clipboard else tuple(steps)
