"""Calm lines in the exam's strip on what the candidate can mend: the camera is covered, the room is loud. Pure. The
flag went its own way before; nothing here says so.
"""

from candidate_agent.session.states import EXAM_VISIBLE, Session
from candidate_agent.ui.words import Json, text

_SAID = {  # the most telling first; where the lens is covered nothing else is said of the picture
    "CAMERA_COVERED": ("mend.covered.what", "mend.covered.do"),
    "CAMERA_DARK": ("mend.dark.what", "mend.dark.do"),
    "CAMERA_FROZEN": ("mend.frozen.what", "mend.frozen.do"),
    "NOISE_HIGH": ("mend.loud.what", "mend.loud.do"),
}


def hints(session: Session) -> list[Json]:
    """Banners, at most one on the camera and one on the room."""
    if session.phase not in EXAM_VISIBLE:
        return []
    standing = [code for code in _SAID if code in session.hints]
    camera = [code for code in standing if code.startswith("CAMERA")][:1]
    shown = [*camera, *(code for code in standing if code not in camera and not code.startswith("CAMERA"))]
    return [_line(code) for code in shown]


def _line(code: str) -> Json:
    what, do = _SAID[code]
    return {"id": f"hint-{code.lower()}", "tone": "calm", "body": text(what), "more": text(do)}
