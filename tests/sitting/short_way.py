"""The real agent with a short way into its exam, and with switches that hang a part of it. For the tests beside it:
`python -m tests.sitting.short_way start ...`, with the name of a file in SHORT_WAY whose lines are what to do:

`admit URL` enters the exam at URL as if check-in were done and a proctor had admitted; `hang loop` and `hang window`
stop the event loop or the GUI thread for good; `be PHASE FIELD=VALUE ...` is as if check-in had come so far, where a
field is `consent_at` or a step of check-in with its status.
"""

import dataclasses
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from candidate_agent.cli import run
from candidate_agent.session import effects as fx
from candidate_agent.session import events as ev
from candidate_agent.session.states import Phase, Step, StepStatus
from exam_protocol.messages import AdmitBody
from exam_protocol.policy import ExamAccess

FOREVER_S = 3600.0
LOOK_S = 0.02
SWITCHES = "SHORT_WAY"


def follow(app: Any, path: Path) -> None:
    done = 0
    while True:
        time.sleep(LOOK_S)
        lines = path.read_text().splitlines() if path.exists() else []
        for line in lines[done:]:
            act(app, *line.split())
        done = len(lines)


def act(app: Any, what: str, argument: str, *more: str) -> None:
    if what == "be":
        app._driver._loop.call_soon_threadsafe(be, app, argument, dict(word.split("=") for word in more))
    elif what == "admit":
        app._driver._loop.call_soon_threadsafe(admit, app, argument)
    elif argument == "loop":
        app._driver._loop.call_soon_threadsafe(time.sleep, FOREVER_S)
    else:
        app._windows._post(lambda: time.sleep(FOREVER_S))


def admit(app: Any, url: str) -> None:
    driver = app._driver
    driver._orders.put_nowait(fx.OpenPreview())
    driver.session = dataclasses.replace(driver.session, phase=Phase.WAITING)
    driver.post(ev.CommandArrived("admit-1", "amal", "Amal", AdmitBody(ExamAccess(url, "", (url,))), bytes(32)))


def be(app: Any, phase: str, changes: dict[str, str]) -> None:
    driver = app._driver
    made = {name: said if name == "consent_at" else Step(StepStatus(said), 1) for name, said in changes.items()}
    driver.session = dataclasses.replace(driver.session, phase=Phase(phase), **made)
    if driver.session.phase is Phase.IDENTIFYING:
        driver._orders.put_nowait(fx.OpenPreview())
    driver.post(ev.Ticked())


def main() -> int:
    from candidate_agent.app import App

    build = App.build

    def build_and_follow(app: Any) -> None:
        build(app)
        threading.Thread(target=follow, args=(app, Path(os.environ[SWITCHES])), daemon=True).start()

    App.build = build_and_follow  # type: ignore[method-assign]
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
