"""Accommodations in words: what the institution arranged for this candidate. Pure; shown before the exam and in the
help of every page.
"""

from candidate_agent.session.states import Session
from candidate_agent.ui.words import Json, length, text, verbatim
from exam_protocol.catalogue import FLAGS
from exam_protocol.policy import Policy


def arranged(session: Session) -> list[Json]:
    """One entry each: a sentence, and the names that belong to it."""
    granted = session.accommodations
    entries = []
    if granted.extra_time_s:
        entries.append(_entry("extra", _extra(session)))
    if granted.extra_breaks:
        entries.append(_entry("breaks", text("arranged.breaks", count=granted.extra_breaks)))
    if granted.text_size != 100:
        entries.append(_entry("size", text("arranged.size", percent=granted.text_size)))
    if granted.allowed_programs:
        names = [verbatim(name.removesuffix("*")) for name in granted.allowed_programs]
        entries.append(_entry("programs", text("arranged.programs"), names))
    if granted.muted_flags:
        entries.append(_entry("muted", text("arranged.muted"), [_note(code) for code in granted.muted_flags]))
    return entries


def _entry(identity: str, body: Json, names: list[Json] | None = None) -> Json:
    return {"id": identity, "body": body, "names": names or []}


def _extra(session: Session) -> Json:
    extra_s = session.accommodations.extra_time_s
    whole_s = (session.package.policy if session.package else Policy()).duration_s + extra_s
    return text("arranged.extra", time=length(extra_s), total=length(whole_s))


def _note(code: str) -> Json:
    return text(f"flag.{code}") if code in FLAGS else verbatim(code)
