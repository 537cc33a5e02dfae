"""Handlers for programs that run and that the exam does not allow. Pure.

Closing is the candidate's: nothing is closed without their click, nothing is ended by force, and no open program keeps
anybody from going on. Who looks at the session sees flags and these lines.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import OpenProgram, Phase, ProgramState, Session
from candidate_agent.session.step import Moment, Next, log


def programs_seen(s: Session, e: ev.ProgramsSeen, at: Moment) -> Next:
    """What was known of one that still runs stays known; one that ended is gone."""
    known = {program.name: program for program in s.programs}
    return Next(replace(s, programs=tuple(known.get(name, OpenProgram(name)) for name in e.names)))


def close_asked(s: Session, e: ev.CloseProgramAsked, at: Moment) -> Next:
    known = {program.name: program for program in s.programs}
    if e.name not in known or known[e.name].state is ProgramState.ASKED:
        return Next(s)
    return Next(_with_state(s, e.name, ProgramState.ASKED), (fx.AskToClose(e.name),))


def close_ended(s: Session, e: ev.CloseProgramEnded, at: Moment) -> Next:
    noted = log("program_closed" if e.closed else "program_stays", e.name, at)
    if e.closed:
        after = replace(s, programs=tuple(program for program in s.programs if program.name != e.name))
    else:
        after = _with_state(s, e.name, ProgramState.STAYS)
    if s.phase is Phase.CHECKING and not s.checks_running:
        running = replace(after, checks_running=True, measuring=frozenset({"programs"}))
        return Next(running, (noted, fx.RunChecks("programs")))
    return Next(after, (noted,))


def _with_state(s: Session, name: str, state: ProgramState) -> Session:
    changed = (replace(program, state=state) if program.name == name else program for program in s.programs)
    return replace(s, programs=tuple(changed))
