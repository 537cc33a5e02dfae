"""The body of each screen: what happened, what it means, what to do, and the buttons. Pure; one file for each stretch
of the way. `view_model.view` adds the frame.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.session.states import Session
from candidate_agent.ui.screens import checks, consent, joining, over, parting, problem, sitting, steps, waiting
from candidate_agent.ui.words import Live

Draw = Callable[[Session, Live, int, int], dict[str, Any]]

DRAW: dict[str, Draw] = {
    "joining": joining.joining,
    "consent": consent.consent,
    "refused": consent.refused,
    "checks": checks.checks,
    "identity": steps.identity,
    "room": steps.room,
    "waiting": waiting.waiting,
    "exam": sitting.exam,
    "paused": sitting.paused,
    "paper": parting.paper,
    "survey": parting.survey,
    "over": over.over,
    "problem": problem.problem,
}
