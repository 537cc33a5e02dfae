"""After the exam: the computer given back, the rest sent. Pure."""

from candidate_agent.session.states import Phase, Session
from candidate_agent.ui.screens.problem import PROBLEMS
from candidate_agent.ui.words import Json, Live, action, text, verbatim

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
    """One of another version of the program keeps its name."""
    code = name.replace(" ", "_")
    return text(f"measure.{code}") if code in MEASURES else verbatim(name.replace("_", " "))


def _outcome(outcome: str) -> str:
    return "fine" if outcome == "put back" else outcome
