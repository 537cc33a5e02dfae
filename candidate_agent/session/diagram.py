"""Writes docs/session.md from the transition table: `python -m candidate_agent.session.diagram`."""

from pathlib import Path

from candidate_agent.session.machine import diagram

HEAD = """# The session machine

Drawn from the table in `candidate_agent/session/machine.py` by `python -m candidate_agent.session.diagram`; a stale
copy is a failed test. Phases that hold the computer: locking, running, offline, paused. Every arrow out of them carries
the order to restore it.

"""


def main() -> None:
    path = Path(__file__).parents[2] / "docs" / "session.md"
    path.write_text(f"{HEAD}```mermaid\n{diagram()}```\n", encoding="utf-8")


if __name__ == "__main__":
    main()
