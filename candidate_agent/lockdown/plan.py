"""In which order the computer is changed and given back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Act(Enum):
    HOLD_SETTING = "hold setting"
    START_KEEPER = "start keeper"
    ISOLATE_CLIPBOARD = "isolate clipboard"
    TAKE_GRIP = "take grip"


@dataclass(frozen=True, slots=True)
class Step:
    act: Act
    name: str = ""


def plan(names: Sequence[str], first: str, *, grips: Sequence[str], clipboard: bool) -> tuple[Step, ...]:
    """The keeper comes before every change, so that a kill is undone whenever it comes; then the setting that makes the
    next login restore, so that a power cut is; then the rest."""
    order = sorted(names, key=lambda name: name != first)
    steps = [Step(Act.START_KEEPER), *(Step(Act.HOLD_SETTING, name) for name in order)]
    steps += [Step(Act.TAKE_GRIP, name) for name in grips]
    return (*steps, Step(Act.ISOLATE_CLIPBOARD)) if clipboard else tuple(steps)
