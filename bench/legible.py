"""How many bits a profile takes while somebody types, and whether 12-point text can be read back from its recording.

`python -m bench.legible` shows a page in a real Chromium on a virtual screen and types into it; the agent's media path
records it twice at once, in the profiles standard and low. The last picture of each recording is decoded and read by
tesseract, and so is a picture of the screen that no encoder touched: its peer.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from difflib import SequenceMatcher
from itertools import cycle
from pathlib import Path

import av
import cv2
import mss
import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench.media import CAMERA_PER_S, child, virtual_screen
from bench.results import Figure, tell
from candidate_agent.capture.shape import Image
from demo.proctor import BROWSERS
from tests.rig.camera import CameraRig
from tests.rig.microphone import MicrophoneRig

SECONDS = 62.0  # the low profile's key frames are a minute apart: one is in it
BARS_KBPS = {"standard": 250.0, "low": 120.0}
WORDS_READ = 0.98  # of those that are read from the screen itself
CHARACTERS_PER_S = 8
HTML = """<!doctype html><title>A page that is typed on</title>
<style>body { margin: 40px 60px; font: 12pt/1.5 "DejaVu Sans", sans-serif; color: #202020; background: #fff }</style>
<p id="question"></p><p id="answer"></p>"""
QUESTION = (
    "Let A be a square matrix with real entries. Show that zero is an eigenvalue of A exactly when the determinant of "
    "A vanishes, and say what this means for the system of linear equations whose coefficients are the entries of A. "
    "Give an example with three rows in which the kernel has dimension two, and name a basis of it. "
) * 4
ANSWER = "if zero is an eigenvalue there is a vector other than zero that the matrix maps to zero so that "


def measure() -> list[Figure]:
    """About 80 s."""
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        return _measure(Path(directory), stack)


def _measure(directory: Path, stack: ExitStack) -> list[Figure]:
    display = stack.enter_context(virtual_screen())
    page = _browser(stack, display)
    camera = CameraRig(directory, width=640, height=480, per_s=CAMERA_PER_S)
    camera.build()
    microphone = MicrophoneRig(directory)
    stack.callback(microphone.stop)
    microphone.start()
    plain = {**os.environ, "DISPLAY": display, **microphone.environment()}
    agents = {
        name: stack.enter_context(
            child(
                [sys.executable, "-m", "bench.media_agent", name, str(directory / name)],
                {**plain, **camera.environment(plain)}, pipes=True,
            )
        )
        for name in BARS_KBPS
    }  # fmt: skip
    began_s = time.monotonic()
    _type(page, began_s + SECONDS)
    time.sleep(2.5)  # the last letter is in the low profile's next picture
    shown = _read(_screenshot(display))
    seconds = time.monotonic() - began_s
    stats = {name: json.loads(agent.communicate()[0]) for name, agent in agents.items()}
    return [figure for name in agents for figure in _figures(name, directory / name, stats[name], shown, seconds)]


def _browser(stack: ExitStack, display: str) -> Page:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(
        executable_path=browser_path, headless=False, env={**os.environ, "DISPLAY": display},
        args=["--no-sandbox", "--disable-dev-shm-usage", "--kiosk", "--window-size=1920,1080", "--window-position=0,0"],
    )  # fmt: skip
    stack.callback(browser.close)
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_content(HTML)
    page.evaluate("text => { document.getElementById('question').textContent = text; }", QUESTION)
    return page


def _type(page: Page, until_s: float) -> None:
    for letter in cycle(ANSWER):
        if time.monotonic() >= until_s:
            return
        page.evaluate("letter => { document.getElementById('answer').append(letter); }", letter)
        page.wait_for_timeout(1000 / CHARACTERS_PER_S)


def _screenshot(display: str) -> Image:
    with mss.MSS(display=display) as grabber:
        shot = grabber.grab(grabber.monitors[0])
    return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)[..., :3]


def _read(pixels: Image) -> list[str]:
    """The words that tesseract reads: of the picture twice as large, as it likes letters."""
    large = cv2.resize(pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    png = cv2.imencode(".png", large)[1].tobytes()
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", "6"]
    return subprocess.run(command, input=png, capture_output=True, check=True).stdout.decode().split()


def _last_picture(stream: Path) -> Image:
    decoder, picture = av.CodecContext.create("h264", "r"), None
    for packet in [*decoder.parse(stream.read_bytes()), *decoder.parse(b"")]:
        for frame in decoder.decode(packet):
            picture = frame
    for frame in decoder.decode(None):
        picture = frame
    assert picture is not None, "something was recorded"
    return picture.to_ndarray(format="bgr24").astype(np.uint8, copy=False)


def _figures(name: str, stream: Path, stats: dict[str, float], shown: list[str], seconds: float) -> list[Figure]:
    kbps = sum(value for key, value in stats.items() if key.endswith("_bytes")) * 8 / 1000 / seconds
    read = _read(_last_picture(stream))
    same = sum(block.size for block in SequenceMatcher(None, shown, read, autojunk=False).get_matching_blocks())
    lost = 1 - same / max(1, len(shown))
    return [
        Figure(f"legible.{name}_rate", round(kbps, 1), "kbit/s", "bar", BARS_KBPS[name], has_bar=True),
        Figure(f"legible.{name}_words_lost", round(100 * lost, 2), "%", f"bar, of {len(shown)} words read from the "
               "screen itself", round(100 * (1 - WORDS_READ), 2), has_bar=True),
        Figure(f"legible.{name}_dropped", stats["screen_dropped"] + stats["camera_dropped"], "pictures"),
    ]  # fmt: skip


def main() -> None:
    tell(measure())


if __name__ == "__main__":
    main()
