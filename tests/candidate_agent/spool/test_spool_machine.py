"""The spool against a model: whatever is appended, synced, freed, flipped, crashed and reopened, they agree."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from candidate_agent.spool.log import FRAME, segment_path
from candidate_agent.spool.store import Spool
from exam_protocol.chain import Chains, record_hash
from exam_protocol.records import Header, Lane, RecordType, Track

SESSION = bytes(range(16))
TRACK_OF = {Lane.CONTROL: Track.LOG, Lane.MEDIA: Track.SCREEN}
lanes = st.sampled_from([Lane.CONTROL, Lane.MEDIA])


class SpoolMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="spool-machine-"))
        self.generation = 0
        self.records: dict[int, list[bytes]] = {0: [], 1: []}
        self.synced = {0: 0, 1: 0}
        self.indexed = {0: 0, 1: 0}
        self.freed = {0: 0, 1: 0}
        self.flipped: set[tuple[int, int]] = set()
        self.made = 0
        self.sizes: dict[str, int] = {}  # of segment files as of the last sync
        self.open()

    @property
    def directory(self) -> Path:
        return self.home / str(self.generation)

    def open(self) -> None:
        self.spool = Spool(self.directory, segment_bytes=400, ballast_bytes=64, sync_interval_s=None)
        self.spool.open()
        self.note_sync()
        self.indexed = dict(self.synced)

    def note_sync(self) -> None:
        self.synced = {lane: len(records) for lane, records in self.records.items()}
        self.sizes = {path.name: path.stat().st_size for path in self.directory.glob("*.segment")}

    @rule(lane=lanes, size=st.integers(0, 150))
    def append(self, lane: int, size: int) -> None:
        self.made += 1  # never the same record twice, also not after a lost tail
        body = self.made.to_bytes(4, "big") * 40
        header = Header(RecordType.DATA, TRACK_OF[Lane(lane)], 0, 1, self.made, self.made, SESSION, size)
        record = header.pack() + body[:size]
        self.records[lane].append(record)
        assert self.spool.append(lane, record) == len(self.records[lane])

    @rule()
    def sync(self) -> None:
        self.spool.sync()
        self.note_sync()
        self.indexed = dict(self.synced)

    @rule()
    def sync_data(self) -> None:
        self.spool.sync_data()
        self.note_sync()

    @rule(lane=lanes, share=st.floats(0, 1))
    def free(self, lane: int, share: float) -> None:
        through = round(self.synced[lane] * share)
        self.spool.free(lane, through)
        self.freed[lane] = max(self.freed[lane], through)

    @rule(lane=lanes, share=st.floats(0, 1), bit=st.integers(0, 7))
    def flip(self, lane: int, share: float, bit: int) -> None:
        """One bit of a record that is still wanted. One that the index does not name yet would, after a crash, not be
        told from a torn tail."""
        candidates = range(self.freed[lane] + 1, self.indexed[lane] + 1)
        if not candidates:
            return
        position = candidates[min(int(share * len(candidates)), len(candidates) - 1)]
        row = self.spool.describe(lane, position)
        if row is None or (lane, position) in self.flipped:
            return
        path = segment_path(self.directory, lane, row.segment)
        data = bytearray(path.read_bytes())
        data[row.offset + int(share * (row.length - 1))] ^= 1 << bit
        path.write_bytes(data)
        self.flipped.add((lane, position))

    @rule()
    def reopen(self) -> None:
        self.spool.close()
        self.open()

    @rule(kept=st.floats(0, 1), control_first=st.booleans())
    def crash(self, kept: float, control_first: bool) -> None:
        """A power cut: of each file all that was synced stays, and some part of the rest."""
        old = self.directory
        self.generation += 1
        shutil.copytree(old, self.directory)
        self.spool.close()
        shutil.rmtree(old)
        for lane in (0, 1):
            share = kept if (lane == 0) == control_first else kept / 2
            self.tear(lane, share)
        self.open()

    def tear(self, lane: int, share: float) -> None:
        survivors, torn = self.synced[lane], False
        for path in sorted(self.directory.glob(f"lane{lane}-*.segment")):
            size, safe = path.stat().st_size, self.sizes.get(path.name, 0)
            keep = safe + int((size - safe) * share)
            os.truncate(path, keep)
            at = safe
            while not torn and survivors < len(self.records[lane]):
                end = at + FRAME.size + len(self.records[lane][survivors])
                if end > size:
                    break  # this file's records are through
                torn = end > keep
                survivors += not torn
                at = end
        del self.records[lane][survivors:]

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "spool"):
            return
        for lane, records in self.records.items():
            assert self.spool.last_position(lane) == len(records)
            assert self.spool.synced_position(lane) == self.synced[lane]
            assert self.spool.freed_position(lane) <= self.freed[lane]
            for position in range(self.freed[lane] + 1, len(records) + 1):
                expected = None if (lane, position) in self.flipped else records[position - 1]
                assert self.spool.read(lane, position) == expected
                assert self.spool.record_hash(lane, position) == record_hash(records[position - 1])

    @invariant()
    def chains_as_the_protocol_says(self) -> None:
        if not hasattr(self, "spool"):
            return
        chains = Chains(SESSION)
        for lane, records in self.records.items():
            for record in records:
                chains.append(TRACK_OF[Lane(lane)], record_hash(record))
        assert self.spool.heads() == chains.heads()

    def teardown(self) -> None:
        if hasattr(self, "spool"):
            self.spool.close()
            shutil.rmtree(self.home)


SpoolMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSpoolAgainstItsModel = SpoolMachine.TestCase
