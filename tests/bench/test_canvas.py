"""The way of a picture is joined from what candidate, server and page saw; kept packets play from a key frame on."""

import json
from pathlib import Path

import pytest

from bench.canvas.packets import Keeping, Packet, load
from bench.canvas.steps import STEPS, Steps, table
from exam_protocol.records import Codec, Media, Track

SENT, STORED = [0.0, 10.0, 11.0, 13.0, 14.0], [15.0, 20.0, 21.0]


def page(*times_us: int) -> dict[str, list[list[object]]]:
    """Pictures 0, 1 ... of session "aa", each received, opened, decoded and drawn 22 to 25 ms after it was taken."""
    steps = enumerate(("opened", "decoded", "drawn"))
    later = {step: [[at_us, 23.0 + number] for at_us in times_us] for number, step in steps}
    return {"received": [["aa", 8, number, at_us, 22.0] for number, at_us in enumerate(times_us)], **later}


def joined(tmp_path: Path, seen: dict[str, list[list[object]]], *, stored: tuple[int, ...] = (0, 1)) -> Steps:
    path = tmp_path / "server"
    path.write_text(json.dumps([["aa", 8, sequence, STORED] for sequence in stored]))
    return Steps([{"session": "aa", "rows": [(8, 0, SENT), (8, 1, SENT)]}], path, seen)


def test_a_picture_with_every_stamp_has_all_steps_in_order(tmp_path: Path) -> None:
    ways = joined(tmp_path, page(1000, 2000)).ways
    assert ways == [[*SENT, *STORED, 22.0, 23.0, 24.0, 25.0]] * 2
    assert len(ways[0]) == len(STEPS)


def test_a_picture_that_one_did_not_see_or_that_has_a_twin_does_not_count(tmp_path: Path) -> None:
    assert len(joined(tmp_path, page(1000, 2000), stored=(1,)).ways) == 1
    assert joined(tmp_path, page(1000, 1000)).ways == []


def test_the_table_tells_what_each_step_took_and_the_whole(tmp_path: Path) -> None:
    lines = table("one", joined(tmp_path, page(1000, 2000))).splitlines()
    assert len(lines) == len(STEPS) + 1
    assert lines[-1].split() == ["taken", "to", "drawn", "25.0", "25.0"]


class Nowhere:
    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        pass


@pytest.mark.parametrize("track", [Track.SCREEN_SMALL, Track.WEBCAM])
def test_kept_pictures_begin_with_a_key_frame_and_kept_sound_at_once(tmp_path: Path, track: int) -> None:
    keeping = Keeping(Nowhere())
    keeping.begin()
    far_us = 1 << 60  # later than the keeping began, whenever that was
    for number, is_key in enumerate((False, True, False)):
        keeping.media(track, Media(Codec.H264, 4, 4, b"%d" % number), key_frame=is_key, taken_us=far_us + number)
    keeping.media(Track.AUDIO, Media(Codec.OPUS, 1, 480, b"sound"), key_frame=False, taken_us=far_us)
    keeping.write(tmp_path / "packets")
    kept: list[Packet] = load(tmp_path / "packets")
    assert [packet.media.data for packet in kept if packet.track == track] == [b"1", b"2"]
    assert [packet.media.data for packet in kept if packet.track == Track.AUDIO] == [b"sound"]
