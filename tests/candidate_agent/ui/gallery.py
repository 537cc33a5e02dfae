"""A picture of every screen, for looking at: `python -m tests.candidate_agent.ui.gallery OUT [WIDTHxHEIGHT]
[light|dark] [NAME ...] [--language CODE]`.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.candidate_agent.ui import stage
from tests.candidate_agent.ui.states import NOW_US, STATES, WALL_MS

EXAM_PAGE = (
    "<body style='font:18px sans-serif;max-width:46rem;margin:2rem auto'><h1>Linear Algebra</h1>"
    "<p>1. Let A be a real 3×3 matrix with "
    "A² = A. Which values can its trace have? Give reasons.</p><textarea rows=8 style='width:100%'></textarea>"
)


def main(arguments: list[str]) -> None:
    language = "en"
    if "--language" in arguments:
        at = arguments.index("--language")
        language = arguments[at + 1]
        arguments = arguments[:at] + arguments[at + 2 :]
    out, (size, scheme, *names) = (
        Path(arguments[0]),
        [*arguments[1:], "1280x800", "light"][: max(2, len(arguments) - 1)],
    )
    out.mkdir(parents=True, exist_ok=True)
    width, height = (int(part) for part in size.split("x"))
    with stage.screen(width, height) as display:
        os.environ.update(stage.SWITCHES, DISPLAY=display)
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] += f" --blink-settings=preferredColorScheme={int(scheme != 'dark')}"
        _draw(out, f"{size}-{scheme}-{language}", names or list(STATES), language)


def _draw(out: Path, suffix: str, names: list[str], language: str) -> None:
    from candidate_agent.ui.bridge import Bridge
    from candidate_agent.ui.windows import Windows

    windows = Windows(Bridge(print))

    def play() -> None:
        try:
            windows._post(lambda: windows._native.showFullScreen())
            for name in names:
                _one(windows, name, out / f"{name}-{suffix}.png", language)
        finally:
            windows.close()

    windows.run(play)


def _one(windows: "stage.Windows", name: str, path: Path, language: str) -> None:
    from candidate_agent.ui.view_model import view

    state = STATES[name]
    drawn = view(replace(state.session, language=language), now_us=NOW_US, wall_ms=WALL_MS, live=state.live)
    for preview in ("camera", "id_card", "room", "paper", "screen", "report"):
        windows.preview(preview, sample_picture(preview) if preview in state.live.previews else b"")
    if drawn["strip"]:
        windows._ask(lambda: _sample_exam(windows))
    else:
        windows.hide_exam(forget=True)
    windows.publish(drawn)
    script = "[document.documentElement.lang, document.querySelector('#screen')?.dataset.screen]"
    stage.until(lambda: stage.run_script(windows, script) == [language, drawn["screen"]], f"screen {name}")
    for element in filter(None, state.panel.split(", ")):
        stage.run_script(windows, f"document.getElementById('{element}').click()")
    time.sleep(0.5)
    stage.picture(path)


def _sample_exam(windows: "stage.Windows") -> None:
    from exam_protocol.policy import ExamAccess

    windows._show_exam(ExamAccess("http://127.0.0.1:9/", "A1B2C3", ()), lambda kind, where: None)
    assert windows._exam is not None and windows._exam.view is not None
    windows._exam.view.setHtml(EXAM_PAGE)


def sample_picture(name: str) -> bytes:
    import cv2
    import numpy as np

    image = np.full((480, 640, 3), (96, 88, 80), np.uint8)
    image[:, :] = np.linspace(70, 140, 640, dtype=np.uint8)[None, :, None]
    cv2.rectangle(image, (60, 40), (220, 260), (150, 150, 140), -1)
    if name in ("camera", "id_card"):
        cv2.ellipse(image, (340, 470), (170, 150), 0, 0, 360, (110, 90, 50), -1)
        cv2.ellipse(image, (340, 250), (82, 108), 0, 0, 360, (150, 175, 215), -1)
        cv2.ellipse(image, (340, 180), (92, 70), 0, 180, 360, (40, 50, 70), -1)
    if name == "id_card":
        cv2.rectangle(image, (440, 230), (610, 340), (225, 225, 210), -1)
        cv2.putText(image, "SPECIMEN", (450, 330), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (90, 70, 40), 2)
    return bytes(cv2.imencode(".jpg", image)[1])


if __name__ == "__main__":
    main(sys.argv[1:])
