# ruff: noqa: E501  (JavaScript that stands in one line reads better than broken)
"""Plays the exam browser in the real window and prints what was seen, as JSON, for `test_exam_browser.py`. Started by
`conftest.py` on a screen of its own; the scenes run in the order in which they stand here.
"""

from collections.abc import Callable
from typing import Any

from tests.candidate_agent.ui.play import Play, run
from tests.escape import pages

SCENES: dict[str, Callable[[Play], Any]] = {}


def scene(function: Callable[[Play], Any]) -> Callable[[Play], Any]:
    SCENES[function.__name__] = function
    return function


@scene
def tricks(play: Play) -> Any:
    pages.prepare(play)
    play.show("exam")
    play.open_exam()
    with pages.listening() as udp:
        import sys,time
        res={}
        for trick in pages.TRICKS:
            a=time.time()
            try: res[trick.name]=pages.run(trick,play,udp)
            except Exception as e: res[trick.name]=repr(e)
            print("TRICK",trick.name, round(time.time()-a,2), res[trick.name],file=sys.stderr,flush=True)
        return res


if __name__ == "__main__":
    run(SCENES)
