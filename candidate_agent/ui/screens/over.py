"""After the exam: the computer given back, the rest sent, what the candidate takes home. Pure."""

from candidate_agent.session.states import Phase, Session
from candidate_agent.ui import measures
from candidate_agent.ui.screens.problem import PROBLEMS
from candidate_agent.ui.screens.reports import sent
from candidate_agent.ui.words import Json, Live, action, moment, text, verbatim

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
REMOVALS = ("deb", "pip", "windows", "macos", "source")
_SOON_S = 50
_HOURS_FROM_S = 100 * 60

MEASURES = frozenset(  # what the backends name; each has its word
    {
        "clipboard",
        "keyboard_grab",
        "screen_saver",
        "monitor_power",
        "virtual_terminal_keys",
        "shortcuts_of_input_aids",
        "notifications",
        "staying_awake",
        "hidden_from_recordings",
        "assessment_mode",
        "computer",
    }
)


def over(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
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
        "measures": [_measure(name, said) for name, said in session.restore_report],
        "upload": upload,
        "summary": _summary(session) if settled else [],
        "reported": sent(session) if settled else [],
        "receipt": _receipt(live) if live.receipt_path else None,
        "own_data": _own_data(live) if settled else None,
        "removal": _removal(live, drained) if settled and session.restored else [],
        "contact": verbatim(session.package.contact if session.package else ""),
        "note": text("over.close.safe") if upload is not None and not drained else None,
        "actions": [action("close", "close", "primary" if drained else "secondary", enabled=settled)],
    }


def _upload(session: Session, live: Live) -> Json:
    """Full only with the receipt: what is not acknowledged is not there."""
    left, receipt = session.backlog, session.receipt_complete
    whole = live.drained_bytes + left.bytes
    share = 1.0 if receipt and not left.records else min(0.99, live.drained_bytes / whole if whole else 0.99)
    state = (
        "receipt" if share == 1.0
        else "asking" if not left.records and session.link_up
        else "sending" if session.link_up
        else "waiting"
    )  # fmt: skip
    return {
        "state": state,
        "left": left.records,
        "bytes": left.bytes,
        "sent_bytes": live.drained_bytes,
        "share": round(share, 3),
        "time": time_left(live.left_s) if state == "sending" else None,
    }


def time_left(left_s: float | None) -> Json:
    """In words as rough as the guess is."""
    if left_s is None:
        return text("over.time.unknown")
    if left_s < _SOON_S:
        return text("over.time.soon")
    if left_s < _HOURS_FROM_S:
        return text("over.time.minutes", count=max(1, round(left_s / 60)))
    return text("over.time.hours", count=max(2, round(left_s / 3600)))


def _summary(session: Session) -> list[Json]:
    """When, how long, how much was said: no more, and nothing that judges."""
    if not session.began_ms:
        return []
    rows = [text("over.summary.began", at=moment(session.began_ms))]
    if session.ended_ms >= session.began_ms:
        rows.append(text("over.summary.long", count=round((session.ended_ms - session.began_ms) / 60_000)))
    rows.append(text("over.summary.messages", count=session.messages_before + len(session.chat)))
    return rows


def _receipt(live: Live) -> Json:
    return {"path": live.receipt_path, "open": action("open-receipt", "open_receipt", "secondary small-button")}


def _own_data(live: Live) -> Json:
    saving = live.own_data == "saving"
    return {
        "state": live.own_data,
        "path": live.own_data_path if live.own_data == "saved" else "",
        "save": action("own-data", "own_data", "secondary small-button", enabled=not saving),
    }


def _removal(live: Live, drained: bool) -> list[Json]:
    """Only where it is known how the program came here; how, once nothing is left to send or to put back."""
    removal = live.removal
    if removal.way not in REMOVALS:
        return []
    if not drained:
        return [text("removal.later")]
    return [text(f"removal.{removal.way}"), text("removal.folder", path=removal.home), text("removal.stays")]


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


def _measure(name: str, said: str) -> Json:
    key = measures.name_key(name)
    return {
        "id": name,
        "name": text(key) if key else verbatim(name),
        "fine": measures.is_fine(said),
        "outcome": text(f"outcome.{measures.outcome(said)}"),
    }
