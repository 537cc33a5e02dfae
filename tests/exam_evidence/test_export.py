"""What a key opens becomes movies of the right length, pictures and entries; damage costs one record."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import av
import pytest

from exam_evidence.bundle import BundleReader
from exam_evidence.export import Opened, export
from exam_evidence.findings import EvidenceError
from exam_evidence.movies import MovieGap, MoviePart
from exam_evidence.opening import Reader
from exam_protocol import keys
from exam_protocol import records as r
from exam_protocol.records import Track
from tests.exam_evidence.sample import JPEG, Institution, Sitting, h264, opus, short_sitting


def opened(sitting: Sitting, tmp_path: Path, who: Reader | None = None) -> Opened:
    with BundleReader(sitting.write(tmp_path / "b")) as reader:
        return export(reader, who or Reader("proctor-a", sitting.institution.proctor_wrap), tmp_path / "out")


def probe(path: Path) -> dict[str, str]:
    """codec, duration and frame count as a foreign program sees them; a decode without a word of complaint."""
    command = [
        "ffprobe",
        "-v",
        "error",
        "-count_packets",
        "-show_entries",
        "stream=codec_name,duration,nb_read_packets",
        "-of",
        "json",
        str(path),
    ]
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"][0]
    decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, check=True)
    assert decoded.stderr == b""
    return dict(stream)


def packets(path: Path) -> list[tuple[float, float]]:
    """(start, duration) of each packet in seconds."""
    with av.open(str(path)) as container:
        stream = container.streams[0]
        base = float(stream.time_base or 0)
        return [(p.pts * base, p.duration * base) for p in container.demux(stream) if p.pts is not None and p.duration]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, Path]:
    tmp_path = tmp_path_factory.mktemp("whole")
    return opened(short_sitting(Institution()), tmp_path), tmp_path / "out"


def test_each_media_track_is_a_movie_of_the_right_length(whole: tuple[Opened, Path]) -> None:
    result, out = whole
    lengths = {m.file: (m.end_us - m.start_us) / 1e6 for m in result.movies}
    assert lengths == pytest.approx({"screen.mp4": 10.0, "webcam.mp4": 10.0, "audio.mp4": 9.0}, abs=0.02)
    for name, codec, frames in (("screen", "h264", 20), ("webcam", "h264", 101), ("audio", "opus", 100)):
        stream = probe(out / f"{name}.mp4")
        assert (stream["codec_name"], int(stream["nb_read_packets"])) == (codec, frames)
        assert float(stream["duration"]) == pytest.approx(lengths[f"{name}.mp4"], abs=0.03)


def test_the_last_picture_of_a_still_screen_lasts_to_the_end(whole: tuple[Opened, Path]) -> None:
    start, duration = packets(whole[1] / "screen.mp4")[-1]
    assert start == pytest.approx(1.9, abs=0.001) and duration == pytest.approx(8.1, abs=0.001)


def test_a_hole_in_the_sound_stays_a_hole(whole: tuple[Opened, Path]) -> None:
    starts = [start for start, _ in packets(whole[1] / "audio.mp4")]
    steps = [after - before for before, after in pairwise(starts)]
    assert max(steps) == pytest.approx(3.06, abs=0.01) and sum(step > 0.1 for step in steps) == 1


def test_the_pictures_that_were_sealed_come_out_of_the_movie(whole: tuple[Opened, Path]) -> None:
    with av.open(str(whole[1] / "webcam.mp4")) as container:
        lumas = [int(frame.to_ndarray(format="gray")[60, 80]) for frame in container.decode(video=0)]
    assert len(lumas) == 101
    assert all(abs(luma - ((n * 7) % 200 + 16 - 16) * 255 / 219) < 12 for n, luma in enumerate(lumas))


def test_entries_and_pictures_are_written(whole: tuple[Opened, Path]) -> None:
    result, out = whole
    rows = [json.loads(line) for line in (out / "entries.jsonl").read_text().splitlines()]
    assert {row["kind"] for row in rows} >= {"chat", "command", "result", "flag", "checks", "consent", "restore"}
    assert next(row for row in rows if row["kind"] == "chat")["text"] == "Hello, <b>can you</b> hear me?"
    assert result.pictures == ("id_card-1-0.jpg", "room-1-0.jpg", "room-1-1.jpg")
    assert (out / "id_card-1-0.jpg").read_bytes() == JPEG
    assert next(row for row in rows if row["kind"] == "picture")["data"] == "id_card-1-0.jpg"
    assert json.loads((out / "opened.json").read_text())["records"] == result.records == 233


def test_a_flipped_bit_is_named_and_the_rest_is_opened(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution)
    index = next(i for i, rec in enumerate(sitting.lanes[1]) if r.parse_header(rec).track == Track.WEBCAM) + 40
    record = bytearray(sitting.lanes[1][index])
    record[60] ^= 4
    sitting.lanes[1][index] = bytes(record)
    sequence = r.parse_header(bytes(record)).sequence
    result = opened(sitting, tmp_path)
    (finding,) = result.findings
    assert (finding.code, finding.track, finding.sequence, finding.position) == (
        "record_damaged", "webcam", sequence, index + 1,
    )  # fmt: skip
    webcam = next(movie for movie in result.movies if movie.track == "webcam")
    assert webcam.frames + webcam.skipped == 100 and webcam.end_us == pytest.approx(11_000_000, abs=20_000)
    probe(tmp_path / "out" / "webcam.mp4")


def test_a_new_picture_size_goes_on_in_the_same_file(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    for at, media, key in h264(5, 100_000, 64, 48):
        sitting.media(Track.SCREEN, media, 12_000_000 + at, key=key)
    sitting.end(13_000_000)
    movie = next(m for m in opened(sitting, tmp_path).movies if m.track == "screen")
    assert movie.parts == (MoviePart(1_000_000, 320, 240), MoviePart(12_000_000, 64, 48)) and movie.frames == 25
    assert float(probe(tmp_path / "out" / "screen.mp4")["duration"]) == pytest.approx(11.4, abs=0.02)
    with av.open(str(tmp_path / "out" / "screen.mp4")) as container:
        assert [frame.width for frame in container.decode(video=0)] == [320] * 20 + [64] * 5


def test_sound_that_jitters_by_less_than_forty_milliseconds_stays_even(
    institution: Institution, tmp_path: Path
) -> None:
    sitting = Sitting(institution)
    sitting.open()
    sitting.new_epoch()
    for number, media in enumerate(opus(40)):
        sitting.media(Track.AUDIO, media, number * 60_000 + (number * 7919) % 20_000, key=True)
    opened(sitting, tmp_path)
    durations = {round(duration, 4) for _, duration in packets(tmp_path / "out" / "audio.mp4")[:-1]}
    assert durations <= {0.06, 0.0535}, durations


def test_a_screen_that_says_nothing_for_two_hours_is_a_gap(institution: Institution, tmp_path: Path) -> None:
    sitting = Sitting(institution)
    sitting.open()
    sitting.new_epoch()
    sitting.media(Track.SCREEN, h264(1, 100_000)[0][1], 0, key=True)
    sitting.media(Track.AUDIO, opus(1)[0], 7_200_000_000, key=True)
    movie = opened(sitting, tmp_path).movies[0]
    assert (movie.end_us, movie.recorded_us) == (7_200_000_000, 5_000_000)
    assert movie.gaps == (MovieGap(5_000_000, 7_200_000_000, "nothing_recorded"),)
    assert float(probe(tmp_path / "out" / "screen.mp4")["duration"]) == pytest.approx(5.0)


def test_a_declared_hole_is_a_gap_with_its_reason(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    sitting.declare_damaged(Track.AUDIO, keep_hash=True, at_us=11_000_000)
    sitting.media(Track.AUDIO, opus(1)[0], 10_500_000, key=True)
    sitting.end(11_100_000)
    movie = next(m for m in opened(sitting, tmp_path).movies if m.track == "audio")
    assert [(gap.from_us, gap.to_us, gap.reason) for gap in movie.gaps] == [
        (4_000_000, 7_000_000, "nothing_recorded"), (9_940_000, 10_500_000, "damaged"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\0\0\1", b"\0\0\1\x65", b"\0\0\1\x67\x64\0\0\1\x68", b"\0\0\1" * 9000])
def test_a_picture_that_is_none_is_named_and_the_film_goes_on(
    institution: Institution, tmp_path: Path, data: bytes
) -> None:
    sitting = Sitting(institution)
    sitting.open()
    sitting.new_epoch()
    frames = h264(5, 100_000)
    sitting.media(Track.SCREEN, r.Media(r.Codec.H264, 320, 240, data), 0, key=True)
    sitting.media(Track.SCREEN, frames[1][1], 50_000, key=False)
    for at, media, key in frames:
        sitting.media(Track.SCREEN, media, 100_000 + at, key=key)
    result = opened(sitting, tmp_path)
    assert [(f.code, f.track, f.sequence) for f in result.findings] == [("entry_unreadable", "screen", 0)]
    assert (result.movies[0].frames, result.movies[0].skipped) == (5, 1)
    probe(tmp_path / "out" / "screen.mp4")


def test_a_recording_of_more_than_a_day_is_opened_without_the_film_side_by_side(
    institution: Institution, tmp_path: Path
) -> None:
    sitting = Sitting(institution)
    sitting.open()
    sitting.new_epoch()
    for day in (0, 2):
        sitting.media(Track.SCREEN, h264(1, 100_000)[0][1], day * 86_400_000_000, key=True)
    with BundleReader(sitting.write(tmp_path / "b")) as reader:
        who = Reader("proctor-a", institution.proctor_wrap)
        result = export(reader, who, tmp_path / "out", progress=lambda share: None)
    assert [finding.code for finding in result.findings] == ["side_by_side_failed"] and result.side_by_side is None
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "screen.mp4", "entries.jsonl", "flags.json", "flags.txt", "opened.json",
    }  # fmt: skip


def test_the_archive_key_opens_the_same(institution: Institution, tmp_path: Path) -> None:
    result = opened(short_sitting(institution), tmp_path, Reader("archive", institution.archive))
    assert result.findings == () and len(result.movies) == 3


def test_a_key_that_nothing_was_sealed_to_is_refused(institution: Institution, tmp_path: Path) -> None:
    for who in (Reader("proctor-a", keys.WrapKey.generate()), Reader("mallory", institution.proctor_wrap)):
        with pytest.raises(EvidenceError) as caught:
            opened(short_sitting(institution), tmp_path, who)
        assert caught.value.code == "not_for_us"
        assert not (tmp_path / "out").exists()


def test_a_recipient_who_left_opens_nothing_of_the_next_epoch(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    sitting.new_epoch(12_000_000, {"archive": institution.archive.public_key})
    sitting.data(Track.CONTROL, b"{}", 12_000_000)
    codes = [finding.code for finding in opened(sitting, tmp_path).findings]
    assert codes == ["epoch_shut", "record_not_for_us"]


def test_an_epoch_key_that_breaks_its_commitment_is_not_used(institution: Institution, tmp_path: Path) -> None:
    sitting = Sitting(institution)
    sitting.open()
    wraps = keys.wrap_epoch(b"k" * 32, sitting.session_id, 1, {"proctor-a": institution.proctor_wrap.public_key})
    sitting.signed(r.Epoch(1, keys.commitment(b"other" * 6 + b"ab"), (), 1, b"", wraps))
    with pytest.raises(EvidenceError) as caught:
        opened(sitting, tmp_path)
    assert caught.value.code == "not_for_us"


def test_a_folder_that_is_not_empty_is_left_alone(institution: Institution, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(EvidenceError) as caught:
        opened(short_sitting(institution), tmp_path)
    assert caught.value.code == "out_not_empty"


def test_a_report_is_found_by_its_number_and_its_picture_is_a_file(institution: Institution, tmp_path: Path) -> None:
    sitting = Sitting(institution)
    sitting.open()
    sitting.new_epoch()
    sitting.entry(Track.LOG, r.ReportEntry("R-7F3A-21", "r1", "problem", 1, "No sound.", picture=JPEG), 100_000)
    sitting.entry(Track.LOG, r.ReportEntry("R-03BC-9E", "r2", "noise", 2), 200_000)
    assert opened(sitting, tmp_path).pictures == ("report-0.jpg",)
    rows = [json.loads(line) for line in (tmp_path / "out" / "entries.jsonl").read_text().splitlines()]
    assert [(row["number"], row.get("picture")) for row in rows] == [("R-7F3A-21", "report-0.jpg"), ("R-03BC-9E", None)]
    assert (tmp_path / "out" / "report-0.jpg").read_bytes() == JPEG
