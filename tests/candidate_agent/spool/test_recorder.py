"""What the recorder makes is numbered without holes, opens with the epoch's key, chains, and outlives a restart."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import UNSET

from candidate_agent.base.clock import ManualClock
from candidate_agent.base.errors import StorageError
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from exam_protocol.chain import Chains, record_hash
from exam_protocol.codec import decode
from exam_protocol.keys import WrapKey, unwrap_epoch
from exam_protocol.records import (
    Check,
    Codec,
    End,
    Epoch,
    FlagEntry,
    Gap,
    Header,
    Lane,
    LogEntry,
    Media,
    Open,
    RecordFlag,
    RecordSpan,
    RecordType,
    Signed,
    State,
    Track,
    parse_header,
    read_signed,
    unpack_media,
)  # fmt: skip
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import SigningKey

SESSION = bytes(range(16))
DEVICE = SigningKey.generate()
PROCTOR = WrapKey.generate()
RECIPIENTS = {"ada": PROCTOR.public_key}


class Disk:
    full = False
    free = 1 << 40

    def write(self, handle: int, data: memoryview) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(handle, data)

    def free_bytes(self, _: Path) -> int:
        return self.free


class Desk:
    """A recorder over a spool in a folder, that can be started again."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.clock, self.disk = directory, ManualClock(), Disk()
        self.resumed: list[int] = []
        self.start()

    def start(self, *, with_epoch: bool = True) -> None:
        self.spool = Spool(
            self.directory, sync_interval_s=None, ballast_bytes=1000, write=self.disk.write,
            free_bytes=self.disk.free_bytes,
        )  # fmt: skip
        self.spool.open()
        self.recorder = Recorder(self.spool, DEVICE, self.clock, SESSION, on_resumed=self.resumed.append)
        self.recorder.open_session(
            ticket_hash=bytes(32), wrap_key=bytes(32), build="1", machine="simulated", package_hash=bytes(32),
            roster_version=1, zone="UTC", wall_ms=self.clock.wall_ms(),
        )  # fmt: skip
        if with_epoch:
            self.recorder.new_epoch(RECIPIENTS, 1, bytes(32))

    def restart(self) -> None:
        self.spool.close()
        self.start()

    def media(self, data: bytes = b"frame", *, key_frame: bool = False, track: int = Track.SCREEN) -> None:
        self.recorder.media(
            track, Media(Codec.H264, 640, 480, data), key_frame=key_frame, taken_us=self.clock.monotonic_us()
        )

    def log(self, event: str = "event") -> None:
        self.recorder.entry(Track.LOG, LogEntry(event, "", 0))

    def records(self, lane: int) -> list[bytes]:
        found = [self.spool.read(lane, position) for position in range(1, self.spool.last_position(lane) + 1)]
        assert None not in found
        return [record for record in found if record is not None]

    def signed(self) -> list[tuple[Header, Signed]]:
        ledger = [record for record in self.records(0) if parse_header(record).track == Track.LEDGER]
        return [read_signed(record, DEVICE.public_key) for record in ledger]

    def bodies(self, kind: type[Signed]) -> list[Signed]:
        return [body for _, body in self.signed() if isinstance(body, kind)]

    def opened(self) -> list[tuple[Header, bytes]]:
        """Every sealed record of both lanes, opened by the proctor."""
        keys = {
            body.epoch: EpochSealer(SESSION, body.epoch, unwrap_epoch(body, SESSION, "ada", PROCTOR))
            for body in self.bodies(Epoch) if isinstance(body, Epoch)
        }  # fmt: skip
        sealed = [r for lane in (0, 1) for r in self.records(lane) if parse_header(r).type is RecordType.DATA]
        return [keys[parse_header(record).epoch].open(record) for record in sealed]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "spool")
    yield desk
    desk.spool.close()


def test_a_session_begins_with_open_and_a_first_epoch(desk: Desk) -> None:
    (_, first), (_, second) = desk.signed()
    assert isinstance(first, Open) and first.wall_ms == desk.clock.wall_ms()
    assert isinstance(second, Epoch) and (second.epoch, second.wraps[0].recipient) == (1, "ada")


def test_a_proctor_opens_what_was_recorded(desk: Desk) -> None:
    desk.clock.advance(2)
    desk.media(b"picture", key_frame=True)
    ((header, plain),) = desk.opened()
    assert unpack_media(plain) == Media(Codec.H264, 640, 480, b"picture")
    assert (header.flags, header.media_time_us, header.sequence) == (RecordFlag.KEY_FRAME, 2_000_001, 0)


def test_a_flag_names_the_records_in_which_it_can_be_seen_and_others_none(desk: Desk) -> None:
    for _ in range(12):
        desk.clock.advance(1)
        desk.media(key_frame=True, track=Track.SCREEN)
    for code in ("FOCUS_LOST", "LINK_LOST"):
        desk.recorder.entry(Track.FLAGS, FlagEntry(code, "low", "Something was seen.", 1, 9_000_000, 12_000_000))
    focus, link = (decode(plain, FlagEntry) for header, plain in desk.opened() if header.track == Track.FLAGS)
    assert (focus.evidence, link.evidence) == ((RecordSpan(Track.SCREEN, 2, 11),), UNSET)


def test_entries_are_padded_so_that_their_size_says_little(desk: Desk) -> None:
    desk.log("a")
    desk.log("a much longer event")
    sizes = {len(plain) for _, plain in desk.opened()}
    assert sizes == {256}


def test_sequences_have_no_holes_and_chains_are_those_of_the_protocol_over_restarts(desk: Desk) -> None:
    for _ in range(3):
        for _ in range(5):
            desk.media()
            desk.log()
        desk.restart()
    chains = Chains(SESSION)
    for lane in (Lane.CONTROL, Lane.MEDIA):
        for record in desk.records(lane):
            header = parse_header(record)
            assert header.sequence == chains.at(header.track).next_sequence
            chains.append(header.track, record_hash(record))
    assert desk.spool.heads() == chains.heads()


def test_no_key_and_nonce_is_ever_used_twice(desk: Desk) -> None:
    for _ in range(4):
        for _ in range(5):
            desk.media()
            desk.media(track=Track.AUDIO)
        desk.restart()
    used = [(header.epoch, header.track, header.sequence) for header, _ in desk.opened()]
    assert len(used) == len(set(used)) == 40
    assert len({body.commitment for body in desk.bodies(Epoch) if isinstance(body, Epoch)}) == 5


def test_media_time_goes_on_over_a_restart_even_when_the_clock_was_set_back(desk: Desk) -> None:
    desk.clock.advance(10)
    desk.media()
    desk.clock._wall_ms -= 3_600_000
    desk.restart()
    desk.media()
    times = [header.media_time_us for header, _ in desk.opened()]
    assert times == sorted(times) and times[1] - times[0] < 1000


def test_a_restart_is_declared_as_a_gap_from_the_last_record_to_the_next(desk: Desk) -> None:
    desk.clock.advance(10)
    desk.media()
    desk.clock.advance(5)
    desk.restart()
    desk.clock.advance(2)
    desk.media()
    gaps = [gap for gap in desk.bodies(Gap) if isinstance(gap, Gap)]
    first, second = (header.media_time_us for header, _ in desk.opened())
    assert [(gap.track, gap.first, gap.last, gap.reason) for gap in gaps] == [(Track.SCREEN, 1, 0, "restarted")]
    assert gaps[0].to_us == second
    assert second - first == pytest.approx(7_000_000, abs=10)
    assert first <= gaps[0].from_us <= first + 10
    assert len(desk.bodies(Open)) == 1


def test_a_second_restart_before_anything_was_recorded_leaves_no_time_undeclared(desk: Desk) -> None:
    desk.media()
    for _ in range(2):
        desk.clock.advance(5)
        desk.restart()
        desk.log("waits to be admitted again")
    desk.clock.advance(1)
    desk.media()
    desk.clock.advance(1)
    desk.restart()
    desk.media()
    gaps = [gap for gap in desk.bodies(Gap) if isinstance(gap, Gap)]
    first, second, third = (header.media_time_us for header, _ in desk.opened() if header.track == Track.SCREEN)
    assert [gap.to_us for gap in gaps] == [second, third]
    assert gaps[0].from_us - first < 10 and 0 <= gaps[1].from_us - second < 10


def test_a_check_comes_every_five_seconds_and_every_256_records(desk: Desk) -> None:
    for _ in range(11):
        desk.clock.advance(1)
        desk.recorder.tick()
    assert len(desk.bodies(Check)) == 2
    for _ in range(300):
        desk.media()
    assert len(desk.bodies(Check)) == 3
    last = desk.bodies(Check)[-1]
    assert isinstance(last, Check)
    assert next(head for head in last.heads if head.track == Track.SCREEN).next_sequence >= 250


def test_the_epoch_changes_after_ten_minutes_and_when_the_roster_does(desk: Desk) -> None:
    desk.clock.advance(601)
    desk.recorder.tick()
    desk.recorder.new_epoch({"bob": WrapKey.generate().public_key}, 2, bytes(32))
    epochs = [body for body in desk.bodies(Epoch) if isinstance(body, Epoch)]
    assert [(body.epoch, body.roster_version, body.wraps[0].recipient) for body in epochs] == [
        (1, 1, "ada"), (2, 1, "ada"), (3, 2, "bob"),
    ]  # fmt: skip


def test_the_end_is_signed_once_and_nothing_follows_it(desk: Desk) -> None:
    desk.media()
    desk.recorder.state("ended", "time is up")
    for _ in range(2):
        desk.recorder.end("time is up", True)
        desk.media()
        desk.log()
        desk.recorder.state("late")
        desk.recorder.gap(Track.SCREEN, 0, 1, "device_lost")
        desk.recorder.tick()
        desk.restart()
    signed = desk.signed()
    assert isinstance(signed[-1][1], End) and len(desk.bodies(End)) == len(desk.bodies(State)) == 1
    assert len(desk.opened()) == 1
    assert desk.recorder.refused_after_end == 0 and desk.spool.backlog()[0] == len(signed) + 1


def test_media_that_a_full_disk_refused_is_counted_and_declared_when_there_is_room(desk: Desk) -> None:
    desk.media()
    desk.disk.full, desk.disk.free = True, 0
    desk.clock.advance(1)
    desk.media()
    lost_from_us = desk.recorder.media_time_us(desk.clock.monotonic_us())
    desk.disk.full = False  # the ballast's room, for the control lane
    desk.clock.advance(1)
    desk.media()
    desk.log("still written")
    assert (desk.recorder.lost_records, desk.bodies(Gap)) == (2, [])
    desk.disk.free = 1 << 40
    desk.spool._take_ballast()  # as the sync thread does once a second
    desk.clock.advance(1)
    desk.media()
    (gap,) = desk.bodies(Gap)
    assert isinstance(gap, Gap)
    assert (gap.track, gap.first, gap.last, gap.reason) == (Track.SCREEN, 1, 0, "disk_full")
    assert (gap.from_us, gap.to_us - gap.from_us) == (lost_from_us, 2_000_000)
    assert desk.resumed == [Track.SCREEN]


def test_a_number_whose_record_could_not_be_kept_is_never_used_again_under_the_same_key(desk: Desk) -> None:
    desk.media(b"kept")
    desk.disk.full, desk.disk.free = True, 0
    desk.media(b"sealed and thrown away")
    desk.disk.full, desk.disk.free = False, 1 << 40
    desk.spool._take_ballast()
    desk.media(b"next")
    headers = [header for header, _ in desk.opened()]
    assert [(header.epoch, header.sequence) for header in headers] == [(1, 0), (2, 1)]


def test_an_entry_that_cannot_be_kept_is_an_error_and_declared_later(desk: Desk) -> None:
    desk.disk.full, desk.disk.free = True, 0
    with pytest.raises(StorageError) as caught:
        desk.log()
    assert caught.value.code == "disk_full"
    desk.disk.full = False
    desk.log()
    assert [gap.track for gap in desk.bodies(Gap) if isinstance(gap, Gap)] == [Track.LOG]


def test_a_damaged_record_is_declared_once_with_its_hash_also_after_the_end(desk: Desk) -> None:
    for _ in range(3):
        desk.media()
    expected = desk.spool.record_hash(Lane.MEDIA, 2)
    desk.recorder.end("done", True)
    desk.recorder.declare_damaged(Lane.MEDIA, 2)
    desk.restart()
    desk.recorder.declare_damaged(Lane.MEDIA, 2)
    gaps = [gap for gap in desk.bodies(Gap) if isinstance(gap, Gap)]
    assert [(gap.track, gap.first, gap.last, gap.hashes, gap.reason) for gap in gaps] == [
        (Track.SCREEN, 1, 1, (expected,), "damaged")
    ]
    assert isinstance(desk.signed()[-1][1], Gap)
