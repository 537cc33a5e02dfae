"""The recording's profile during the exam: plainer where the line or the encoder does not keep up, finer again once it
does. Pure; each change is an order and a record. What the checks before the exam allowed is the most (`profile`).

In `store` pictures and sound stay on this computer (`uplink` asks `stays_here`), so that their age says nothing: the
line is probed instead. docs/adr/0017.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.checkin import policy_of
from candidate_agent.session.profile import PROFILES, STORE, less
from candidate_agent.session.states import LOCKED, Phase, Session
from candidate_agent.session.step import Moment, Next, log

LATE_S = 15.0  # age of the oldest media record that the server does not have
CALM_S = 2.0  # no older than what is under way anyhow
BETWEEN_US = 20_000_000  # a change has to show before the next
LINK_SETTLES_US = 15_000_000
PROBE_EVERY_US = 60_000_000
ENOUGH_BPS = 190_000  # what the checks ask of a line for the low profile
CATCH_UP_US = 30_000_000  # within so long what was stored must have become less old
CALM_MOST_US = 1_800_000_000
SOON_US = 300_000_000  # a step up that is taken back so soon was one too many: the next takes twice as long


def most(s: Session) -> str:
    return s.profile or policy_of(s).profile


def profile_now(s: Session) -> str:
    return less(most(s), s.adapted.name) if s.adapted.name else most(s)


def stays_here(s: Session) -> bool:
    """Pictures and sound are not sent for now; words, flags and the signed ledger are."""
    return s.phase in LOCKED and profile_now(s) == STORE


def backlog_changed(s: Session, e: ev.BacklogChanged, at: Moment) -> Next:
    before, after = s.backlog, replace(s, backlog=e.backlog)
    if not _records(s):
        return Next(after)
    if not s.link_up or at.now_us - s.link_since_us < LINK_SETTLES_US:
        return Next(_calm(after, 0))  # a line that is away is no slow line: all of it is kept
    if stays_here(s):
        return _probe(after, at)
    if was_stored := s.adapted.behind_us:
        return _catch_up(after, was_stored, at)
    if e.backlog.age_s > LATE_S:
        late = e.backlog.age_s >= before.age_s  # else it is catching up
        why = f"the oldest record that waits is {e.backlog.age_s:.0f} s old"
        return _down(_calm(after, 0), why, at) if late else Next(_calm(after, 0))
    if e.backlog.age_s > CALM_S:
        return Next(_calm(after, 0))
    return _calmer(after, f"nothing has had to wait for {s.adapted.calm_us // 1_000_000} s", at)


def _probe(s: Session, at: Moment) -> Next:
    if most(s) == STORE or (s.adapted.probed_us and at.now_us - s.adapted.probed_us < PROBE_EVERY_US):
        return Next(s)
    return Next(replace(s, adapted=replace(s.adapted, probed_us=at.now_us)), (fx.ProbeLine(),))


def line_probed(s: Session, e: ev.LineProbed, at: Moment) -> Next:
    """A line that was fast enough each time for as long as a calm time takes carries pictures again."""
    if not (_records(s) and stays_here(s)):
        return Next(s)
    if e.up_bps < ENOUGH_BPS or not s.link_up:
        return Next(_calm(s, 0))
    return _calmer(s, f"the line has taken at least {ENOUGH_BPS // 1000} kbit/s each time it was asked", at)


def _catch_up(s: Session, since_us: int, at: Moment) -> Next:
    """What was stored goes first, oldest first: no reason for a plainer profile as long as it becomes less old."""
    age_s = s.backlog.age_s
    if age_s <= LATE_S:
        return Next(_behind(s, 0, 0.0))
    if at.now_us - since_us < CATCH_UP_US:
        return Next(_calm(s, 0))
    if age_s < s.adapted.behind_s:
        return Next(_behind(s, at.now_us, age_s))
    why = f"what was stored is {age_s:.0f} s old and does not become less old"
    return _down(_calm(_behind(s, 0, 0.0), 0), why, at)


def _behind(s: Session, since_us: int, age_s: float) -> Session:
    return replace(s, adapted=replace(s.adapted, behind_us=since_us, behind_s=age_s))


def encoder_overloaded(s: Session, e: ev.EncoderOverloaded, at: Moment) -> Next:
    """The quickest preset was tried first, by the lane itself."""
    why = f"the encoder of track {e.track} has not kept up for {e.seconds} s"
    return _down(_calm(s, 0), why, at) if _records(s) else Next(s)


def _records(s: Session) -> bool:
    return s.recording and s.phase in LOCKED - {Phase.FAILING}


def _calm(s: Session, since_us: int) -> Session:
    return replace(s, adapted=replace(s.adapted, calm_since_us=since_us))


def _down(s: Session, why: str, at: Moment) -> Next:
    now, was = profile_now(s), s.adapted
    if now not in PROFILES[:-1] or (was.changed_us and at.now_us - was.changed_us < BETWEEN_US):
        return Next(s)
    too_soon = was.went_up_us and at.now_us - was.went_up_us < SOON_US
    calm_us = min(2 * was.calm_us, CALM_MOST_US) if too_soon else was.calm_us
    return _change(s, PROFILES[PROFILES.index(now) + 1], why, at, calm_us=calm_us)


def _calmer(s: Session, why: str, at: Moment) -> Next:
    """One step up after a calm time."""
    now, was = profile_now(s), s.adapted
    if now == most(s):
        return Next(s)
    if not was.calm_since_us:
        return Next(_calm(s, at.now_us))
    if at.now_us - was.calm_since_us < was.calm_us:
        return Next(s)
    finer = less(most(s), PROFILES[PROFILES.index(now) - 1])
    if now == STORE:
        s = _behind(s, at.now_us, s.backlog.age_s)
    return _change(s, finer, why, at, went_up_us=at.now_us)


def _change(s: Session, to: str, why: str, at: Moment, **kept: int) -> Next:
    """Its encoders begin anew, with key frames."""
    adapted = replace(s.adapted, name=to, changed_us=at.now_us, calm_since_us=0, **kept)
    record = log("profile", f"from {profile_now(s)} to {to}: {why}", at)
    return Next(replace(s, adapted=adapted), (record, fx.SetProfile(to)))
