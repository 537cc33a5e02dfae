"""The rows of the system checks. Pure."""

from candidate_agent.session.states import Session
from candidate_agent.ui.screens import check_words
from candidate_agent.ui.screens.programs import open_programs
from candidate_agent.ui.words import Json, Live, action, text, verbatim
from exam_protocol.catalogue import CHECKS
from exam_protocol.records import CheckRow

_EXPLAINED = frozenset({"protection"})  # its sentence is read also where all is well
_VERDICTS = ("pass", "warn", "fail", "person")
_VERDICTS = ("pass", "warn", "fail", "person")


def checks(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    rows = {row.code: row for row in session.checks}
    order = [*CHECKS, *(code for code in rows if code not in CHECKS)]
    shown = [_check_row(rows.get(code), code, session) for code in order]
    stops = sum(row["verdict"] == "fail" and row["blocks"] for row in shown)
    looks = sum(row["verdict"] in ("warn", "person", "fail") for row in shown) - stops
    finished = bool(session.checks) and not session.checks_running
    return {
        "title": _checks_title(finished, stops, looks),
        "lead": text("checks.lead.running") if session.checks_running else _checks_lead(stops, looks),
        "rows": shown,
        "measured": len(rows),
        "total": len(order),
        "running": session.checks_running,
        "microphone_dbfs": live.microphone_dbfs,
        "actions": [
            action("checks-again", "check_again", enabled=not session.checks_running, code=""),
            action("checks-continue", "continue", "primary", enabled=finished and not stops),
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


def _check_row(row: CheckRow | None, code: str, session: Session) -> Json:
    running = session.checks_running
    kind = CHECKS.get(code)
    title = text(f"check.{code}") if kind else verbatim(code)
    blocks = bool(kind and kind.blocks)
    if row is None:
        return {"id": code, "title": title, "verdict": "measuring" if running else "waiting", "blocks": blocks}
    return {
        "id": code,
        "title": title,
        "verdict": row.outcome if row.outcome in _VERDICTS else "unmeasured",
        "blocks": blocks,
        "value": check_words.value(row),
        "unit": row.unit,
        "threshold": check_words.threshold(row),
        "remedy": check_words.remedy(row) if row.remedy and (row.outcome != "pass" or code in _EXPLAINED) else None,
        "programs": open_programs(session) if code == "programs" else [],
    }
