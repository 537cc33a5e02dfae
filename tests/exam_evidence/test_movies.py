"""Our MP4 files as foreign programs see them: gaps, seeking, joining. Hostile frames break nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from exam_evidence.movies import MovieFile, MovieGap, Movies
from exam_protocol.errors import ProtocolError
from exam_protocol.records import Codec, Header, Media, RecordFlag, RecordType, Track
from tests.exam_evidence.sample import h264, opus

CHROMIUM = "/usr/bin/chromium"


class Reel:
    """Feeds `Movies` as an opened bundle would."""

    def __init__(self, directory: Path) -> None:
        self.movies = Movies(directory)
        self._following: dict[int, int] = {}

    def add(self, track: int, at_us: int, media: Media, *, key: bool, missing: int = 0, flags: int = 0) -> None:
        sequence = self._following.get(track, 0) + missing
        self._following[track] = sequence + 1
        flags |= RecordFlag.KEY_FRAME if key else 0
        self.movies.add(Header(RecordType.DATA, track, flags, 1, sequence, at_us, bytes(16), 0), media)

    def pictures(self, start_us: int, size: tuple[int, int], *, missing: int = 0) -> None:
        """Five seconds of ten pictures a second."""
        for at, media, key in h264(50, 100_000, *size):
            self.add(Track.SCREEN, start_us + at, media, key=key, missing=missing if at == 0 else 0)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, MovieFile], Path]:
    """Screen: two sizes from 0 to 10 s, records missing, a third part from 20 s. Sound with a hole of 3 s."""
    directory = tmp_path_factory.mktemp("films")
    reel = Reel(directory)
    reel.pictures(0, (320, 240))
    reel.pictures(5_000_000, (640, 360))
    reel.pictures(20_000_000, (320, 240), missing=20)
    for number, media in enumerate(opus(200)):
        late_us = 3_000_000 if number >= 100 else 0
        reel.add(Track.AUDIO, 100_000 + number * 60_000 + late_us, media, key=True)
    return {movie.track: movie for movie in reel.movies.close()}, directory


def starts_s(path: Path) -> list[float]:
    command = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", str(path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [float(line.strip(",")) for line in lines]


def length_s(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_a_gap_is_a_gap_to_the_millisecond(films: tuple[dict[str, MovieFile], Path]) -> None:
    movies, directory = films
    screen, sound = starts_s(directory / "screen.mp4"), starts_s(directory / "audio.mp4")
    assert screen[99:101] == [9.9, 20.0] and len(screen) == 150
    assert sound[100] - sound[99] == pytest.approx(3.06, abs=0.001)
    assert movies["screen"].gaps == (MovieGap(10_000_000, 20_000_000, "missing"),)
    assert movies["audio"].gaps == (MovieGap(6_100_000, 9_100_000, "nothing_recorded"),)


def test_files_of_one_kind_join_to_the_sum_of_their_lengths(films: tuple[dict[str, MovieFile], Path]) -> None:
    for name in ("screen.mp4", "audio.mp4"):
        path = films[1] / name
        table, joined = path.with_suffix(".txt"), path.with_name(f"joined-{name}")
        table.write_text(f"file '{path}'\nfile '{path}'\n")
        command = ["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", table, "-c", "copy", joined]
        assert subprocess.run(command, check=True, capture_output=True).stderr == b""
        assert length_s(joined) == pytest.approx(2 * length_s(path), abs=0.15)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at : at + size]
        at += size


def test_fragments_put_together_without_one_leave_its_place_empty(films: tuple[dict[str, MovieFile], Path]) -> None:
    """As `cat` would: the head, then any fragments."""
    parts = [(name, data) for name, data in boxes((films[1] / "audio.mp4").read_bytes()) if name != b"sidx"]
    assert [name for name, _ in parts] == [b"ftyp", b"moov", *[b"moof", b"mdat"] * 2]
    path = films[1] / "cut.mp4"
    path.write_bytes(b"".join(data for _, data in parts[:2] + parts[4:]))
    assert starts_s(path)[0] == pytest.approx(8.9935, abs=0.001)


def test_ffmpeg_finds_the_exact_picture(films: tuple[dict[str, MovieFile], Path]) -> None:
    with av.open(str(films[1] / "screen.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        for wanted_s, width in ((3.0, 320), (7.2, 640), (21.4, 320), (0.5, 320)):
            container.seek(int(wanted_s / stream.time_base), stream=stream)
            frame = next(f for f in container.decode(stream) if f.time is not None and f.time >= wanted_s - 0.001)
            assert (frame.time, frame.width) == (pytest.approx(wanted_s, abs=0.001), width)


SEEKS = """async ([src, times]) => {
  const video = document.createElement("video");
  video.src = src;
  const said = (name) => new Promise((done, failed) => {
    video.addEventListener(name, done, {once: true});
    video.addEventListener("error", () => failed(new Error(video.error.message)), {once: true});
  });
  await said("loadeddata");
  const shown = [];
  for (const time of times) {
    const frame = new Promise((done) => video.requestVideoFrameCallback((_, about) => done(about)));
    video.currentTime = time;
    await said("seeked");
    const about = await frame;
    shown.push([time, about.mediaTime, about.width]);
  }
  video.muted = true; video.playbackRate = 8; video.currentTime = 9.5;
  const ended = said("ended");
  await video.play();
  await ended;
  return [video.duration, video.currentTime, shown];
}"""


@pytest.mark.real
def test_chromium_seeks_exactly_and_plays_over_gaps_and_sizes(films: tuple[dict[str, MovieFile], Path]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"file://{films[1]}/")
        times = [3.05, 7.25, 12.0, 21.45, 0.55]
        duration, ended, shown = page.evaluate(SEEKS, [f"file://{films[1]}/screen.mp4", times])
        sound = page.evaluate(SEEKS_SOUND, f"file://{films[1]}/audio.mp4")
        browser.close()
    assert duration == pytest.approx(24.9, abs=0.1)
    assert ended == pytest.approx(duration, abs=0.1)
    assert [(at, width) for _, at, width in shown] == [
        (3.0, 320), (7.2, 640), (9.9, 640), (21.4, 320), (0.5, 320),
    ]  # fmt: skip
    assert sound == [pytest.approx(15.0, abs=0.01), 11.5]


SEEKS_SOUND = """async (src) => {
  const sound = new Audio(src);
  await new Promise((done, failed) => { sound.onloadeddata = done; sound.onerror = () => failed(sound.error); });
  sound.currentTime = 11.5;
  await new Promise((done) => { sound.onseeked = done; });
  return [sound.duration, sound.currentTime];
}"""

REAL_UNITS = st.sampled_from([media.data for _, media, _ in h264(3, 100_000, 64, 48)])
SOME_DATA = st.one_of(st.binary(max_size=60), REAL_UNITS, REAL_UNITS.map(lambda data: data[: len(data) // 2]))
FRAMES = st.tuples(
    st.sampled_from([Track.SCREEN, Track.AUDIO, Track.WEBCAM_SMALL]),
    st.one_of(st.integers(0, 1 << 30), st.integers(0, (1 << 64) - 1)),
    st.builds(Media, st.sampled_from(list(Codec)), st.integers(0, 65535), st.integers(0, 65535), SOME_DATA),
    st.booleans(),
    st.integers(0, 3),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAMES, max_size=12))
def test_no_frame_of_a_hostile_bundle_breaks_the_writer(
    tmp_path_factory: pytest.TempPathFactory, frames: list[tuple[int, int, Media, bool, int]]
) -> None:
    directory = tmp_path_factory.mktemp("hostile")
    reel, refused = Reel(directory), 0
    for track, at_us, media, key, missing in frames:
        try:
            reel.add(track, at_us, media, key=key, missing=missing)
        except ProtocolError:
            refused += 1
    movies = reel.movies.close()
    assert sum(movie.frames + movie.skipped for movie in movies) + refused <= len(frames)
    assert {path.name for path in directory.iterdir()} == {movie.file for movie in movies}
    for movie in movies:
        assert [name for name, _ in boxes((directory / movie.file).read_bytes())][:3] == [b"ftyp", b"moov", b"sidx"]


def test_films_that_are_abandoned_leave_nothing_behind(tmp_path: Path) -> None:
    reel = Reel(tmp_path)
    reel.pictures(0, (320, 240))
    reel.movies.abandon()
    assert not list(tmp_path.iterdir())


def test_sound_and_pictures_on_one_track_are_refused(tmp_path: Path) -> None:
    reel = Reel(tmp_path)
    reel.add(Track.AUDIO, 0, opus(1)[0], key=True)
    with pytest.raises(ProtocolError):
        reel.add(Track.AUDIO, 60_000, h264(1, 100_000)[0][1], key=True)
    assert [movie.frames for movie in reel.movies.close()] == [1]
