"""Displays that come, go and change their size on a real Xorg, while the recording runs: all of it decodes, without a
gap, each part in its size. The dummy driver cannot rotate: what a turned display looks like is set as a mode, and in
`test_turned_real` a display of another server is turned.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby, pairwise

import av
import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture import display_words, rate
from candidate_agent.capture.events import CaptureEvent, DisplayChanged, EncoderBehind, EncoderRecovered
from candidate_agent.capture.regions import Regions
from candidate_agent.capture.screens import Allowed, Screens
from candidate_agent.platforms.linux.displays import X11Displays
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.portable import devices
from exam_protocol.policy import Blackout
from exam_protocol.records import Track
from tests.candidate_agent.capture.studio import CodeWindow, Kept, Shelf, decode_video, until
from tests.rig.camera import read_code
from tests.rig.xserver import XServer

pytestmark = [pytest.mark.real, pytest.mark.slow]

PORTRAIT = ("1080x1920", "148.5", "1080", "1168", "1212", "1360", "1920", "1924", "1929", "1965")
BLACK = 4  # of 255; an encoder that saves bits does not always hit 0
GAP_US = 2_000_000  # seen: 0.3 s, and 0.8 s with twenty-five programs waiting for two cores


@pytest.fixture(scope="module")
def server() -> Iterator[XServer]:
    with XServer(hot_plug=True) as server:
        server.run("xrandr", "--newmode", *PORTRAIT)
        server.run("xrandr", "--addmode", "DUMMY0", PORTRAIT[0])
        yield server


@contextmanager
def counting_window(display_name: str) -> Iterator[None]:
    """A window whose number counts up ten times a second."""
    window, ended = CodeWindow(display_name), threading.Event()

    def count() -> None:
        number = 0
        while not ended.wait(0.1):
            number += 1
            window.show(number)

    counting = threading.Thread(target=count)
    counting.start()
    try:
        yield
    finally:
        ended.set()
        counting.join()
        window.close()


@pytest.fixture(autouse=True)
def shown(server: XServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DISPLAY", server.display)
    with counting_window(server.display):
        yield
    server.run("xrandr", "--output", "DUMMY0", "--mode", "1920x1080")


class Recorded:
    def __init__(self, server: XServer, blackouts: tuple[Blackout, ...] = ()) -> None:
        self.shelf, self.events = Shelf(), list[CaptureEvent]()
        port = X11Displays(server.display)
        [own] = port.displays()
        self.screens = Screens(
            X11Screen(devices.screen_port(), server.display), Allowed(own, port, 2), Regions(SystemClock(), blackouts),
            rate.profile("standard"), self.shelf.media, SystemClock(), self.events.append,
        )  # fmt: skip

    def wait_for_size(self, width: int, height: int, track: Track = Track.SCREEN) -> None:
        def came() -> bool:
            kept = self.shelf.of(track)
            return bool(kept) and (kept[-1].media.width, kept[-1].media.height) == (width, height)

        until(came, 20)
        more = len(self.shelf.of(track)) + 3
        if track is Track.SCREEN:
            until(lambda: len(self.shelf.of(track)) >= more, 20)

    def said(self) -> list[str]:
        """Without what a loaded machine makes the encoder say."""
        plain = [event for event in self.events if not isinstance(event, EncoderBehind | EncoderRecovered)]
        return [display_words.said(event) if isinstance(event, DisplayChanged) else repr(event) for event in plain]


@contextmanager
def recording(recorded: Recorded) -> Iterator[Recorded]:
    recorded.screens.start()
    try:
        yield recorded
    finally:
        recorded.screens.stop()


def segments(kept: list[Kept]) -> list[tuple[tuple[int, int], list[Kept]]]:
    by_size = groupby(kept, lambda item: (item.media.width, item.media.height))
    return [(size, list(items)) for size, items in by_size]


def decoded_in_one(kept: list[Kept]) -> list[tuple[int, int]]:
    """Sizes of all pictures, by one decoder from the first packet to the last, as a player does it."""
    context = av.CodecContext.create("h264", "r")
    frames = [frame for item in kept for frame in context.decode(av.Packet(item.media.data))]
    return [(frame.width, frame.height) for frame in (*frames, *context.decode(None))]


def test_another_size_and_a_turned_display_go_on_in_a_new_segment_without_a_gap(server: XServer) -> None:
    with recording(Recorded(server)) as recorded:
        recorded.wait_for_size(1920, 1080)
        server.run("xrandr", "--output", "DUMMY0", "--mode", "1280x720")
        recorded.wait_for_size(1280, 720)
        server.run("xrandr", "--output", "DUMMY0", "--mode", "1920x1080")
        recorded.wait_for_size(1920, 1080)
        server.run("xrandr", "--output", "DUMMY0", "--mode", PORTRAIT[0])
        recorded.wait_for_size(676, 1200)  # fitted into the profile's box
        until(lambda: len(recorded.said()) >= 3, 20)
    kept = recorded.shelf.of(Track.SCREEN)
    parts = segments(kept)
    assert [size for size, _ in parts] == [(1920, 1080), (1280, 720), (1920, 1080), (676, 1200)]
    assert all(items[0].key_frame for _, items in parts)
    assert decoded_in_one(kept) == [(item.media.width, item.media.height) for item in kept]
    assert max(late.taken_us - early.taken_us for early, late in pairwise(kept)) < GAP_US
    for size, items in parts[:3]:
        numbers = [read_code(picture) for picture in decode_video([item.media.data for item in items])]
        assert len(set(numbers) - {None}) > 1, size  # None: the window was just being drawn
    assert recorded.said() == [
        "Display 1 changed its size from 1920x1080 to 1280x720. The recording goes on.",
        "Display 1 changed its size from 1280x720 to 1920x1080. The recording goes on.",
        "Display 1 was turned from 1920x1080 to 1080x1920. The recording goes on.",
    ]
    assert recorded.screens.counted()[0].dropped == 0


def test_a_second_display_is_recorded_as_long_as_it_is_there_and_again_when_it_is_back(server: XServer) -> None:
    with recording(Recorded(server)) as recorded:
        recorded.wait_for_size(1920, 1080)
        for times in (1, 2):
            server.plug_display()
            until(lambda times=times: sum(k.key_frame for k in recorded.shelf.of(Track.SCREEN_2)) >= times, 20)
            server.unplug_display()
            until(lambda times=times: len(recorded.said()) >= 2 * times, 20)
        last = len(recorded.shelf.of(Track.SCREEN)) + 3
        until(lambda: len(recorded.shelf.of(Track.SCREEN)) >= last, 20)
    kept = recorded.shelf.of(Track.SCREEN)
    assert max(late.taken_us - early.taken_us for early, late in pairwise(kept)) < GAP_US
    assert set(decoded_in_one(recorded.shelf.of(Track.SCREEN_2))) == {(1920, 1080)}
    assert recorded.shelf.of(Track.SCREEN_2_SMALL)[0].key_frame
    came, went = "Display 2 was connected and is recorded.", "Display 2 was disconnected. The recording goes on."
    assert recorded.said() == [came, went] * 2
    assert set(recorded.screens.counted()) == {0, 1}


def test_the_exams_display_off_and_on_is_told_and_goes_on_where_it_was(server: XServer) -> None:
    """What is on the desktop can be read also while no display shows it."""
    with recording(Recorded(server)) as recorded:
        recorded.wait_for_size(1920, 1080)
        server.run("xrandr", "--output", "DUMMY0", "--off")
        until(lambda: len(recorded.said()) >= 1, 20)
        server.run("xrandr", "--output", "DUMMY0", "--mode", "1920x1080", "--primary")
        until(lambda: len(recorded.said()) >= 2, 20)
        recorded.wait_for_size(1920, 1080)
    assert decoded_in_one(recorded.shelf.of(Track.SCREEN))[-1] == (1920, 1080)
    assert recorded.said() == [
        "Display 1 was disconnected. The recording goes on.", "Display 1 was connected and is recorded.",
    ]  # fmt: skip


def test_what_the_policy_names_is_black_in_the_recording_and_the_rest_can_be_read(server: XServer) -> None:
    with server_window(server), recording(Recorded(server, (Blackout(left=0.5), Blackout(display=1)))) as recorded:
        recorded.wait_for_size(1920, 1080)
        server.plug_display()
        until(lambda: len(recorded.shelf.of(Track.SCREEN_2)) >= 1, 20)
        server.unplug_display()
    for track, width in ((Track.SCREEN, 1920), (Track.SCREEN_SMALL, 480)):
        pictures = decode_video([item.media.data for item in recorded.shelf.of(track)])
        assert all(np.max(picture[:, width // 2 + 4 :]) <= BLACK for picture in pictures)
        assert all(np.any(picture[:, : width // 2]) for picture in pictures)
    assert read_code(decode_video([item.media.data for item in recorded.shelf.of(Track.SCREEN)])[-1]) is not None
    assert all(
        np.max(each) <= BLACK for each in decode_video([k.media.data for k in recorded.shelf.of(Track.SCREEN_2)])
    )


@contextmanager
def server_window(server: XServer) -> Iterator[None]:
    """The desktop behind is grey, so that black is no accident."""
    server.run("xsetroot", "-solid", "#808890")
    yield
    server.run("xsetroot", "-solid", "black")
