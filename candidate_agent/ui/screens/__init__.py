"""The body of each screen: what happened, what it means, what to do, and the buttons. Pure; one file for each stretch
of the way. `view_model.view` adds the frame.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.session.states import Session
from candidate_agent.ui.screens import (
    breaks,
    checks,
    consent,
    early,
    joining,
    over,
    parting,
    problem,
    sitting,
    steps,
    waiting,
)
from candidate_agent.ui.words import Live

Draw = Callable[[Session, Live, int, int], dict[str, Any]]

DRAW: dict[str, Draw] = {
    "joining": joining.joining,
    "early": early.early,
    "closed": early.closed,
    "consent": consent.consent,
    "reread": consent.reread,
    "refused": consent.refused,
    "checks": checks.checks,
    "identity": steps.identity,
    "room": steps.room,
    "waiting": waiting.waiting,
    "exam": sitting.exam,
    "paused": sitting.paused,
    "break": breaks.on_break,
    "paper": parting.paper,
    "survey": parting.survey,
    "over": over.over,
    "problem": problem.problem,
}
