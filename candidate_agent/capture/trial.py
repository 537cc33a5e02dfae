"""How fast this computer would record: the real encoders at the sizes of a profile, one after the other, for a second.

Called by the check `encoder`. The pictures are made up (a page that scrolls, a camera with noise), so that the encoders
have as much to do as in a lively exam; nothing of the candidate is looked at.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from candidate_agent.capture import rate
from candidate_agent.capture.encode import VideoEncoder
from candidate_agent.capture.shape import Image, Size, fit, i420_buffer, scale_i420, to_i420

TRIAL_S = 1.0
SCREEN, CAMERA = Size(1920, 1080), Size(1280, 720)
SCROLL_ROWS = 24
PATTERN_SEED = 7


@dataclass(slots=True)
class _Track:
    pictures: Iterator[Image]
    encoder: VideoEncoder
    per_s: float
    whole: Image  # as the device gives it
    scaled: Image  # as the encoder takes it
    made: int = 0

    def next(self) -> None:
        to_i420(next(self.pictures), self.whole)
        if self.scaled is not self.whole:
            scale_i420(self.whole, self.scaled)
        self.encoder.encode(self.scaled, round(self.made * 1_000_000 / self.per_s), key_frame=self.made == 0)
        self.made += 1


def speed(profile_name: str, trial_s: float = TRIAL_S, now_s: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of recording made in one second. Raises KeyError for a profile that is none."""
    chosen = rate.profile(profile_name)
    tracks = [_track(_page(), SCREEN, chosen.screen), _track(_room(), CAMERA, chosen.camera)]
    tracks += [
        _track(pictures, size, small)
        for pictures, size, small in ((_page(), SCREEN, chosen.screen_small), (_room(), CAMERA, chosen.camera_small))
        if small is not None
    ]
    for track in tracks:  # opens the encoders; a key frame comes twice a minute and counts for nothing here
        track.next()
    began_s, media_s = now_s(), 0.0
    while now_s() - began_s < trial_s:
        media_s += 1
        for track in tracks:
            while track.made <= media_s * track.per_s:
                track.next()
    spent_s = now_s() - began_s
    for track in tracks:
        track.encoder.close()
    return media_s / spent_s


def _track(pictures: Iterator[Image], size: Size, wanted: rate.VideoRate) -> _Track:
    target = fit(size, wanted.max_width, wanted.max_height)
    whole = i420_buffer(size)
    encoder = VideoEncoder(target, wanted, rate.NORMAL_PRESET)
    return _Track(pictures, encoder, wanted.per_s, whole, whole if target == size else i420_buffer(target))


def _page() -> Iterator[Image]:
    """Dark marks of the size of letters on white, as full as a page of text, scrolled."""
    chance = np.random.default_rng(PATTERN_SEED)
    marks = chance.random((SCREEN.height // 12, SCREEN.width // 8)) < 0.3
    page = np.where(marks, 40, 250).astype(np.uint8).repeat(12, axis=0).repeat(8, axis=1)
    pixels = page[:, :, None].repeat(4, axis=2)
    while True:
        yield pixels
        pixels = np.roll(pixels, -SCROLL_ROWS, axis=0)


def _room() -> Iterator[Image]:
    """Soft light and a sensor's noise, different in each picture."""
    chance = np.random.default_rng(PATTERN_SEED)
    light = np.linspace(60, 190, CAMERA.width, dtype=np.uint8)
    room = np.repeat(np.tile(light, (CAMERA.height, 1))[:, :, None], 3, axis=2)
    noise = chance.integers(0, 8, (4, *room.shape), dtype=np.uint8)
    number = 0
    while True:
        yield (room + noise[number % len(noise)]).astype(np.uint8, copy=False)
        number += 1
