"""Records the screen while the real window shows an exam with password fields, and prints what the decoded recording
shows where they are, as JSON. Started by `conftest.py` for `test_password_fields.py`.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture import rate
from candidate_agent.capture.regions import Regions
from candidate_agent.capture.screens import Allowed, Screens
from candidate_agent.capture.shape import Rect
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from candidate_agent.ui.password_fields import Place
from exam_protocol.policy import Policy
from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import Shelf, decode_video
from tests.candidate_agent.ui.play import Play, run
from tests.candidate_agent.ui.stage import until

FIELD = "<input id=secret type=password value=geheim style='position:absolute;background:red;border:0;{place}'>"
PAGE = (
    "<title>Exam</title><body style='margin:0;height:3000px;background:#fff'><textarea id=answer>Some text</textarea>"
    + FIELD.format(place="left:100px;top:120px;width:200px;height:40px")
    + "<div id=mark style='position:absolute;left:500px;top:120px;width:200px;height:40px;background:#0a0'></div>"
    + '<iframe id=inner srcdoc="'
    + FIELD.format(place="left:10px;top:10px;width:100px;height:30px").replace("id=secret", "id=secret2")
    + "\" style='position:absolute;left:100px;top:300px;width:300px;height:100px;border:5px solid blue'></iframe>"
)
SCENES: dict[str, Callable[[Play], Any]] = {}


class Watching:
    def __init__(self) -> None:
        clock = SystemClock()
        self.regions, self.shelf = Regions(clock, follows=True), Shelf()
        self.told: list[tuple[int, bool]] = []
        port = X11Screen(devices.screen_port(), os.environ["DISPLAY"])
        own = Display("screen", 0, 0, 1280, 800, True)
        chosen = rate.profile("standard")
        self.screens = Screens(port, Allowed(own), self.regions, chosen, self.shelf.media, clock, lambda _event: None)

    def places(self, places: tuple[Place, ...], known: bool) -> None:
        self.told.append((len(places), known))
        self.regions.fields(tuple(Rect(place.left, place.top, place.right, place.bottom) for place in places))

    def picture(self, newer: int = 2) -> Any:
        """The newest of the recording, a few after now."""
        count = len(self.shelf.of(Track.SCREEN))
        self.screens.key_frame(Track.SCREEN)
        until(lambda: len(self.shelf.of(Track.SCREEN)) >= count + newer, "pictures", 20)
        return decode_video([kept.media.data for kept in self.shelf.of(Track.SCREEN)])[-1]


def _box(play: Play, of: str) -> tuple[slice, slice]:
    """Rows and columns of the display, a pixel inside of the element."""
    left, top, width, height = play.exam_js(f"(({{x, y, width, height}}) => [x, y, width, height])({of})")
    x, y = play.corner()
    return slice(int(y + top) + 2, int(y + top + height) - 2), slice(int(x + left) + 2, int(x + left + width) - 2)


def _seen(picture: Any, box: tuple[slice, slice]) -> list[int]:
    part = picture[box]
    return [int(part.min()), int(part.max()), int(part.size)]


def fields(play: Play) -> Any:
    watching = Watching()
    play.exam.page("/start", PAGE)
    play.friend.page("/field", FIELD.format(place="left:0;top:0"))
    assert play.windows._exam is not None
    play.windows._exam._policy = Policy(blackout_passwords=True)
    play.windows._exam._on_places = watching.places
    play.show("exam")
    watching.screens.start()
    try:
        return _walk(play, watching)
    finally:
        watching.screens.stop()


def _walk(play: Play, watching: Watching) -> Any:
    own, mark = "secret.getBoundingClientRect()", "mark.getBoundingClientRect()"
    play.open_exam()
    until(lambda: watching.told and watching.told[-1] == (2, True), "both fields are found", 20)
    until(lambda: watching.picture()[_box(play, mark)].max() > 100, "the page is not black any more", 20)
    first, here = watching.picture(), _box(play, own)
    result = {"first": _seen(first, here), "mark": _seen(first, _box(play, mark))}
    x, y = play.corner()
    result["inner"] = _seen(first, (slice(y + 318, y + 342), slice(x + 118, x + 210)))
    result["text"] = _seen(first, _box(play, "answer.getBoundingClientRect()"))
    play.exam_js("secret.type = 'text'; scrollTo(0, 60); 1")
    until(lambda: play.exam_js("scrollY") == 60, "it has scrolled")
    _moved(watching)
    there = _box(play, own)
    result["scrolled"] = [there[0].start - here[0].start, *_seen(watching.picture(), there)]
    every = decode_video([kept.media.data for kept in watching.shelf.of(Track.SCREEN)])
    result["red"] = [int(np.count_nonzero((p[..., 2] > 200) & (p[..., 1] < 60))) for p in every]
    play.exam_js(f"inner.removeAttribute('srcdoc'); inner.src = '{play.friend.url}/field'; 1")
    until(lambda: (1, False) in watching.told, "that a field has no place is said", 20)
    play.windows.cover_exam()
    until(lambda: watching.told[-1] == (0, True), "a covered page has no fields", 20)
    return result


def _moved(watching: Watching) -> None:
    before = len(watching.told)
    until(lambda: len(watching.told) > before or watching.regions.version > 1, "the field is followed", 20)


SCENES["fields"] = fields

if __name__ == "__main__":
    run(SCENES)
