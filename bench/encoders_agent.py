"""The encoders alone, at the agent's pace: no recording of such pictures can go below. A child of bench/media.py.

A drawn page that is typed on, a camera's frames, a voice, and the small layers of both; only the time within the
encoders counts. `ours` as argument: as the agent sets them; `plain`: x264 veryfast and Opus as ffmpeg runs them. Runs
until its stdin closes, then prints JSON: the share of a core that encoding took, in percent.
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.frame import PictureType

from bench.typist import CELL_WIDTH, CHARACTERS_PER_S, COLUMNS, LEFT, LINE_HEIGHT, PAPER, TEXT, TOP, glyph
from candidate_agent.capture import rate, shape
from candidate_agent.capture.encode import MICROSECONDS, SOUND_FRAME, SOUND_RATE, SoundEncoder, VideoEncoder
from candidate_agent.capture.shape import Image, Size

WIDTH, HEIGHT = 1920, 1080
PLAIN_CRF = {True: 26, False: 28}
"""Of a screen and of a camera, as in the ffmpeg command of bench/media.py."""

Encode = Callable[[Image, int], object]
Build = Callable[[Size, rate.VideoRate], Encode]


class Page:
    """The page of bench/typist.py, drawn here."""

    def __init__(self) -> None:
        self.pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        self.pixels[..., :3] = PAPER
        self._glyphs = {letter: np.frombuffer(glyph(letter), np.uint8).reshape(LINE_HEIGHT, -1, 4) for letter in TEXT}
        self._text, self._places = itertools.cycle(TEXT), self._all_places()
        for _ in range(38 * COLUMNS):
            self.type()

    def _all_places(self) -> Iterator[tuple[int, int]]:
        lines = (HEIGHT - TOP) // LINE_HEIGHT - 3
        for number in itertools.count():
            for column in range(COLUMNS):
                yield TOP + min(number, lines) * LINE_HEIGHT, LEFT + column * CELL_WIDTH
            if number >= lines:
                self.pixels[:-LINE_HEIGHT] = self.pixels[LINE_HEIGHT:].copy()

    def type(self) -> None:
        y, x = next(self._places)
        self.pixels[y : y + LINE_HEIGHT, x : x + CELL_WIDTH] = self._glyphs[next(self._text)]


def faces() -> list[Image]:
    """Three seconds of somebody who moves a little, with the noise of a sensor."""
    noise, frames = np.random.default_rng(3), []
    for number in range(30):
        frame = np.full((480, 640, 3), (150, 160, 165), np.uint8)
        middle = (320 + round(6 * np.sin(number / 5)), 260)
        cv2.ellipse(frame, middle, (90, 120), 0, 0, 360, (120, 150, 200), -1)
        cv2.ellipse(frame, (middle[0], 480), (200, 130), 0, 0, 360, (90, 60, 40), -1)
        frames.append(cv2.add(frame, noise.integers(0, 9, frame.shape, np.uint8)).astype(np.uint8))
    return frames


def ours(size: Size, layer: rate.VideoRate) -> Encode:
    encoder, keys = VideoEncoder(size, layer, rate.NORMAL_PRESET), rate.KeyFrames(layer.key_distance_s)

    def encode(i420: Image, at_us: int) -> None:
        key = keys.next_is_key(at_us, moved=True)
        encoder.encode(i420, at_us, key_frame=key)
        if key:
            keys.made(at_us)

    return encode


def plain(size: Size, layer: rate.VideoRate) -> Encode:
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = size.width, size.height, "yuv420p"
    context.time_base, context.framerate, context.thread_count = MICROSECONDS, Fraction(layer.per_s), 1
    context.options = {"preset": "veryfast", "tune": "zerolatency", "crf": str(PLAIN_CRF[layer.screen])}

    def encode(i420: Image, at_us: int) -> None:
        frame = av.VideoFrame.from_ndarray(i420, "yuv420p")
        frame.pts, frame.time_base, frame.pict_type = at_us, MICROSECONDS, PictureType.NONE
        context.encode(frame)

    return encode


class Lane:
    """One source and its two layers, paced, on a thread of its own as in the agent."""

    def __init__(self, picture: Callable[[], Image], layers: list[rate.VideoRate], build: Build) -> None:
        self._picture, self._layers, self._build = picture, layers, build
        self.busy_s = 0.0

    def run(self, ended: threading.Event) -> None:
        whole = shape.picture_size(self._picture())
        sizes = [shape.fit(whole, layer.max_width, layer.max_height) for layer in self._layers]
        buffers = [shape.i420_buffer(size) for size in sizes]
        encoders = [self._build(size, layer) for size, layer in zip(sizes, self._layers, strict=True)]
        pacers = [rate.Pacer(layer.per_s) for layer in self._layers]
        first_s = time.monotonic()
        for number in itertools.count():
            if ended.wait(max(0.0, first_s + number / self._layers[0].per_s - time.monotonic())):
                return
            at_us = time.monotonic_ns() // 1000
            shape.to_i420(self._picture(), buffers[0])
            for encode, out, pacer in zip(encoders, buffers, pacers, strict=True):
                if pacer.due(at_us):
                    if out is not buffers[0]:
                        shape.scale_i420(buffers[0], out)
                    began_s = time.thread_time()
                    encode(out, at_us)
                    self.busy_s += time.thread_time() - began_s


class Voice(Lane):
    def __init__(self) -> None:
        super().__init__(lambda: np.empty((2, 2, 3), np.uint8), [], ours)

    def run(self, ended: threading.Event) -> None:
        encoder, hum = SoundEncoder(), np.random.default_rng(5).normal(0, 2000, SOUND_FRAME).astype(np.int16)
        first_s = time.monotonic()
        for number in itertools.count():
            if ended.wait(max(0.0, first_s + number * SOUND_FRAME / SOUND_RATE - time.monotonic())):
                return
            began_s = time.thread_time()
            encoder.encode(hum)
            self.busy_s += time.thread_time() - began_s


def lanes(build: Build) -> list[Lane]:
    profile, page, frames = rate.profile("standard"), Page(), itertools.cycle(faces())
    assert profile.screen_small is not None and profile.camera_small is not None, "the standard profile has both"
    typed = itertools.cycle((CHARACTERS_PER_S // 5, CHARACTERS_PER_S - CHARACTERS_PER_S // 5 * 4))

    def typed_page() -> Image:
        for _ in range(next(typed)):
            page.type()
        return page.pixels

    return [
        Lane(typed_page, [profile.screen, profile.screen_small], build),
        Lane(lambda: next(frames), [profile.camera, profile.camera_small], build),
        Voice(),
    ]


def main() -> None:
    cv2.setNumThreads(1)
    running, ended = lanes({"ours": ours, "plain": plain}[sys.argv[1]]), threading.Event()
    threads = [threading.Thread(target=lane.run, args=(ended,)) for lane in running]
    for thread in threads:
        thread.start()
    began_s = time.monotonic()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    took_s = time.monotonic() - began_s
    sys.stdout.write(json.dumps({"cpu": 100 * sum(lane.busy_s for lane in running) / took_s}))


if __name__ == "__main__":
    main()
