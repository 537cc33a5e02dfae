"""What is recorded, stage by stage; the same texts once more on one page; and what a refusal leads to. Pure."""

from candidate_agent.session.consent import (
    COMPARE,
    NEVER,
    REHEARSED,
    STATEMENT,
    can_turn_to,
    captured,
    compared,
    stage,
    stages,
)
from candidate_agent.session.states import Session
from candidate_agent.ui.arranged import arranged
from candidate_agent.ui.words import Json, Live, action, text, verbatim
from exam_protocol.policy import Policy

_TITLES = {NEVER: "consent.never.heading", STATEMENT: "consent.statement.heading"}
NEVER_CAPTURED = ("keys", "clipboard", "files", "outside", "emotion")

FOUND_IN = ("webcam", "audio")  # what the computer itself looks and listens for


def consent(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    here, order = stage(session), stages(session)
    number = order.index(here)
    bodies = {COMPARE: _compare, NEVER: _never, STATEMENT: _statement}
    body = bodies.get(here, _captured)(session, here, live)
    return {
        "part": here,
        "title": text(_TITLES.get(here, f"consent.{here}.what")),
        "lead": text("consent.lead", institution=_institution(session)) if number == 0 else None,
        "step": text("consent.step", number=number + 1, total=len(order)),
        "stages": _stages(session, here, order),
        "arranged_here": arranged(session) if number == 0 else [],
        "actions": _actions(here, order),
        "enter": "" if here in (COMPARE, STATEMENT) else "consent-next",
        **body,
    }


def _stages(session: Session, here: str, order: tuple[str, ...]) -> list[Json]:
    """`open`: can be turned to."""
    can_open = can_turn_to(session)
    return [
        {
            "id": name,
            "name": text(f"consent.{name}.name"),
            "state": "now" if name == here else "read" if name in session.consent_read else "todo",
            "open": name != here and name in can_open,
        }
        for name in order
    ]


def _actions(here: str, order: tuple[str, ...]) -> list[Json]:
    """One "I agree", at the end; a second click that was meant for "Next" does not press it."""
    number = order.index(here)
    refuse = action("consent-refuse", "refuse", "quiet")
    back = [action("consent-back", "consent_turn", item=order[number - 1])] if number else []
    if here == COMPARE:
        no = action("consent-no-compare", "consent_decline", item=here)
        return [refuse, *back, no, action("consent-compare", "consent_read", item=here)]
    if here == STATEMENT:
        return [refuse, *back, {**action("consent-accept", "consent", "primary"), "careful": True}]
    return [refuse, *back, action("consent-next", "consent_read", "primary", item=here)]


def _captured(session: Session, name: str, live: Live) -> Json:
    policy = _policy(session)
    return {
        "kind": "captured",
        "detail": _detail(policy, name, live),
        "why": text(f"consent.{name}.why"),
        "who": text("consent.who", institution=_institution(session)),
        "keep": text("consent.keep", count=policy.retention_days),
        "note": text("consent.enter"),
    }


COMPARED = {"FACE_CHANGED": "consent.compare.face", "VOICE_SECOND": "consent.compare.voice"}


def _compare(session: Session, name: str, live: Live) -> Json:
    """Yes and no stand side by side, neither of them first: the exam goes on with both."""
    return _captured(session, name, live) | {
        "who": text("consent.compare.who"),
        "keep": text("consent.compare.keep"),
        "note": text("consent.compare.note"),
    }


def _detail(policy: Policy, name: str, live: Live) -> list[Json]:
    """What exactly, and what else the same sensor is used for."""
    if name == COMPARE:
        found = [text(key) for code, key in COMPARED.items() if code in policy.opt_in_findings]
        return [text("consent.compare.detail"), *found, text("consent.compare.stays")]
    said = [text(f"consent.{name}.detail")]
    if name in REHEARSED:
        said.append(text("consent.rehearsal", count=live.rehearsal_s))
    if policy.findings and name in FOUND_IN:
        said.append(text(f"consent.{name}.findings"))
    if {"webcam": policy.page_camera, "audio": policy.page_microphone}.get(name):
        said.append(text(f"consent.{name}.page"))
    if name == "id_card" and policy.read_mrz:
        said.append(text("consent.id_card.zone"))
    return said + (_of_the_screen(policy) if name == "screen" else [])


def _of_the_screen(policy: Policy) -> list[Json]:
    said = {
        "consent.screen.displays": policy.max_displays > 1,
        "consent.screen.blackouts": bool(policy.blackouts),
        "consent.screen.passwords": policy.blackout_passwords,
    }
    return [text(key) for key, holds in said.items() if holds]


def _never(session: Session, name: str, live: Live) -> Json:
    return {
        "kind": "never",
        "never": _never_captured(),
        **_biometrics(session),
        "note": text("consent.enter"),
    }


def _statement(session: Session, name: str, live: Live) -> Json:
    version = session.package.integrity_version if session.package else ""
    return {
        "kind": "statement",
        "statement": verbatim(session.package.integrity_statement if session.package else ""),
        "version": version,
        "summary": [text(f"consent.{name}.name") for name in _agreed(session)],
        "note": text("consent.note", version=version),
    }


def reread(session: Session, live: Live, now_us: int, wall_ms: int) -> Json:
    """Everything that was agreed to, on one page."""
    package, policy = session.package, _policy(session)
    return {
        "title": text("reread.title"),
        "lead": text("reread.lead"),
        "captures": [
            {
                "id": name,
                "what": text(f"consent.{name}.what"),
                "detail": _detail(policy, name, live),
                "why": text(f"consent.{name}.why"),
            }
            for name in _agreed(session)
        ],
        "who": text("consent.who", institution=_institution(session)),
        "keep": text("consent.keep", count=policy.retention_days),
        "never": _never_captured(),
        **_biometrics(session),
        "statement": verbatim(package.integrity_statement if package else ""),
        "version": package.integrity_version if package else "",
        "contact": verbatim(package.contact if package else ""),
        "actions": [action("reread-back", "texts", "primary", shown=False)],
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


def _agreed(session: Session) -> list[str]:
    """What is captured, without what was said no to."""
    return [name for name in captured(_policy(session)) if name != COMPARE or compared(session)]


def _biometrics(session: Session) -> Json:
    name = "biometrics.body"
    if COMPARE in captured(_policy(session)):
        name = "compared.yes" if compared(session) else "compared.no"
    title = "compared.title" if name == "compared.yes" else "biometrics.title"
    return {"biometrics_title": text(f"consent.{title}"), "biometrics": text(f"consent.{name}")}


def _never_captured() -> list[Json]:
    return [text(f"consent.never.{name}") for name in NEVER_CAPTURED]


def _policy(session: Session) -> Policy:
    return session.package.policy if session.package else Policy()


def _institution(session: Session) -> str:
    return session.package.institution if session.package else ""
