"""What the candidate may try on the check screen: a sound to hear, and the rehearsal. Pure. Both may be left out."""

from candidate_agent.session.states import Session
from candidate_agent.ui.screens import check_words
from candidate_agent.ui.words import Json, Live, action, number, text
from exam_protocol.records import CheckRow


def tries(rows: dict[str, CheckRow], session: Session, live: Live) -> list[Json]:
    return [_speaker(rows.get("speaker"), session), _rehearsal(rows.get("rehearsal"), session, live)]


def _speaker(row: CheckRow | None, session: Session) -> Json:
    playing, asks = session.tone == "playing", session.tone == "played"
    play = action("play-tone", "play_tone", enabled=not playing)
    answers = [
        action("speaker-heard", "speaker", "primary", answer="heard"),
        action("speaker-not-heard", "speaker", answer="not_heard"),
        action("speaker-skip", "speaker", "quiet", answer="skipped"),
    ]
    told = text(f"speaker.{session.tone}") if session.tone else text(f"speaker.{_known(row)}")
    help_wanted = session.tone == "failed" or _known(row) == "not_heard"
    settings = [action("speaker-settings", "open_settings", page="sound")] if help_wanted else []
    where = text("settings.sound.where") if help_wanted and session.settings_shut == "sound" else None
    return _row("speaker", row, told) | {"buttons": [*answers, play] if asks else [play, *settings], "where": where}


def _known(row: CheckRow | None) -> str:
    said = str(row.value).replace(" ", "_") if row is not None else ""
    return said if said in ("heard", "not_heard", "skipped") else "why"


def _rehearsal(row: CheckRow | None, session: Session, live: Live) -> Json:
    if session.rehearsing:
        told = text("rehearsal.sending" if live.rehearsal_share >= 1 else "rehearsal.going")
        bar = {"share": round(live.rehearsal_share, 3), "label": text("rehearsal.left", count=live.rehearsal_left_s)}
        going = {"verdict": "measuring", "value": None, "progress": bar}
        return _row("rehearsal", row, told) | going | {"buttons": [action("rehearse-stop", "rehearse_stop")]}
    start = action("rehearse", "rehearse", enabled=not session.checks_running)
    return _row("rehearsal", row, _said(row, live)) | {"buttons": [start]}


def _said(row: CheckRow | None, live: Live) -> Json:
    if row is None:
        return text("rehearsal.why", count=live.rehearsal_s)
    return check_words.remedy(row) if row.remedy else text("rehearsal.pass")


def _row(code: str, row: CheckRow | None, told: Json) -> Json:
    """`told`: one sentence on how it stands, spoken when it changes. The value is drawn where it is a figure."""
    figure = row.value if row is not None and isinstance(row.value, int | float) else None
    return {
        "id": code,
        "title": text(f"check.{code}"),
        "verdict": row.outcome if row is not None else "open",
        "value": None if figure is None else number(figure),
        "unit": row.unit if row is not None else "",
        "told": told,
        "progress": None,
        "where": None,
    }
