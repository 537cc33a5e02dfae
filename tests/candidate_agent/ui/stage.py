"""A screen of our own for tests: Xvfb with a window manager, keys and pictures from outside the program."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mss
import mss.tools

from candidate_agent.ui.windows import Windows

SWITCHES = {
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "CANDIDATE_AGENT_DEMO": "1",
    "QT_QPA_PLATFORM": "xcb",
}


@contextmanager
def screen(width: int, height: int) -> Iterator[str]:
    """A display's name, free when the block is left."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        display = f":{answer.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    try:
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)


def until(holds: Callable[[], Any], what: str, deadline_s: float = 20.0) -> Any:
    """The first true answer of `holds`."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if answer := holds():
            return answer
        time.sleep(0.03)
    raise AssertionError(f"waited in vain for: {what}")


def run_script(windows: Windows, script: str, *, exam: bool = False) -> Any:
    """The value of the expression `script` in our page or the exam page; statements, which have a ";", have none."""
    source = script if ";" in script else f"JSON.stringify({script})"
    done: Future[Any] = Future()

    def ask() -> None:
        view = windows._exam.view if exam and windows._exam else windows._native.webview
        if view is None:
            done.set_exception(AssertionError("no exam view"))
        else:
            view.page().runJavaScript(source, 0, done.set_result)

    windows._post(ask)
    answer = done.result(10)
    return json.loads(answer) if answer and source != script else None


def picture(path: Path) -> None:
    """The whole screen, as PNG."""
    with mss.MSS() as screen:
        shot = screen.grab(screen.monitors[0])
    path.write_bytes(mss.tools.to_png(shot.rgb, shot.size) or b"")


def xdotool(*words: str) -> str:
    return subprocess.run(["xdotool", *words], check=True, timeout=20, capture_output=True, text=True).stdout.strip()
