"""The body of each screen: what happened, what it means, what to do, and the buttons. Pure; `view_model.view` adds the
frame.
"""

from collections.abc import Callable
from typing import Any

from candidate_agent.base.errors import STATUS
from candidate_agent.session.states import Phase, Session, Step, StepStatus
from candidate_agent.ui.words import Json, Live, action, duration, moment, number, text, verbatim
from exam_protocol.catalogue import CHECKS
from exam_protocol.records import CheckRow

PROBLEMS = frozenset(STATUS)  # each has its words: what happened, what it means, what to do
PASSING = frozenset(  # may be gone in a moment: joining can be tried again without a new start
    {"server_unreachable", "server_foreign", "server_storage", "rate_limited", "roster_missing", "outside_window"}
    | {"disk_full", "disk_unwritable"}
)
REASONS = frozenset(
    {
        "finished",
        "ended_by_proctor",
        "left_by_candidate",
        "admission_refused",
        "consent_refused",
        "lockdown_failed",
        "recording_failed",
        "time_over",
        "window_closed",
        "interrupted",
    }
)
_EXPLAINED = frozenset({"protection"})  # its sentence is read also where all is well
_VERDICTS = ("pass", "warn", "fail", "person")


def _joining(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    name = "locking" if session.phase == Phase.LOCKING else "joining"
    return {"title": text(f"{name}.title"), "lead": text(f"{name}.lead"), "actions": []}


def _consent(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    package = session.package
    policy = package.policy if package else None
    asked = {"id_card": policy is None or policy.id_card, "room": policy is None or policy.room_scan}
    names = ("screen", "webcam", "audio", *(name for name, wanted in asked.items() if wanted), "events", "chat")
    return {
        "title": text("consent.title"),
        "lead": text("consent.lead", institution=package.institution if package else ""),
        "captures": [
            {"id": name, "what": text(f"consent.{name}.what"), "why": text(f"consent.{name}.why")} for name in names
        ],
        "who": text("consent.who", institution=package.institution if package else ""),
        "keep": text("consent.keep", n=policy.retention_days if policy else 0),
        "never": [text(f"consent.never.{name}") for name in ("keys", "clipboard", "files", "outside", "emotion")],
        "statement": verbatim(package.integrity_statement if package else ""),
        "version": package.integrity_version if package else "",
        "actions": [
            action("consent-refuse", "refuse", "quiet"),
            action("consent-accept", "consent", "primary"),
        ],
        "note": text("consent.note", version=package.integrity_version if package else ""),
    }


def _refused(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    package, ours = session.package, session.reason == "consent_refused"
    close = action("close", "close", "primary")
    return {
        "title": text("refused.title" if ours else "refused.title.admission"),
        "lead": text("refused.lead"),
        "reason": verbatim(session.words) if session.words else None,
        "alternative": verbatim(package.alternative if package else ""),
        "contact": verbatim(package.contact if package else ""),
        "actions": [action("refused-back", "continue"), close] if ours else [close],
    }


def _checks(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
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
        text("checks.title.stop", n=stops)
        if stops
        else text("checks.title.look", n=looks)
        if looks
        else text("checks.title.fine")
    )


def _checks_lead(stops: int, looks: int) -> Json:
    return text("checks.lead.stop") if stops else text("checks.lead.look") if looks else text("checks.lead.fine")


def open_programs(session: Session) -> list[Json]:
    """Programs that the exam does not allow, each with what became of asking it to close."""
    return [
        {
            "id": f"program-{number}",
            "name": program.name,
            "state": program.state.value,
            "body": text(f"program.{program.state.value}", name=program.name),
        }
        for number, program in enumerate(session.programs)
    ]


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
        "value": row.value if row.value is None or isinstance(row.value, str) else number(row.value),
        "unit": row.unit,
        "threshold": row.threshold,
        "remedy": verbatim(row.remedy) if row.remedy and (row.outcome != "pass" or code in _EXPLAINED) else None,
        "programs": open_programs(session) if code == "programs" else [],
    }


def _identity(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return _step("id_card", session.id_card, live)


def _room(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return _step("room", session.room, live)


def _step(name: str, step: Step, live: Live) -> Json:
    """Take, look, then send or take again. A step that was asked for again says why, first of all."""
    taking = live.capturing == name
    taken = step.status == StepStatus.TAKEN and not taking
    stage = "taking" if taking else "look" if taken else "ready"
    capture = action(
        f"capture-{name}", "capture", "primary", enabled=not taking and "camera" in live.previews, step=name
    )
    look = [
        action(f"retake-{name}", "retake", step=name),
        action(f"confirm-{name}", "confirm_step", "primary", step=name),
    ]
    return {
        "title": text(f"{name}.title.{stage}"),
        "lead": text(f"{name}.lead.{stage}"),
        "step": name,
        "stage": stage,
        "picture": name if taken else "camera",
        "has_picture": (name if taken else "camera") in live.previews,
        "progress": round(live.capture_progress, 3) if taking else None,
        "again": verbatim(step.reason) if step.reason and step.status != StepStatus.APPROVED else None,
        "tips": [text(f"{name}.tip.{number}") for number in (1, 2, 3)] if not taken else [],
        "why": text(f"{name}.why"),
        "actions": look if taken else [capture],
    }


def _waiting(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    policy = session.package.policy if session.package else None
    steps = []
    if policy is None or policy.id_card:
        steps.append({"id": "id_card", "state": session.id_card.status.value})
    if policy is None or policy.room_scan:
        steps.append({"id": "room", "state": session.room.status.value})
    approved = all(step["state"] in ("approved", "skipped") for step in steps)
    return {
        "title": text("waiting.title.approved" if approved else "waiting.title.looking"),
        "lead": text("waiting.lead"),
        "steps": steps,
        "watched": bool(session.watchers),
        "actions": [],
    }


def _exam(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    return {"title": text("exam.title"), "lead": text("exam.lead"), "actions": []}


def _paused(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    reason = verbatim(session.words) if session.words else None
    if session.leave_asked:
        actions = [
            action("leave-confirm", "leave_confirmed", "danger"),
            action("leave-stay", "leave_withdrawn", "primary"),
        ]
        return {"title": text("leave.title"), "lead": text("leave.what"), "reason": None, "actions": actions}
    lead = text("paused.lead.lease" if session.reason == "lease_lapsed" else "paused.lead")
    return {
        "title": text("paused.title"),
        "lead": lead,
        "reason": reason,
        "actions": [action("leave", "leave", "quiet")],
    }


def _over(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    settled = session.phase in (Phase.DONE, Phase.ENDED)
    upload = _upload(session, live) if settled else None
    drained = upload is not None and upload["share"] == 1.0
    return {
        "title": text(
            "over.title.done"
            if session.phase == Phase.DONE
            else "over.title.ended"
            if settled
            else "over.title.unlocking"
        ),
        "lead": _over_lead(session),
        "problem": _problem_sentence(session),
        "restored": session.restored,
        "measures": [
            {"name": _measure(name), "outcome": "fine" if session.restored else _outcome(outcome)}
            for name, outcome in session.restore_report
        ],
        "upload": upload,
        "receipt_path": live.receipt_path,
        "contact": verbatim(session.package.contact if session.package else ""),
        "actions": [action("close", "close", "primary" if drained else "secondary", enabled=settled)],
    }


def _upload(session: Session, live: Live) -> Json:
    """Full only with the receipt: what is not acknowledged is not there."""
    sent, left, receipt = live.drained_records, session.backlog.records, session.receipt_complete
    share = 1.0 if receipt and not left else min(0.99, sent / (sent + left)) if sent + left else 0.0
    return {
        "sent": sent,
        "left": left,
        "bytes": session.backlog.bytes,
        "share": round(share, 3),
        "receipt": receipt,
        "link_up": session.link_up,
    }


def _over_lead(session: Session) -> Json:
    return text(f"over.reason.{session.reason if session.reason in REASONS else 'other'}")


def _problem_sentence(session: Session) -> Json | None:
    """What the proctor wrote, or what technically went wrong."""
    if session.words:
        return verbatim(session.words)
    if session.problem:
        code, sentence = session.problem
        return text(f"problem.{code}.what") if code in PROBLEMS else verbatim(sentence)
    return None


def _measure(name: str) -> Json:
    return verbatim(name.replace("_", " "))


def _outcome(outcome: str) -> str:
    return "fine" if outcome == "put back" else outcome


def _problem(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    code, sentence = session.problem or ("unknown", "")
    known = code in PROBLEMS
    return {
        "title": text(f"problem.{code}.what")
        if known
        else verbatim(sentence)
        if sentence
        else text("problem.other.what"),
        "lead": text(f"problem.{code}.means") if known else text("problem.other.means"),
        "todo": text(f"problem.{code}.do") if known else text("problem.other.do"),
        "code": code,
        "contact": verbatim(session.package.contact if session.package else ""),
        "window": _exam_window(session, wall_ms) if code == "outside_window" else None,
        "actions": _problem_actions(code),
    }


def _problem_actions(code: str) -> list[Json]:
    if code in PASSING:
        return [action("close", "close", "quiet"), action("try-again", "continue", "primary")]
    return [action("close", "close", "primary")]


def _exam_window(session: Session, wall_ms: int) -> Json | None:
    package = session.package
    if package is None or package.opens_ms <= wall_ms <= package.closes_ms:
        return None
    if wall_ms < package.opens_ms:
        return text("problem.opens", at=moment(package.opens_ms), time=duration((package.opens_ms - wall_ms) // 1000))
    return text("problem.closed", at=moment(package.closes_ms))


DRAW: dict[str, Callable[[Session, Live, int, int], dict[str, Any]]] = {
    "joining": _joining,
    "consent": _consent,
    "refused": _refused,
    "checks": _checks,
    "identity": _identity,
    "room": _room,
    "waiting": _waiting,
    "exam": _exam,
    "paused": _paused,
    "over": _over,
    "problem": _problem,
}
