"""Consent in stages: each thing that is captured on its own, then what never is, then the statement and one "I agree".
Pure. A stage is gone on from by its name, so that a click that came twice skips nothing.
"""

from dataclasses import replace

from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.policy import Policy

STATEMENT = "statement"
COMPARE = "compare"  # of face and voice with those of the start: the one stage that can be said no to by itself
NEVER = "never"  # what is not captured: read, and nothing to agree to
REHEARSED = frozenset({"screen", "webcam", "audio"})  # what the rehearsal records, each told of in its stage
REREADABLE = frozenset({Phase.CHECKING, Phase.IDENTIFYING, Phase.WAITING})


def captured(policy: Policy) -> tuple[str, ...]:
    """What this exam captures, in the order in which it is told."""
    asked = {"id_card": policy.id_card, "room": policy.room_scan, "paper": policy.scratch_paper}
    asked[COMPARE] = policy.findings and bool(policy.opt_in_findings)
    names = ("screen", "webcam", "audio", COMPARE, "id_card", "room", "paper", "events", "chat")
    return tuple(name for name in names if asked.get(name, True))


def stages(s: Session) -> tuple[str, ...]:
    return (*captured(s.package.policy if s.package else Policy()), NEVER, STATEMENT)


def stage(s: Session) -> str:
    """The one that is shown."""
    order = stages(s)
    return s.consent_at if s.consent_at in order else order[0]


def can_turn_to(s: Session) -> tuple[str, ...]:
    """All that were read, and the first that was not."""
    order = stages(s)
    unread = next((name for name in order if name not in s.consent_read), STATEMENT)
    return tuple(name for name in order if name in s.consent_read or name == unread)


def agreed(s: Session) -> tuple[str, ...]:
    """What "I agree" is said to: every stage that was gone through, and the statement."""
    left_out = {NEVER, *s.consent_declined}
    return (*(name for name in stages(s) if name in s.consent_read and name not in left_out), STATEMENT)


def compared(s: Session) -> frozenset[str]:
    """Codes of the findings for which face or voice may be compared: named by the policy, said yes to, not muted."""
    policy = s.package.policy if s.package else Policy()
    said_yes = COMPARE in captured(policy) and COMPARE in s.consent_read and COMPARE not in s.consent_declined
    named = frozenset[str](policy.opt_in_findings) - set(s.accommodations.muted_flags)
    return named if said_yes else frozenset()


def may_rehearse(s: Session) -> bool:
    """Nothing is recorded, not even to be thrown away, whose stage was not gone through."""
    return s.phase is Phase.CHECKING and set(s.consent_read) >= REHEARSED


def read(s: Session, e: ev.ConsentRead, at: Moment) -> Next:
    here = stage(s)
    if e.item != here or here == STATEMENT:
        return Next(s)
    return _gone_on(replace(s, consent_declined=tuple(name for name in s.consent_declined if name != here)), here)


def declined(s: Session, e: ev.ConsentDeclined, at: Moment) -> Next:
    """No to this stage alone: the exam goes on without it."""
    here = stage(s)
    if e.item != here or here != COMPARE:
        return Next(s)
    return _gone_on(replace(s, consent_declined=(here,)), here)


def _gone_on(s: Session, here: str) -> Next:
    order = stages(s)
    known = s.consent_read if here in s.consent_read else (*s.consent_read, here)
    return Next(replace(s, consent_read=known, consent_at=order[order.index(here) + 1]))


def turned(s: Session, e: ev.ConsentTurned, at: Moment) -> Next:
    return Next(replace(s, consent_at=e.item)) if e.item in can_turn_to(s) else Next(s)


def texts_asked(s: Session, e: ev.TextsAsked, at: Moment) -> Next:
    """In this phase only: what comes next, or is asked for again, is never hidden behind old texts."""
    return Next(replace(s, reread_in=s.phase if e.shown else None))


def is_reread(s: Session) -> bool:
    return s.reread_in is s.phase and s.phase in REREADABLE
