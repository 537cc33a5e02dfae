"""What is recorded, and what a refusal leads to. Pure."""

from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, Live, action, text, verbatim


def consent(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    package = session.package
    policy = package.policy if package else None
    asked = {
        "id_card": policy is None or policy.id_card,
        "room": policy is None or policy.room_scan,
        "paper": policy is not None and policy.scratch_paper,
    }
    names = ("screen", "webcam", "audio", *(name for name, wanted in asked.items() if wanted), "events", "chat")
    return {
        "title": text("consent.title"),
        "lead": text("consent.lead", institution=package.institution if package else ""),
        "captures": [
            {"id": name, "what": text(f"consent.{name}.what"), "why": text(f"consent.{name}.why")} for name in names
        ],
        "who": text("consent.who", institution=package.institution if package else ""),
        "keep": text("consent.keep", count=policy.retention_days if policy else 0),
        "never": [text(f"consent.never.{name}") for name in ("keys", "clipboard", "files", "outside", "emotion")],
        "statement": verbatim(package.integrity_statement if package else ""),
        "version": package.integrity_version if package else "",
        "actions": [
            action("consent-refuse", "refuse", "quiet"),
            action("consent-accept", "consent", "primary"),
        ],
        "note": text("consent.note", version=package.integrity_version if package else ""),
    }


def refused(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
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
