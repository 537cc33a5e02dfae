import shutil
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from demo import reading, time_code
from demo.exam_site.site import ExamSite
from demo.failure import StepFailed
from demo.processes import Processes
from demo.proctor import BROWSERS
from demo.reading import Picture

ANSWER = "An eigenvalue of zero means that A maps a nonzero vector to zero"


@pytest.fixture(scope="module")
def screenshot() -> Iterator[tuple[Picture, float]]:
    """The exam page with a typed answer in a real browser, 1920x1080, and when it was taken (Unix seconds)."""
    site = ExamSite("K7Q2MX")
    origin = site.start()
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1920, "height": 1032}, extra_http_headers={"X-Exam-Access-Code": "K7Q2MX"}
        )
        page.goto(origin)
        page.fill("#answer", ANSWER)
        page.locator("#saved", has_text="Saved.").wait_for()
        taken_s = time.time()
        png = page.screenshot()
        browser.close()
    assert site.answer == ANSWER
    site.stop()
    yield reading.decode(png), taken_s


def through_h264(picture: Picture) -> Picture:
    """As the agent records a screen: H.264, veryfast, constant quality 26."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = picture.shape[1], picture.shape[0] // 2 * 2, "yuv420p"
    encoder.time_base = Fraction(1, 1_000_000)
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "26"}
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[: encoder.height]), format="rgb24")
    frame.pts = 0
    packets = [*encoder.encode(frame.reformat(format="yuv420p")), *encoder.encode(None)]
    decoder = av.CodecContext.create("h264", "r")
    frames = [*(frame for packet in packets for frame in decoder.decode(packet)), *decoder.decode(None)]
    return frames[0].to_ndarray(format="rgb24")


@pytest.mark.real
@pytest.mark.slow
def test_text_and_time_code_of_the_exam_page_are_read_after_recording(
    screenshot: tuple[Picture, float], tmp_path: Path
) -> None:
    picture = through_h264(screenshot[0])
    assert abs(time_code.age_s(time_code.read(picture), screenshot[1])) < 2
    assert reading.contains_words(reading.words(picture, Processes(tmp_path), tmp_path), ANSWER)


@pytest.mark.real
@pytest.mark.slow
def test_other_text_is_not_read_into_the_page(screenshot: tuple[Picture, float], tmp_path: Path) -> None:
    read = reading.words(screenshot[0], Processes(tmp_path), tmp_path)
    assert not reading.contains_words(read, "photosynthesis")


def test_words_are_found_over_line_breaks_and_capitals_but_not_half() -> None:
    assert reading.contains_words("an Eigen-\nvalue of\nZERO", "eigenvalue of zero")
    assert not reading.contains_words("an eigenvalue", "eigenvalue of zero")


def test_one_colour_is_blank_and_a_line_is_not() -> None:
    picture = np.full((100, 100, 3), 40, np.uint8)
    assert reading.is_blank(picture)
    picture[50, :] = 255
    assert not reading.is_blank(picture)


def test_what_is_no_picture_is_said_so() -> None:
    with pytest.raises(StepFailed, match="5 bytes are not a picture"):
        reading.decode(b"hello")
