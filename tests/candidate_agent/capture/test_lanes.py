"""What one lane does with its pictures, under load."""

import threading
from dataclasses import replace

import numpy as np

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.events import CameraBack, CameraLost, CaptureEvent, EncoderBehind
from candidate_agent.capture.lanes import QUEUE_PICTURES, VideoLane, Words
from candidate_agent.capture.rate import VideoRate
from candidate_agent.platforms.ports import Picture
from exam_protocol.records import Media, Track
from tests.candidate_agent.capture.studio import Shelf, decode_video, until
from tests.rig.camera import draw_code, read_code

RATE = VideoRate(10, 28, 640, 480, 10)


def picture(number: int, height: int = 120) -> Picture:
    pixels = np.full((height, 320, 3), 100, np.uint8)
    draw_code(pixels, number)
    return Picture(pixels, number * 100_000)


class Gate(Shelf):
    """Lets nothing through until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = threading.Event()

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        self.opened.wait(10)
        super().media(track, media, key_frame=key_frame, taken_us=taken_us)


def lane(sink: Shelf, events: list[CaptureEvent]) -> VideoLane:
    words = Words(CameraLost(), CameraBack())
    return VideoLane("capture-test", ((Track.WEBCAM, RATE),), words, sink.media, SystemClock(), events.append)


def test_when_nothing_is_taken_pictures_are_dropped_and_counted() -> None:
    sink, events = Gate(), list[CaptureEvent]()
    video = lane(sink, events)
    video.start()
    video.offer(picture(0))
    until(lambda: video.pictures == 1)
    for number in range(1, 11):
        video.offer(picture(number))
    sink.opened.set()
    until(lambda: video.pictures == 1 + QUEUE_PICTURES)
    video.offer(picture(11))
    video.stop()
    assert video.dropped == 10 - QUEUE_PICTURES
    shown = decode_video([kept.media.data for kept in sink.of(Track.WEBCAM)])
    assert [read_code(pixels) for pixels in shown] == [0, 1, 2, 3, 4, 11]
    assert events == []  # it was over at once: no reason to hurry


def test_what_was_new_in_dropped_pictures_comes_with_the_next() -> None:
    """The rows of a screen that is drawn on in place: two strips, of which the upper one is dropped."""
    sink, canvas = Gate(), np.full((128, 320, 4), 100, np.uint8)
    video = lane(sink, [])
    video.start()
    video.offer(Picture(canvas, 0, (0, 128)))
    until(lambda: video.pictures == 1)
    for number in range(1, QUEUE_PICTURES + 1):
        video.offer(Picture(canvas, number * 100_000, None))
    draw_code(canvas[..., :3], 700)
    video.offer(Picture(canvas, 900_000, (0, 64)))
    sink.opened.set()
    until(lambda: video.pictures == 1 + QUEUE_PICTURES)
    canvas[96:] = 200
    video.offer(Picture(canvas, 1_000_000, (96, 128)))
    video.stop()
    assert video.dropped == 1
    shown = decode_video([kept.media.data for kept in sink.of(Track.WEBCAM)])[-1]
    assert read_code(shown) == 700 and abs(float(shown[100:].mean()) - 200) < 4


def test_a_picture_is_encoded_as_it_was_when_it_was_offered() -> None:
    sink, canvas = Shelf(), np.full((128, 320, 4), 100, np.uint8)
    video = lane(sink, [])
    for number in (5, 6):
        draw_code(canvas[..., :3], number)
        video.offer(Picture(canvas, number * 100_000, (0, 128)))
    video.start()
    video.stop()
    shown = decode_video([kept.media.data for kept in sink.of(Track.WEBCAM)])
    assert [read_code(pixels) for pixels in shown] == [5, 6]


def test_an_encoder_that_takes_longer_than_it_has_hurries_and_says_so() -> None:
    events: list[CaptureEvent] = []
    hasty = ((Track.WEBCAM, replace(RATE, per_s=1_000_000)),)
    video = VideoLane(
        "capture-test", hasty, Words(CameraLost(), CameraBack()), Shelf().media, SystemClock(), events.append
    )
    video.start()
    for number in range(6):
        video.offer(picture(number))
        until(lambda taken=number + 1: video.pictures == taken)
    video.stop()
    assert events == [EncoderBehind(Track.WEBCAM, "ultrafast")]


def test_what_waits_is_still_encoded_when_a_lane_stops() -> None:
    sink = Shelf()
    video = lane(sink, [])
    for number in range(4):
        video.offer(picture(number))
    video.start()
    video.stop()
    assert [kept.taken_us for kept in sink.of(Track.WEBCAM)] == [0, 100_000, 200_000, 300_000]


def test_heights_that_are_no_multiple_of_four_keep_their_colours() -> None:
    sink = Shelf()
    video = lane(sink, [])
    video.offer(picture(682, height=122))
    video.start()
    video.stop()
    shown = decode_video([kept.media.data for kept in sink.of(Track.WEBCAM)])[0]
    assert shown.shape == (122, 320, 3) and read_code(shown) == 682
    assert abs(float(shown[40:].mean()) - 100) < 3
