"""The one film of a sitting: its length, gaps in words, and that flash and beep of one time come at one time."""

from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from exam_evidence import side_by_side
from exam_evidence.clockwork import time_of_day
from exam_evidence.lettering import lettered
from exam_evidence.movies import MovieFile, Movies
from exam_evidence.panes import GREY, HEIGHT, WHITE, WIDTH, layout
from exam_protocol.records import Codec, Header, Media, RecordFlag, RecordType, Track
from tests.exam_evidence.sample import ZERO_MS, h264

FLASHES_S, FLASH_S = (2.0, 4.4, 25.2), 0.4
START_US, GAP_FROM_S, GAP_TO_S, END_S = 1_000_000, 8.0, 24.0, 27.5


def happens(time_s: float) -> bool:
    return any(flash <= time_s < flash + FLASH_S for flash in FLASHES_S)


def pictures(size: tuple[int, int], per_s: int) -> list[tuple[int, Media, bool]]:
    """Black, white while something happens; none between 8 and 24 s."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.time_base = Fraction(1, 1_000_000)
    encoder.options = {"preset": "veryfast", "tune": "zerolatency"}
    found = []
    for number in range(int(END_S * per_s)):
        if GAP_FROM_S <= number / per_s < GAP_TO_S:
            continue
        planes = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
        planes[: size[1]] = 235 if happens(number / per_s) else 16
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        frame.pts, frame.time_base = number * 1_000_000 // per_s, encoder.time_base
        found += [
            (int(frame.pts), Media(Codec.H264, *size, bytes(packet)), bool(packet.is_keyframe))
            for packet in encoder.encode(frame)
        ]
    return found


def beeps() -> list[tuple[int, Media, bool]]:
    """Opus as the agent makes it: 1 kHz while something happens, silence else; none between 8 and 24 s."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = 48_000, "mono", "s16", 24_000
    encoder.options = {"vbr": "off", "frame_duration": "60", "application": "audio"}
    found = []
    for number in range(int(END_S / 0.06)):
        times_s = (number * 2880 + np.arange(2880)) / 48_000
        on = np.array([happens(time_s) for time_s in times_s])
        wave = (12_000 * np.sin(2 * np.pi * 1000 * times_s) * on).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = 48_000, number * 2880
        for packet in encoder.encode(frame):
            if not GAP_FROM_S <= number * 0.06 < GAP_TO_S:
                found.append((number * 60_000, Media(Codec.OPUS, 1, 480, bytes(packet)), True))
    return found


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[MovieFile, Path]:
    directory = tmp_path_factory.mktemp("together")
    movies, shares = Movies(directory), list[float]()
    for track, frames in (
        (Track.SCREEN, pictures((640, 400), 5)), (Track.WEBCAM, pictures((160, 120), 10)), (Track.AUDIO, beeps()),
    ):  # fmt: skip
        for sequence, (at_us, media, key) in enumerate(frames):
            flags = RecordFlag.KEY_FRAME if key else 0
            head = Header(RecordType.DATA, track, flags, 1, sequence, START_US + at_us, bytes(16), 0)
            movies.add(head, media)
    made = side_by_side.compose(directory, movies.close(), ZERO_MS, "UTC", shares.append)
    assert made is not None and shares == sorted(shares) and shares[-1] == 1
    return made, directory / made.file


def lumas(path: Path) -> list[tuple[float, npt.NDArray[np.uint8]]]:
    """(time, luma plane) of each picture."""
    with av.open(str(path)) as container:
        return [(frame.time or 0.0, frame.to_ndarray(format="yuv420p")[:HEIGHT]) for frame in container.decode(video=0)]


def risen(times_s: list[float], on: list[bool]) -> list[float]:
    return [time for time, before, now in zip(times_s[1:], on, on[1:], strict=False) if now and not before]


def test_its_length_is_that_of_the_recording_to_a_tenth_of_a_second(film: tuple[MovieFile, Path]) -> None:
    made, path = film
    with av.open(str(path)) as container:
        lengths = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
    assert lengths == [pytest.approx((made.end_us - made.start_us) / 1e6, abs=0.1)] * 2
    assert lengths[0] == pytest.approx(END_S, abs=0.2)


def test_a_flash_and_its_beep_come_together_also_after_a_gap(film: tuple[MovieFile, Path]) -> None:
    seen = lumas(film[1])
    screen = risen([time for time, _ in seen], [bool(luma[200, 480] > 200) for _, luma in seen])
    camera = risen([time for time, _ in seen], [bool(luma[100, 1100] > 200) for _, luma in seen])
    with av.open(str(film[1])) as container:
        pieces = [(f.time or 0.0, f.to_ndarray().reshape(-1)) for f in container.decode(audio=0)]
    sound = np.concatenate([samples for _, samples in pieces])
    loud = np.abs(sound[: sound.size // 240 * 240].reshape(-1, 240)).max(axis=1) > 0.1
    steady = [bool(loud[max(0, n - 10) : n + 1].any()) for n in range(loud.size)]
    heard = risen([pieces[0][0] + n * 0.005 for n in range(len(steady))], steady)
    assert screen == camera == pytest.approx(list(FLASHES_S), abs=0.001)
    assert heard == pytest.approx(list(FLASHES_S), abs=0.04)


def test_a_gap_is_a_grey_panel_with_its_times_in_words(film: tuple[MovieFile, Path]) -> None:
    luma = next(luma for time, luma in lumas(film[1]) if time > 18)
    assert int(luma[20, 20]) == pytest.approx(GREY, abs=4)
    begin_s = START_US / 1e6 + GAP_FROM_S - 0.2 + 5  # the last picture holds for five seconds
    words = [time_of_day(ZERO_MS + int(s * 1000)) for s in (begin_s, START_US / 1e6 + GAP_TO_S)]
    assert stands(luma[:680, :960], "no recording", 3)
    assert stands(luma[:680, :960], f"{words[0]}-{words[1]}", 3)


def stands(luma: npt.NDArray[np.uint8], text: str, scale: int) -> bool:
    """Whether these letters stand in the middle of a row anywhere, allowing for what the encoder does to edges."""
    wanted = lettered(text, scale)
    left = (luma.shape[1] - wanted.shape[1]) // 2
    bright = luma[:, left : left + wanted.shape[1]] > (GREY + WHITE) // 2
    return any(
        (bright[top : top + wanted.shape[0]] == wanted).mean() > 0.97 for top in range(luma.shape[0] - wanted.shape[0])
    )


def test_the_clock_of_the_session_is_burnt_in(film: tuple[MovieFile, Path]) -> None:
    luma = next(luma for time, luma in lumas(film[1]) if time >= 3)
    wanted = lettered(f"{time_of_day(ZERO_MS + 4_000)}  +0:00:04", 2)
    assert ((luma[693 : 693 + wanted.shape[0], 12 : 12 + wanted.shape[1]] > 125) == wanted).mean() > 0.97


def test_panes_never_overlap_nor_leave_the_canvas() -> None:
    for screens in range(4):
        for cameras in range(3):
            taken = np.zeros((HEIGHT, WIDTH), int)
            for box in chain(*layout(screens, cameras)):
                assert box.left % 2 == box.top % 2 == box.width % 2 == box.height % 2 == 0
                taken[box.top : box.top + box.height, box.left : box.left + box.width] += 1
            assert taken.max() <= 1 and not taken[HEIGHT - 40 :].any()


def test_without_pictures_there_is_no_film(tmp_path: Path) -> None:
    assert side_by_side.compose(tmp_path, [], 0, "", lambda share: None) is None


def test_pictures_that_cannot_be_decoded_leave_their_pane_empty(tmp_path: Path) -> None:
    movies = Movies(tmp_path)
    _, media, _ = h264(1, 100_000, 64, 48)[0]
    broken = Media(Codec.H264, 64, 48, media.data[:-20] + b"\xff" * 20)
    for sequence in range(3):
        movies.add(Header(RecordType.DATA, Track.SCREEN, 1, 1, sequence, sequence * 200_000, bytes(16), 0), broken)
    made = side_by_side.compose(tmp_path, movies.close(), ZERO_MS, "UTC", lambda share: None)
    assert made is not None and made.frames == 3
