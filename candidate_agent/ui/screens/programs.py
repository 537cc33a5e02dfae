"""Programs that the exam does not allow, wherever they are shown. Pure."""

from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, text


def open_programs(session: Session) -> list[Json]:
    """Programs that the exam does not allow, each with what became of asking it to close."""
    return [
        {
            "id": f"program-{number}",
            "name": program.name,
            "state": program.state.value,
            "body": text(f"program.{program.state.value}", name=program.name),
        }
        for number, program in enumerate(session.programs)
    ]
