"""Sample sessions in which every string that comes from a person, a package, a server or another program is hostile:
markup, an override of the writing direction, line ends, placeholders of our texts, and 10,000 characters without a
space. `play.py` shows them in the real page.
"""

from dataclasses import replace
from typing import Any

import msgspec

from candidate_agent.session.states import Notice, OpenProgram, Session
from exam_protocol.policy import ExamPackage

MADE = "pwned"  # id and event that the markup would make
_MARKUP = (
    f"<marquee id={MADE}>x</marquee><img id={MADE} src=x onerror=\"document.title='{MADE}'\"><script>{MADE}=1</script>"
)


def text(mark: str) -> str:
    """`mark` stands first, where it is seen however much is cut off."""
    return f"{mark} \u202e{_MARKUP}\u2066\r\n\t\0\ufeff {{{{name}}}} $& ${{x}} " + "W" * 10_000


def hostile(session: Session, mark: str) -> Session:
    said = text(mark)
    return replace(
        session,
        package=_package(session.package, said),
        candidate_name=said,
        candidate_id=said,
        problem=None if session.problem is None else (session.problem[0], said),
        checks=tuple(msgspec.structs.replace(row, value=said, threshold=said, remedy=said) for row in session.checks),
        programs=tuple(OpenProgram(said, program.state) for program in session.programs),
        id_card=replace(session.id_card, reason=session.id_card.reason and said),
        room=replace(session.room, reason=session.room.reason and said),
        chat=tuple(replace(line, text=said, sender=_sender(line.sender, said)) for line in session.chat),
        notices=(*(replace(notice, text=said) for notice in session.notices), _notice(said)),
        watchers=(said,) * len(session.watchers),
        words=said,
        restore_report=tuple((said, said) for _ in session.restore_report),
    )


def _sender(sender: str, said: str) -> str:
    return sender if sender == "candidate" else said


def _notice(said: str) -> Notice:
    return Notice("hostile", "LOOK_AT_SCREEN", "warning", said)


def _package(package: ExamPackage | None, said: str) -> ExamPackage | None:
    if package is None:
        return None
    names = ("title", "institution", "server_url", "integrity_statement", "integrity_version", "alternative", "contact")
    changes: dict[str, Any] = dict.fromkeys(names, said)
    return msgspec.structs.replace(package, **changes)
