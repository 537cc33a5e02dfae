"""The panels in which candidates report something: what would go with a report, and what became of those sent. Pure."""

from candidate_agent.session.reports import PLACES, PROBLEM, facts
from candidate_agent.session.states import BEFORE_EXAM, LOCKED, Phase, SentReport, Session
from candidate_agent.ui.words import Json, hour, text, verbatim

SUPPORT_H = (8, 16)  # UTC, on weekdays
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_WRITABLE = BEFORE_EXAM | LOCKED - {Phase.FAILING}


def reports(session: Session, now_us: int, wall_ms: int) -> Json | None:
    """None while nothing can be added to the record: before the sign-in and after the end."""
    package = session.package
    if package is None or session.phase not in _WRITABLE:
        return None
    return {
        "parts": [
            {"id": "server", "rows": [{"name": None, "value": package.server_url}]},
            {"id": "candidate", "rows": [{"name": None, "value": session.candidate_id}]},
            {"id": "facts", "rows": _rows(session, now_us)},
        ],
        "picture": {"offered": session.lockdown_held, "state": session.report_picture},
        "places": list(PLACES),
        "sent": sent(session),
        "hours": text("report.hours", **_hours(wall_ms)),
        "contact": verbatim(package.contact),
    }


def _rows(session: Session, now_us: int) -> list[Json]:
    return [{"name": text(f"report.fact.{name}"), "value": value} for name, value in facts(session, now_us).items()]


def _hours(wall_ms: int) -> dict[str, Json]:
    """As the clock of this computer shows them today."""
    midnight_ms = wall_ms - wall_ms % _DAY_MS
    since, until = (hour(midnight_ms + hours * _HOUR_MS) for hours in SUPPORT_H)
    return {"since": since, "until": until}


def sent(session: Session) -> list[Json]:
    """What was reported so far, before a restart, too."""
    return [_sent(report) for report in session.reports]


def _sent(report: SentReport) -> Json:
    return {
        "id": report.report_id,
        "problem": report.about == PROBLEM,
        "number": report.number,
        "state": _state(report),
        "body": text(f"report.state.{_state(report)}", number=report.number),
    }


def _state(report: SentReport) -> str:
    if report.failed:
        return "failed"
    if report.lost:
        return "lost"
    return "received" if report.received else "kept" if report.number else "sending"
