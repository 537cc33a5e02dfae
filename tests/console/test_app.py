"""The whole console in a real browser: pictures, sound, check-in, words both ways, ending."""

import json
import os

import pytest
from playwright.sync_api import Page

from exam_protocol import messages as m
from exam_protocol import records as r
from tests.console import pictures
from tests.console.conftest import until
from tests.console.relay import Relay
from tests.console.sitting import ACCESS, Candidate

pytestmark = pytest.mark.real

BLUE = (200, 60, 20)  # BGR

READ_CODE = """(id) => {
  const canvas = document.getElementById(id);
  const context = canvas.getContext("2d");
  const light = (x, y) => context.getImageData(x, y, 1, 1).data;
  let number = 0;
  for (let bit = 0; bit < 16; bit += 1) {
    number = number * 2 + (light((bit + 0.5) * canvas.width / 16, canvas.height / 16)[1] > 128 ? 1 : 0);
  }
  return { number, colour: [...light(canvas.width / 2, canvas.height * 0.7)].slice(0, 3), width: canvas.width };
}"""


def next_command(relay: Relay, candidate: Candidate) -> tuple[m.Command, m.CommandBody]:
    return candidate.open_command(relay.commands.get(timeout=10))


def film(candidate: Candidate, track: int, numbers: range, *, width: int = 640, height: int = 360) -> list[bytes]:
    encoder = pictures.H264(width, height)
    start = candidate.now_us()
    sent = []
    for at, number in enumerate(numbers):
        picture = pictures.time_code(number, width, height, BLUE)
        media = encoder.encode(picture, start + at * 200_000, key=at == 0)
        sent.append(candidate.media(track, media, key=at == 0))
    return sent


def test_the_screen_shows_the_colour_and_time_code_that_was_sealed(console: Page, candidate: Candidate) -> None:
    film(candidate, r.Track.SCREEN, range(40_000, 40_010))
    console.wait_for_selector("#screen-canvas[data-frames='10']")
    seen = console.evaluate(READ_CODE, "screen-canvas")
    assert seen["number"] == 40_009
    assert seen["width"] == 640
    assert all(abs(one - other) < 12 for one, other in zip(seen["colour"], (20, 60, 200), strict=True))
    figures = console.evaluate(f"console_metrics.tracks['{candidate.session_hex}:1']")
    assert figures["frames"] == 10
    assert -5000 < figures["last_latency_ms"] < 5000


