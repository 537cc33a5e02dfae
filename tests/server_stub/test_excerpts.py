"""Some seconds of stored media: the right records as they were sealed, and only for those who may have them."""

import json
from pathlib import Path

import pytest

from exam_protocol.evidence import HOLE, frame, frames
from exam_protocol.records import Header, Lane, RecordFlag, RecordType, Track, parse_header
from server_stub.blobs import LaneFiles
from server_stub.excerpts import Excerpts
from tests.server_stub.client import cookie, request
from tests.server_stub.conftest import Exam

SESSION = bytes(range(16))


def record(track: int, sequence: int, at_s: float, *, key: bool = False, size: int = 40) -> bytes:
    flags = RecordFlag.KEY_FRAME if key else 0
    return Header(RecordType.DATA, track, flags, 1, sequence, int(at_s * 1e6), SESSION, size).pack() + bytes(size)


class Lanes:
    """A lane file that grows, and how much of it is durable."""

    def __init__(self, directory: Path) -> None:
        self.files, self.size_bytes, self.position = LaneFiles(directory), 0, 0
        self.excerpts = Excerpts(self.files, lambda session: self.size_bytes)

    def add(self, *records: bytes) -> None:
        data = b"".join(frame(self.position + n, one) for n, one in enumerate(records, 1))
        self.position += len(records)
        self.files.append(SESSION, Lane.MEDIA, data)
        self.size_bytes += len(data)

    def minute(self, minute: int, *, hole_at: int = -1) -> None:
        """Webcam and screen once a second, a key frame of each every ten; sound beside them."""
        for second in range(minute * 60, minute * 60 + 60):
            key = second % 10 == 0
            self.add(
                HOLE if second == hole_at else record(Track.WEBCAM, second, second, key=key, size=9000),
                record(Track.SCREEN, second, second + 0.5, key=key),
                record(Track.AUDIO, second, second),
            )

    def by_sequence(self, track: int, first: int, last: int) -> list[int]:
        return numbers(b"".join(self.excerpts.by_sequence(SESSION, track, first, last)), track)

    def by_time(self, track: int, from_s: float, to_s: float) -> list[int]:
        found = self.excerpts.by_time(SESSION, track, int(from_s * 1e6), int(to_s * 1e6))
        return numbers(b"".join(found), track)


def numbers(data: bytes, track: int) -> list[int]:
    headers = [parse_header(one) for _, one in frames(data)]
    assert {header.track for header in headers} <= {track}
    return [header.sequence for header in headers]


@pytest.fixture
def lanes(tmp_path: Path) -> Lanes:
    lanes = Lanes(tmp_path)
    for minute in range(3):
        lanes.minute(minute)
    return lanes


def test_records_are_found_by_their_numbers(lanes: Lanes) -> None:
    assert lanes.by_sequence(Track.WEBCAM, 20, 37) == list(range(20, 38))
    assert lanes.by_sequence(Track.AUDIO, 3, 3) == [3]


def test_a_time_begins_with_the_key_frame_before_it(lanes: Lanes) -> None:
    assert lanes.by_time(Track.WEBCAM, 65, 72) == list(range(60, 73))
    assert lanes.by_time(Track.SCREEN, 60.2, 61) == list(range(50, 61))
    assert lanes.by_time(Track.AUDIO, 65, 67) == [65, 66, 67]


def test_before_the_first_record_is_the_first(lanes: Lanes) -> None:
    assert lanes.by_time(Track.SCREEN, 0, 1) == [0]
    assert lanes.by_time(Track.SCREEN_2, 0, 100) == []


def test_what_is_not_there_yet_is_left_out_and_found_once_it_came(lanes: Lanes) -> None:
    assert lanes.by_sequence(Track.WEBCAM, 170, 200) == list(range(170, 180))
    lanes.minute(3)
    assert lanes.by_sequence(Track.WEBCAM, 170, 200) == list(range(170, 201))


def test_what_is_in_the_file_but_not_durable_is_not_given_out(lanes: Lanes) -> None:
    durable = lanes.size_bytes
    lanes.minute(3)
    lanes.size_bytes = durable
    assert lanes.by_sequence(Track.WEBCAM, 170, 200) == list(range(170, 180))


def test_a_hole_is_passed_over(lanes: Lanes) -> None:
    lanes.minute(3, hole_at=185)
    assert lanes.by_sequence(Track.WEBCAM, 183, 187) == [183, 184, 186, 187]


def test_an_absurd_span_ends_with_what_there_is(lanes: Lanes) -> None:
    assert lanes.by_sequence(Track.SCREEN, 100, 1 << 60) == list(range(100, 180))
    assert lanes.by_sequence(Track.SCREEN, 1 << 60, 1 << 61) == []


def test_an_answer_never_grows_without_bound(lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server_stub.excerpts.MOST_BYTES", 9044 * 5)
    assert lanes.by_sequence(Track.WEBCAM, 0, 100) == [0, 1, 2, 3, 4]


async def test_only_proctors_of_the_exam_get_records_and_the_bytes_are_those_that_were_sealed(exam: Exam) -> None:
    exam.server.add_proctor("amal")
    exam.server.add_proctor("chris")
    agent = exam.candidate()
    for second in range(6):
        agent.picture(b"%d" % second, key_frame=second % 2 == 0, track=Track.WEBCAM, at_us=second * 1_000_000)
    await agent.bring(exam.server)
    path = f"/api/sessions/{agent.session_id.hex()}"
    mine, other = ({"Cookie": cookie(exam.server, who)} for who in ("amal", "chris"))

    def asked(query: str, who: dict[str, str]) -> tuple[int, bytes]:
        answer = request(exam.server.url, "GET", path + query, headers=who)
        return answer.status, answer.data

    status, data = asked("/records?track=2&first=2&last=4", mine)
    assert (status, [one for _, one in frames(data)]) == (200, agent.lanes[Lane.MEDIA][2:5])
    assert numbers(asked("/records?track=2&from_us=3000000&to_us=4500000", mine)[1], Track.WEBCAM) == [2, 3, 4]
    assert json.loads(asked("/arrived", mine)[1])["tracks"][str(int(Track.WEBCAM))] == 6
    for query in ("/records?track=2&first=2&last=4", "/arrived"):
        assert asked(query, other)[0] == 404
        assert asked(query, {})[0] == 401
    for query in ("track=0&first=0&last=9", "track=2&first=-1&last=4", "track=2&first=1", "track=x&first=1&last=2"):
        assert asked(f"/records?{query}", mine)[0] == 400
