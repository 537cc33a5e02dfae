"""Before the exam's window opens, and after it has closed. Pure; the page names both time zones."""

from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, Live, action, duration, length, text, verbatim
from exam_protocol.policy import Policy

PRACTICE = "candidate-agent practice"


def early(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    package = session.package
    policy = package.policy if package else Policy()
    left_ms = max(0, package.opens_ms - wall_ms) if package else 0
    return {
        "title": text("early.title"),
        "lead": text("early.lead.soon" if session.problem else "early.lead"),
        "left": duration(-(-left_ms // 1000)),
        "window": _window(session),
        "ready": [{"id": name, "body": text(f"early.ready.{name}")} for name in _to_have_ready(policy)],
        "length": text("early.length", time=length(policy.duration_s)),
        "try_first": text("early.practice", command=PRACTICE),
        "actions": [action("close", "close", "quiet")],
        "note": text("early.note"),
    }


def closed(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    package = session.package
    return {
        "title": text("closed.title"),
        "lead": text("closed.lead"),
        "window": _window(session),
        "contact": verbatim(package.contact if package else ""),
        "actions": [action("close", "close", "primary")],
    }


def _window(session: Session) -> Json | None:
    package = session.package
    return {"opens_ms": package.opens_ms, "closes_ms": package.closes_ms, "zone": package.zone} if package else None


def _to_have_ready(policy: Policy) -> tuple[str, ...]:
    asked = {"id_card": policy.id_card, "room": policy.room_scan, "display": policy.max_displays == 1}
    names = ("id_card", "place", "room", "display", "power", "line", "phone")
    return tuple(name for name in names if asked.get(name, True))
