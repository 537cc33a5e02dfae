"""The rows of the system checks: what needs a hand first, what is measured now, what the candidate may try, and what is
fine, folded. Pure. `devices` draws camera and microphone beside them, `tries` the sound and the rehearsal.
"""

from candidate_agent.session.states import Session
from candidate_agent.ui.screens import check_words
from candidate_agent.ui.screens.devices import devices
from candidate_agent.ui.screens.programs import open_programs
from candidate_agent.ui.screens.tries import tries
from candidate_agent.ui.words import Json, Live, action, text, verbatim
from exam_protocol.catalogue import ASKED, CHECKS, SETTINGS_PAGE
from exam_protocol.records import CheckRow

_EXPLAINED = frozenset({"protection"})  # its sentence is read also where all is well
_VERDICTS = ("pass", "warn", "fail", "person")
_LOOKS = ("warn", "person", "fail")


def checks(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    rows = {row.code: row for row in session.checks}
    measured = [code for code in (*CHECKS, *(code for code in rows if code not in CHECKS)) if code not in ASKED]
    shown = [_check_row(rows.get(code), code, session) for code in measured]
    stops = sum(row["verdict"] == "fail" and row["blocks"] for row in shown)
    looks = sum(row["verdict"] in _LOOKS for row in shown) - stops
    finished = bool(session.checks) and not session.checks_running
    free = not session.checks_running and not session.rehearsing
    return {
        "title": _checks_title(finished, stops, looks),
        "lead": text("checks.lead.running") if session.checks_running else _checks_lead(stops, looks),
        "rows": shown,
        "measured": sum(row["verdict"] not in ("measuring", "waiting") for row in shown),
        "total": len(measured),
        "running": session.checks_running,
        "devices": devices(rows, live, session.rehearsing),
        "tries": tries(rows, session, live),
        "profile": _profile(session),
        "actions": [
            action("checks-again", "check_again", enabled=free, code=""),
            action("checks-continue", "continue", "primary", enabled=finished and free and not stops),
        ],
    }


def _checks_title(finished: bool, stops: int, looks: int) -> Json:
    if not finished:
        return text("checks.title.running")
    return (
        text("checks.title.stop", count=stops)
        if stops
        else text("checks.title.look", count=looks)
        if looks
        else text("checks.title.fine")
    )


def _checks_lead(stops: int, looks: int) -> Json:
    return text("checks.lead.stop") if stops else text("checks.lead.look") if looks else text("checks.lead.fine")


def _profile(session: Session) -> Json | None:
    """What the measured line means for the recording; None before it was measured."""
    most = session.package.policy.profile if session.package else ""
    if not session.profile:
        return None
    fits = session.profile == most and most in ("full", "standard")
    return text("checks.profile.most" if fits else f"checks.profile.{session.profile}")


def _check_row(row: CheckRow | None, code: str, session: Session) -> Json:
    kind = CHECKS.get(code)
    blocks = bool(kind and kind.blocks)
    drawn: Json = {
        "id": code,
        "title": text(f"check.{code}") if kind else verbatim(code),
        "verdict": "measuring" if session.checks_running else "waiting",
        "group": "now",
        "blocks": blocks,
        "again": not session.checks_running and not session.rehearsing,
    }
    return drawn if row is None else drawn | _measured_row(row, blocks, session)


def _measured_row(row: CheckRow, blocks: bool, session: Session) -> Json:
    code, again = row.code, row.code in session.measuring
    outcome = row.outcome if row.outcome in _VERDICTS else "unmeasured"
    page = SETTINGS_PAGE.get(code, "") if outcome != "pass" else ""
    return {
        "verdict": "measuring" if again else outcome,
        "group": "now" if again and len(session.measuring) > 1 else _group(outcome, blocks),
        "value": check_words.value(row),
        "unit": row.unit,
        "threshold": check_words.threshold(row),
        "remedy": check_words.remedy(row) if row.remedy and (outcome != "pass" or code in _EXPLAINED) else None,
        "programs": open_programs(session) if code == "programs" else [],
        "settings": page,
        "where": text(f"settings.{page}.where") if page and page == session.settings_shut else None,
    }


def _group(outcome: str, blocks: bool) -> str:
    if outcome == "fail" and blocks:
        return "hand"
    return "fine" if outcome == "pass" else "look"
