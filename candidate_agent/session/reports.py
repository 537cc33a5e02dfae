"""Handlers for what candidates report: a problem with the program, or something about the place they sit in. Pure.

Each part of a report was seen by the candidate and can be left out. The record gets a number that comes back at once;
that the server has it is told when it is so, also after hours without a line.
"""

from dataclasses import replace

from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import SentReport, Session
from candidate_agent.session.step import Moment, Next
from exam_protocol.records import ReportEntry
from exam_protocol.version import BUILD

PROBLEM = "problem"
PLACES = {
    "heat": "heat or cold", "noise": "noise", "person": "somebody at the door or in the room", "light": "the light",
    "power": "power or network", "other": "something else",
}  # fmt: skip
PARTS = ("noticed", "server", "candidate", "facts", "picture")


def written(s: Session, e: ev.ReportWritten, at: Moment) -> Next:
    """A second click on the same report changes nothing."""
    if any(report.report_id == e.report_id for report in s.reports):
        return Next(s)
    after = replace(s, reports=(*s.reports, SentReport(e.report_id, e.about)), report_picture="")
    return Next(after, (fx.SendReport(_entry(s, e, at), "picture" in e.parts),))


def _entry(s: Session, e: ev.ReportWritten, at: Moment) -> ReportEntry:
    return ReportEntry(
        number="",
        report_id=e.report_id,
        about=e.about,
        at_ms=at.wall_ms,
        text=e.text,
        unusable=e.unusable,
        noticed_ms=at.wall_ms - e.minutes_ago * 60_000 if "noticed" in e.parts else 0,
        server_url=s.package.server_url if s.package and "server" in e.parts else "",
        candidate_id=s.candidate_id if "candidate" in e.parts else "",
        facts=facts(s, at.now_us) if "facts" in e.parts else {},
    )


def facts(s: Session, now_us: int) -> dict[str, str]:
    """The session data of a report: no word, no picture and no program's name is in it."""
    return {
        "phase": s.phase.value,
        "link": "up" if s.link_up else "down",
        "link_for_s": str((now_us - s.link_since_us) // 1_000_000 if s.link_since_us else 0),
        "waiting_records": str(s.backlog.records),
        "waiting_bytes": str(s.backlog.bytes),
        "recording": "yes" if s.recording else "no",
        "problem": s.problem[0] if s.problem else "",
        "language": s.language,
        "build": BUILD,
    }


def kept(s: Session, e: ev.ReportKept, at: Moment) -> Next:
    """What is about the place is told to the proctor as a flag that weighs next to nothing."""
    about = next((report.about for report in s.reports if report.report_id == e.report_id), "")
    after = _with(s, e.report_id, number=e.number, failed=not e.number)
    if about not in PLACES or not e.number:
        return Next(after)
    reason = f"The candidate reports: {PLACES[about]} ({e.number})."
    return Next(after, (fx.RaiseFlag("ENVIRONMENT_REPORT", reason),))


def received(s: Session, e: ev.ReportReceived, at: Moment) -> Next:
    return Next(_with(s, e.report_id, received=True))


def _with(s: Session, report_id: str, **changes: object) -> Session:
    changed = (replace(report, **changes) if report.report_id == report_id else report for report in s.reports)  # type: ignore[arg-type]
    return replace(s, reports=tuple(changed))


def screenshot_asked(s: Session, e: ev.ScreenshotAsked, at: Moment) -> Next:
    """Only while the exam fills the screen: nobody's desktop is photographed."""
    return Next(s, (fx.TakeScreenshot(),)) if s.lockdown_held else Next(s)


def screenshot_taken(s: Session, e: ev.ScreenshotTaken, at: Moment) -> Next:
    return Next(replace(s, report_picture="taken" if e.taken else "failed"))


def screenshot_dropped(s: Session, e: ev.ScreenshotDropped, at: Moment) -> Next:
    return Next(replace(s, report_picture=""), (fx.DropScreenshot(),))
