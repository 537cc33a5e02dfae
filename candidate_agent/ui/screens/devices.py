"""What camera and microphone give now, with hints in words: light, place in the picture, loudness. Pure.

Hints come from measured values only: the picture's brightness, the sound's level, and what the framing check said.
"""

from candidate_agent.ui.screens import check_words
from candidate_agent.ui.words import Json, Live, text
from exam_protocol.records import CheckRow

HEARD_DBFS, FAINT_DBFS, SILENT_DBFS = -40.0, -55.0, -90.0  # the first two as in the check of the microphone
LOWEST_DBFS = -60.0  # where the meter begins
LIGHT = ("black", "dark", "dim", "backlit", "bright", "fine")


def devices(rows: dict[str, CheckRow], live: Live, rehearsing: bool) -> Json:
    return {
        "camera": _camera(rows.get("framing"), live),
        "microphone": _microphone(live),
        "note": text("rehearsal.note" if rehearsing else "step.mirror"),
    }


def _camera(framing: CheckRow | None, live: Live) -> Json:
    if not live.light:
        return {"has_picture": False, "hints": [_hint("camera.none", False)]}
    hints = [_hint(f"light.{live.light}", live.light == "fine")]
    if framing is not None and framing.outcome in ("warn", "fail", "person") and framing.remedy:
        hints.append({"id": "framing", "body": check_words.remedy(framing), "fine": False})
    return {"has_picture": True, "hints": hints}


def _microphone(live: Live) -> Json:
    if live.microphone_dbfs is None:
        return {"share": None, "hint": _hint("voice.none", False)}
    loudest = live.microphone_dbfs if live.voice_dbfs is None else live.voice_dbfs
    share = min(1.0, max(0.0, live.microphone_dbfs / -LOWEST_DBFS + 1))
    return {"share": round(share, 2), "hint": _hint(f"voice.{voice(loudest)}", loudest > HEARD_DBFS)}


def voice(dbfs: float) -> str:
    """How a level sounds to a listener: heard, faint (a little louder, please), quiet (nobody speaks), silent."""
    if dbfs > HEARD_DBFS:
        return "heard"
    return "faint" if dbfs >= FAINT_DBFS else "quiet" if dbfs > SILENT_DBFS else "silent"


def _hint(key: str, fine: bool) -> Json:
    return {"id": key.split(".")[0], "body": text(key), "fine": fine}
