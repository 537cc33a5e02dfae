"""The spool keeps what it was given, through restarts, torn tails, flipped bits and full disks."""

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from candidate_agent.base.errors import StorageError
from candidate_agent.spool import store
from candidate_agent.spool.store import Spool
from exam_protocol.chain import Chains, record_hash
from exam_protocol.records import Lane, Track

from .conftest import SESSION, MakeRecord

SMALL_BALLAST = 4096


def opened(directory: Path, **options: object) -> Spool:
    settings = {"ballast_bytes": SMALL_BALLAST, "sync_interval_s": None, **options}
    spool = Spool(directory, **settings)  # type: ignore[arg-type]
    spool.open()
    return spool


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = opened(tmp_path / "spool", segment_bytes=1000)
    yield spool
    spool.close()


def segment_files(directory: Path, lane: int) -> list[Path]:
    return sorted(directory.glob(f"lane{lane}-*.segment"))


def test_what_was_appended_is_read_back_in_order_and_sendable_only_after_a_sync(
    spool: Spool, make_record: MakeRecord
) -> None:
    records = [make_record() for _ in range(30)]
    assert [spool.append(Lane.MEDIA, record) for record in records] == list(range(1, 31))
    assert (spool.last_position(Lane.MEDIA), spool.synced_position(Lane.MEDIA)) == (30, 0)
    spool.sync()
    assert spool.synced_position(Lane.MEDIA) == 30
    assert [spool.read(Lane.MEDIA, position) for position in range(1, 31)] == records
    assert spool.record_hash(Lane.MEDIA, 7) == record_hash(records[6])


def test_lanes_count_for_themselves(spool: Spool, make_record: MakeRecord) -> None:
    spool.append(Lane.MEDIA, make_record())
    assert spool.append(Lane.CONTROL, make_record(Track.LOG)) == 1
    assert spool.backlog() == (2, 2 * 144)


def test_the_chain_heads_are_those_of_the_protocol_and_outlive_a_restart(
    tmp_path: Path, make_record: MakeRecord
) -> None:
    expected = Chains(SESSION)
    spool = opened(tmp_path)
    for track in (Track.SCREEN, Track.AUDIO, Track.SCREEN):
        record = make_record(track)
        expected.append(track, record_hash(record))
        spool.append(Lane.MEDIA, record)
    assert spool.heads() == expected.heads()
    spool.close()
    again = opened(tmp_path)
    assert again.heads() == expected.heads()
    again.close()


def test_acknowledged_segments_are_deleted_whole_and_the_rest_stays_readable(
    spool: Spool, make_record: MakeRecord, tmp_path: Path
) -> None:
    for _ in range(30):
        spool.append(Lane.MEDIA, make_record())
    spool.sync()
    before = len(segment_files(tmp_path / "spool", Lane.MEDIA))
    spool.free(Lane.MEDIA, 20)
    spool.sync()
    after = segment_files(tmp_path / "spool", Lane.MEDIA)
    assert 1 <= len(after) < before
    assert (spool.freed_position(Lane.MEDIA), spool.backlog()) == (20, (10, 10 * 144))
    assert all(spool.read(Lane.MEDIA, position) for position in range(21, 31))


def test_nothing_is_freed_that_was_not_synced(spool: Spool, make_record: MakeRecord) -> None:
    spool.append(Lane.MEDIA, make_record())
    spool.free(Lane.MEDIA, 1)
    assert spool.freed_position(Lane.MEDIA) == 0


def test_a_record_whose_bits_flipped_is_reported_as_damaged_and_its_hash_is_still_known(
    spool: Spool, make_record: MakeRecord, tmp_path: Path
) -> None:
    records = [make_record() for _ in range(3)]
    for record in records:
        spool.append(Lane.MEDIA, record)
    spool.sync()
    path = segment_files(tmp_path / "spool", Lane.MEDIA)[0]
    data = bytearray(path.read_bytes())
    data[data.index(records[1]) + 60] ^= 1
    path.write_bytes(data)
    assert spool.read(Lane.MEDIA, 2) is None
    assert spool.record_hash(Lane.MEDIA, 2) == record_hash(records[1])
    assert (spool.read(Lane.MEDIA, 1), spool.read(Lane.MEDIA, 3)) == (records[0], records[2])


def test_records_that_were_written_but_not_indexed_come_back_after_a_crash(
    tmp_path: Path, make_record: MakeRecord
) -> None:
    spool = opened(tmp_path / "spool", segment_bytes=1000)
    records = [make_record() for _ in range(20)]
    for record in records[:5]:
        spool.append(Lane.MEDIA, record)
    spool.sync()
    for record in records[5:]:
        spool.append(Lane.MEDIA, record)
    shutil.copytree(tmp_path / "spool", tmp_path / "crashed")
    heads = spool.heads()
    spool.close()
    again = opened(tmp_path / "crashed")
    assert again.last_position(Lane.MEDIA) == again.synced_position(Lane.MEDIA) == 20
    assert [again.read(Lane.MEDIA, position) for position in range(1, 21)] == records
    assert (again.heads(), again.backlog()) == (heads, (20, 20 * 144))
    again.close()


def test_after_a_power_cut_everything_that_could_be_sent_is_there_although_the_index_was_behind(
    tmp_path: Path, make_record: MakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each file only what was synced outlives the cut, and the index as it was when it was last committed."""
    safe: dict[int, int] = {}

    def note_size(handle: int) -> None:
        os.fdatasync(handle)
        safe[os.fstat(handle).st_ino] = os.fstat(handle).st_size

    monkeypatch.setattr(store, "sync_file", note_size)
    spool = opened(tmp_path / "spool")
    records = [make_record(Track.SCREEN_SMALL) for _ in range(9)]
    for number, record in enumerate(records[:7]):
        spool.append(Lane.MEDIA, record)
        spool.sync() if number == 2 else spool.sync_data()
    heads, sendable = spool.heads(), spool.synced_position(Lane.MEDIA)
    assert sendable == 7
    assert [spool.read(Lane.MEDIA, position) for position in range(1, 8)] == records[:7]
    for record in records[7:]:
        spool.append(Lane.MEDIA, record)
    sizes = {path.name: safe[path.stat().st_ino] for path in segment_files(tmp_path / "spool", Lane.MEDIA)}
    shutil.copytree(tmp_path / "spool", tmp_path / "crashed")
    spool.close()
    for name, size in sizes.items():
        os.truncate(tmp_path / "crashed" / name, size)
    again = opened(tmp_path / "crashed")
    assert (again.last_position(Lane.MEDIA), again.heads()) == (sendable, heads)
    assert [again.read(Lane.MEDIA, position) for position in range(1, 8)] == records[:7]
    again.close()


def test_what_is_acknowledged_before_the_index_knows_it_is_counted_once(spool: Spool, make_record: MakeRecord) -> None:
    for number in range(6):
        spool.append(Lane.MEDIA, make_record())
        spool.sync() if number == 1 else spool.sync_data()
    spool.free(Lane.MEDIA, 4)
    assert spool.backlog() == (2, 2 * 144)
    spool.sync()
    spool.free(Lane.MEDIA, 6)
    assert spool.backlog() == (0, 0)


def test_a_small_picture_and_what_was_written_before_it_can_be_sent_without_waiting(
    tmp_path: Path, make_record: MakeRecord
) -> None:
    synced = threading.Event()
    spool = opened(tmp_path / "spool", sync_interval_s=3600.0, on_synced=synced.set)
    spool.append(Lane.MEDIA, make_record(Track.SCREEN))
    spool.append(Lane.MEDIA, make_record(Track.SCREEN_SMALL))
    assert synced.wait(10)
    assert spool.synced_position(Lane.MEDIA) == 2
    spool.close()


def test_what_nobody_watches_live_can_be_sent_soon(
    tmp_path: Path, make_record: MakeRecord, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    spool = opened(tmp_path / "spool", sync_interval_s=0.01)
    spool.append(Lane.MEDIA, make_record(Track.AUDIO))
    spool.append(Lane.CONTROL, make_record(Track.FLAGS))
    wait_until(lambda: spool.synced_position(Lane.MEDIA) == spool.synced_position(Lane.CONTROL) == 1)
    spool.close()


@pytest.mark.parametrize("kept_bytes", [0, 7, 16, 100, 159])
def test_a_torn_tail_is_cut_off_and_its_position_used_again(
    tmp_path: Path, make_record: MakeRecord, kept_bytes: int
) -> None:
    spool = opened(tmp_path / "spool")
    first, torn, following = make_record(), make_record(), make_record()
    spool.append(Lane.MEDIA, first)
    spool.sync()
    spool.append(Lane.MEDIA, torn)
    shutil.copytree(tmp_path / "spool", tmp_path / "crashed")
    spool.close()
    os.truncate(segment_files(tmp_path / "crashed", Lane.MEDIA)[0], 160 + kept_bytes)
    again = opened(tmp_path / "crashed")
    assert again.last_position(Lane.MEDIA) == 1
    assert again.append(Lane.MEDIA, following) == 2
    assert (again.read(Lane.MEDIA, 1), again.read(Lane.MEDIA, 2)) == (first, following)
    again.close()


def test_what_follows_a_lost_tail_is_not_taken_for_its_continuation(tmp_path: Path, make_record: MakeRecord) -> None:
    spool = opened(tmp_path / "spool", segment_bytes=300)
    for _ in range(6):
        spool.append(Lane.MEDIA, make_record())
    shutil.copytree(tmp_path / "spool", tmp_path / "crashed")
    spool.close()
    os.truncate(segment_files(tmp_path / "crashed", Lane.MEDIA)[0], 200)
    again = opened(tmp_path / "crashed")
    assert again.last_position(Lane.MEDIA) == 1
    assert len(segment_files(tmp_path / "crashed", Lane.MEDIA)) == 1
    again.close()


def test_small_values_are_durable(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.put_meta("a", b"1")
    spool.put_meta("a", b"2")
    spool.close()
    again = opened(tmp_path)
    assert (again.get_meta("a"), again.get_meta("b")) == (b"2", None)
    again.close()


def test_an_index_that_is_no_database_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(StorageError) as caught:
        opened(tmp_path)
    assert caught.value.code == "spool_damaged"


class Disk:
    """A disk with so many bytes of room: writes beyond fail as a full disk's do, half done."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, handle: int, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = os.write(handle, data[: self.room])
        self.room -= written
        return written

    def free_bytes(self, _: Path) -> int:
        return self.room


def test_a_full_disk_refuses_media_whole_and_leaves_room_for_the_control_lane(
    tmp_path: Path, make_record: MakeRecord
) -> None:
    disk = Disk(room=100 << 20)
    spool = opened(tmp_path, write=disk.write, free_bytes=disk.free_bytes)
    kept = make_record()
    spool.append(Lane.MEDIA, kept)
    disk.room = 50
    with pytest.raises(StorageError) as caught:
        spool.append(Lane.MEDIA, make_record())
    assert (caught.value.code, spool.is_full) == ("disk_full", True)
    assert not (tmp_path / "ballast").exists()
    disk.room = 1000  # the ballast's room
    with pytest.raises(StorageError):
        spool.append(Lane.MEDIA, make_record())
    assert spool.append(Lane.CONTROL, make_record(Track.FLAGS)) == 1
    spool.sync()
    assert spool.read(Lane.MEDIA, 1) == kept
    spool.close()


def test_media_is_taken_again_when_there_is_room_for_the_ballast(tmp_path: Path, make_record: MakeRecord) -> None:
    disk, faults = Disk(room=10), []
    spool = opened(tmp_path, write=disk.write, free_bytes=disk.free_bytes, on_fault=lambda code, _: faults.append(code))
    assert spool.is_full
    spool.close()
    disk.room = 100 << 20
    again = opened(tmp_path, write=disk.write, free_bytes=disk.free_bytes)
    assert again.append(Lane.MEDIA, make_record()) == 1
    assert faults == ["disk_full"]
    again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(directory)], capture_output=True
        ).returncode
    ):
        pytest.skip("no file system can be mounted here")
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_on_a_disk_that_is_really_full_nothing_synced_is_lost_and_draining_makes_room(
    small_disk: Path, make_record: MakeRecord, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    spool = opened(small_disk, segment_bytes=256 << 10, ballast_bytes=512 << 10, sync_interval_s=0.01)
    # the margin of 16 MiB is more than this disk has: the ballast is put there by hand
    assert spool.is_full
    spool.close()
    (small_disk / "ballast").write_bytes(bytes(512 << 10))
    spool = opened(small_disk, segment_bytes=256 << 10, ballast_bytes=512 << 10, sync_interval_s=0.01)
    records: list[bytes] = []
    with pytest.raises(StorageError):
        while True:
            record = make_record(size=10_000)
            spool.append(Lane.MEDIA, record)
            records.append(record)
    flag = make_record(Track.FLAGS)
    assert spool.append(Lane.CONTROL, flag) == 1
    wait_until(lambda: spool.synced_position(Lane.MEDIA) == len(records))
    wait_until(lambda: spool.synced_position(Lane.CONTROL) == 1)
    assert [spool.read(Lane.MEDIA, position) for position in range(1, len(records) + 1)] == records
    free_before = shutil.disk_usage(small_disk).free
    spool.free(Lane.MEDIA, len(records))
    wait_until(lambda: shutil.disk_usage(small_disk).free > free_before + (2 << 20))
    spool.close()
