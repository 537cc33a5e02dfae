"""Handlers for a camera or a microphone that fails, comes back or is exchanged between the checks and the exam. Pure.

In the checks its row is measured again by itself; after them a banner says what happened, until it works again. During
the exam a hint says what the candidate can mend.
"""

from dataclasses import replace

from candidate_agent.session import checkin
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import EXAM_VISIBLE, Session
from candidate_agent.session.step import Moment, Next, log
from exam_protocol.catalogue import CHECKS

_FAULTS = {
    "camera": frozenset({"camera_missing", "camera_busy", "camera_black", "camera_frozen"}),
    "microphone": frozenset({"microphone_missing"}),
}
_OF_DEVICES = frozenset(code for codes in _FAULTS.values() for code in codes)


def changed_in_checks(s: Session, e: ev.DeviceChanged, at: Moment) -> Next:
    if e.device not in CHECKS or s.checks_running or s.rehearsing:
        return Next(s)
    return checkin.check_again(s, ev.CheckAgainAsked(e.device), at).then(_noted(e, at))


def changed_after_checks(s: Session, e: ev.DeviceChanged, at: Moment) -> Next:
    """What keeps the session from going on for another reason is said first."""
    faults, said = _FAULTS.get(e.device, frozenset()), s.problem
    if said is not None and said[0] not in _OF_DEVICES:
        return Next(s, (_noted(e, at),))
    if e.code in faults:
        return Next(replace(s, problem=(e.code, f"The {e.device} gives nothing.")), (_noted(e, at),))
    mended = said is not None and said[0] in faults
    return Next(replace(s, problem=None if mended else said), (_noted(e, at),))


def hints_changed(s: Session, e: ev.HintsChanged, at: Moment) -> Next:
    """During the exam; what the candidate was told stands in the record beside the flag."""
    new = [code for code in e.codes if code not in s.hints]
    noted = (log("hint", f"shown to the candidate: {', '.join(new)}", at),) if new and s.phase in EXAM_VISIBLE else ()
    return Next(replace(s, hints=e.codes), noted)


def _noted(e: ev.DeviceChanged, at: Moment) -> fx.Record:
    return log("device_changed", f"{e.device}: {e.code or 'works'}", at)
