"""What a verifier must see: that a whole record is whole, and every way in which it is not, named by record."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import EvidenceError, Finding
from exam_evidence.ledger import read_ledger
from exam_evidence.opening import Reader, make_opener
from exam_evidence.verify import Verdict, verify
from exam_protocol import chain, codec, evidence, keys, policy
from exam_protocol import records as r
from exam_protocol.policy import Roster
from exam_protocol.records import Track
from exam_protocol.signing import DOMAIN_ROSTER, SigningKey, sign_document
from tests.exam_evidence.sample import (
    ZERO_MS,
    Institution,
    Sitting,
    framed,
    read_members,
    short_sitting,
    tiny_sitting,
    write_bundle,
)

VerdictOf = Callable[[Sitting | Path], Verdict]


def codes(verdict: Verdict, *, wrong: bool = True) -> list[str]:
    return [finding.code for finding in verdict.findings if finding.wrong is wrong]


def only(verdict: Verdict) -> Finding:
    wrong = [finding for finding in verdict.findings if finding.wrong]
    assert len(wrong) == 1, wrong
    return wrong[0]


def flipped(data: bytes, offset: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[offset] ^= 1 << bit
    return bytes(changed)


# --- whole ------------------------------------------------------------------------------------------------------------


def test_a_whole_session_is_whole(institution: Institution, verdict_of: VerdictOf) -> None:
    verdict = verdict_of(short_sitting(institution))
    assert verdict.whole and verdict.findings == ()
    assert verdict.attested and verdict.complete and verdict.restored and not verdict.cut_off
    assert verdict.candidate_name == "Cleo <Candidate>" and verdict.end_reason == "ended_by_proctor"
    assert {t.track: t.records for t in verdict.tracks}["webcam"] == 101


def test_a_session_without_marks_is_whole_too(institution: Institution, verdict_of: VerdictOf) -> None:
    assert verdict_of(short_sitting(institution, marks=False)).whole


def test_a_session_with_several_epochs_is_whole(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution, end=False)
    sitting.new_epoch(2_000_000)
    sitting.data(Track.WEBCAM, b"after", 2_000_000)
    sitting.end(3_000_000)
    assert verdict_of(sitting).whole


def test_a_session_without_end_is_cut_off(institution: Institution, verdict_of: VerdictOf) -> None:
    verdict = verdict_of(tiny_sitting(institution, end=False))
    assert verdict.cut_off and only(verdict).code == "cut_off"
    assert "unproven_tail" in codes(verdict, wrong=False)


def test_without_a_receipt_nobody_vouches_for_the_device(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.receipts.clear()
    verdict = verdict_of(sitting)
    assert verdict.whole and not verdict.attested and codes(verdict, wrong=False) == ["device_unattested"]


# --- gaps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep_hash", [True, False])
@pytest.mark.parametrize("track", [Track.WEBCAM, Track.CONTROL])
def test_a_declared_gap_is_listed_and_not_wrong(
    institution: Institution, verdict_of: VerdictOf, track: Track, keep_hash: bool
) -> None:
    sitting = tiny_sitting(institution, end=False)
    sitting.declare_damaged(track, keep_hash=keep_hash, at_us=1_050_000)
    sitting.data(track, b"after the gap", 1_060_000)
    sitting.check(1_070_000)
    sitting.end(1_100_000)
    verdict = verdict_of(sitting)
    assert verdict.whole, verdict.findings
    assert [(gap.track, gap.reason) for gap in verdict.gaps] == [(track.name.lower(), "damaged")]
    assert {t.track: t.missing for t in verdict.tracks}[track.name.lower()] == 1


def test_a_gap_found_while_the_spool_drains_may_follow_end(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.declare_damaged(Track.AUDIO, keep_hash=True, at_us=1_200_000)
    assert verdict_of(sitting).whole


def test_a_gap_that_made_no_record_missing_is_listed(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution, end=False)
    sitting.signed(r.Gap(Track.SCREEN, 0, -1, (), 500_000, 900_000, "disk_full"))
    sitting.end(1_100_000)
    verdict = verdict_of(sitting)
    assert verdict.whole and verdict.gaps[0].reason == "disk_full"


def test_a_hole_that_nobody_declared_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.lanes[1][4] = evidence.HOLE
    finding = next(f for f in verdict_of(sitting).findings if f.code == "records_missing")
    assert (finding.track, finding.sequence, finding.last_sequence) == ("webcam", 2, 2)


def test_a_hole_in_place_of_nothing_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.lanes[1].append(evidence.HOLE)
    assert only(verdict_of(sitting)).code == "hole_undeclared"


# --- removed, repeated, reordered, cut --------------------------------------------------------------------------------


def test_every_removed_record_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    for lane in (0, 1):
        for index in range(1 if lane == 0 else 0, len(tiny := tiny_sitting(institution).lanes[lane])):
            sitting = tiny_sitting(institution)
            gone = r.parse_header(sitting.lanes[lane].pop(index))
            verdict = verdict_of(sitting)
            name = Track(gone.track).name.lower()
            named = [f for f in verdict.findings if f.code == "records_missing" and f.track == name]
            is_end = gone.type is r.RecordType.END
            assert is_end or (named and named[0].sequence == gone.sequence), (lane, index, len(tiny))
            assert not verdict.whole and (not is_end or verdict.cut_off)


def test_two_records_that_changed_places_are_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    lane = sitting.lanes[1]
    lane[2], lane[4] = lane[4], lane[2]
    found = {(f.code, f.track, f.sequence) for f in verdict_of(sitting).findings if f.wrong}
    assert {("records_missing", "webcam", 1), ("sequence_repeated", "webcam", 1)} <= found


def test_a_repeated_record_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.lanes[1].insert(5, sitting.lanes[1][4])
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.track, finding.sequence, finding.position) == ("sequence_repeated", "webcam", 2, 6)


@pytest.mark.parametrize("cut", [1, 13, 60, 400])
def test_a_lane_cut_short_is_named(institution: Institution, verdict_of: VerdictOf, tmp_path: Path, cut: int) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    members["lane1.records"] = members["lane1.records"][:-cut]
    found = codes(verdict_of(write_bundle(path, members)))
    assert "records_missing" in found and "chain_broken" not in found


def test_records_after_the_end_are_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.data(Track.WEBCAM, b"late", 2_000_000)
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.track, finding.sequence) == ("after_end", "webcam", 6)


def test_a_signed_record_after_the_end_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.state("running", 2_000_000)
    assert only(verdict_of(sitting)).code == "after_end"


def test_a_record_of_another_session_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting, other = tiny_sitting(institution), tiny_sitting(institution)
    sitting.lanes[1][3] = other.lanes[1][3]
    finding = next(f for f in verdict_of(sitting).findings if f.wrong)
    assert (finding.code, finding.track, finding.sequence) == ("record_foreign_session", "audio", 1)


def test_lanes_of_another_session_do_not_pass(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting, other = tiny_sitting(institution), tiny_sitting(institution)
    sitting.lanes[1] = other.lanes[1]
    assert "record_foreign_session" in codes(verdict_of(sitting))


def test_a_missing_lane_is_said(institution: Institution, verdict_of: VerdictOf, tmp_path: Path) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    del members["lane1.records"]
    assert {"lane_missing", "records_missing"} <= set(codes(verdict_of(write_bundle(path, members))))


# --- flipped bits -----------------------------------------------------------------------------------------------------


def regions(record: bytes) -> list[int]:
    """An offset in every field of a record: header fields, SFrame header or JSON, middle, tag or signature."""
    header = [0, 1, 2, 3, 7, 15, 23, 30, 43]
    return sorted({*header, 44, 45, 46, len(record) // 2 + 22, len(record) - 20, len(record) - 1})


@pytest.mark.parametrize("lane", [0, 1])
def test_a_flipped_bit_in_every_field_of_every_record_is_named_by_record(
    institution: Institution, verdict_of: VerdictOf, tmp_path: Path, lane: int
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    at = 0
    for position, record in evidence.frames(members[f"lane{lane}.records"]):
        for offset in regions(record):
            changed = flipped(members[f"lane{lane}.records"], at + 12 + offset, bit=offset % 8)
            verdict = verdict_of(write_bundle(tmp_path / "c", members | {f"lane{lane}.records": changed}))
            header = r.parse_header(record)
            named = [
                finding
                for finding in verdict.findings
                if finding.wrong
                and (finding.position == position or covers(finding, Track(header.track).name.lower(), header.sequence))
            ]
            assert named and not verdict.whole, (position, header, offset, verdict.findings)
        at += 12 + len(record)


def covers(finding: Finding, track: str, sequence: int) -> bool:
    last = finding.sequence if finding.last_sequence is None else finding.last_sequence
    return finding.track == track and finding.sequence is not None and finding.sequence <= sequence <= (last or 0)


def test_a_flipped_sealed_bit_is_one_finding_with_marks(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.lanes[1][6] = flipped(sitting.lanes[1][6], 80)
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.track, finding.sequence, finding.position) == ("record_changed", "webcam", 3, 7)


def test_without_marks_the_narrowest_range_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution, marks=False)
    sitting.lanes[1][6] = flipped(sitting.lanes[1][6], 80)
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.track, finding.sequence, finding.last_sequence) == ("chain_broken", "webcam", 3, 5)
    assert finding.position is not None and finding.last_position is not None
    assert finding.position <= 7 <= finding.last_position


def test_with_a_key_the_record_is_named_without_marks(institution: Institution, tmp_path: Path) -> None:
    sitting = tiny_sitting(institution, marks=False)
    sitting.lanes[1][6] = flipped(sitting.lanes[1][6], 80)
    with BundleReader(sitting.write(tmp_path / "b")) as reader:
        opener = make_opener(read_ledger(reader, sitting.session_id), Reader("archive", institution.archive))
        finding = only(verify(reader, institution.fingerprint, opener.fits))
    assert (finding.code, finding.track, finding.sequence, finding.position) == ("record_damaged", "webcam", 3, 7)


@pytest.mark.parametrize("byte", range(12))
def test_a_flipped_bit_in_the_framing_is_named_and_costs_no_record(
    institution: Institution, verdict_of: VerdictOf, tmp_path: Path, byte: int
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    lane = members["lane1.records"]
    at = sum(12 + len(record) for position, record in evidence.frames(lane) if position < 4)
    verdict = verdict_of(write_bundle(path, members | {"lane1.records": flipped(lane, at + byte, bit=3)}))
    assert not verdict.whole and {f.position for f in verdict.findings if f.wrong} == {4}, verdict.findings
    assert sum(t.missing for t in verdict.tracks) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), name=st.sampled_from(
    ["bundle.json", "package.json", "ticket.json", "rosters/1.json", "lane0.records", "lane1.records",
     "commands.jsonl", "receipts.jsonl"]))  # fmt: skip
def test_no_flipped_bit_of_any_file_goes_unseen(
    institution: Institution, tmp_path: Path, where: float, bit: int, name: str
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    with zipfile.ZipFile(path) as bundle:
        info = bundle.getinfo(name)
    raw = path.read_bytes()
    start = info.header_offset + 30 + sum(struct.unpack_from("<HH", raw, info.header_offset + 26))
    path.write_bytes(flipped(raw, start + int(where * info.file_size), bit))
    try:
        with BundleReader(path) as reader:
            verdict = verify(reader, institution.fingerprint)
    except EvidenceError as error:
        assert name == "package.json" and error.code in ("package_damaged", "package_foreign")
        return
    assert any(f.wrong and (f.file == name or name == "rosters/1.json") for f in verdict.findings), verdict.findings


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=3000), lane=st.integers(0, 1), keep=st.integers(0, 900))
def test_noise_in_a_lane_never_breaks_the_verifier(
    institution: Institution, tmp_path: Path, noise: bytes, lane: int, keep: int
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    name = f"lane{lane}.records"
    members[name] = members[name][:keep] + noise + members[name][keep + len(noise) :]
    with BundleReader(write_bundle(path, members)) as reader:
        assert verify(reader, institution.fingerprint).whole is (not noise)


# --- who signed -------------------------------------------------------------------------------------------------------


def test_a_package_of_another_institution_is_refused(institution: Institution, tmp_path: Path) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    with BundleReader(path) as reader, pytest.raises(EvidenceError) as caught:
        verify(reader, Institution().fingerprint)
    assert caught.value.code == "package_foreign"


def test_a_roster_of_another_signer_is_named(institution: Institution, verdict_of: VerdictOf, tmp_path: Path) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    foreign = sign_document(SigningKey.generate(), DOMAIN_ROSTER, institution.roster.payload)
    found = codes(verdict_of(write_bundle(path, read_members(path) | {"rosters/1.json": codec.encode(foreign)})))
    assert {"roster_foreign", "roster_missing", "command_foreign"} <= set(found)


def test_a_roster_that_does_not_follow_on_is_named(
    institution: Institution, verdict_of: VerdictOf, tmp_path: Path
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    second = Roster(2, "BIO-101", codec.decode(institution.roster.payload, Roster).entries, b"x" * 32)
    document = sign_document(institution.roster_signer, DOMAIN_ROSTER, codec.encode(second))
    members = read_members(path) | {"rosters/2.json": codec.encode(document)}
    assert only(verdict_of(write_bundle(path, members))).code == "roster_order"


def test_keys_that_went_to_a_stranger_are_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution, end=False)
    stranger = keys.WrapKey.generate().public_key
    sitting.new_epoch(2_000_000, {"archive": institution.archive.public_key, "mallory": stranger})
    sitting.end(3_000_000)
    assert only(verdict_of(sitting)).code == "recipient_foreign"


def test_a_session_opened_with_another_package_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = Sitting(institution)
    package = institution.package
    try:
        institution.package = msgspec.structs.replace(package, payload=package.payload + b" ")
        sitting.open()
    finally:
        institution.package = package
    sitting.end(1)
    assert codes(verdict_of(sitting)) == ["open_differs"]


def test_records_signed_by_another_device_are_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution, end=False)
    sitting.device = SigningKey.generate()
    sitting.end(2_000_000)
    verdict = verdict_of(sitting)
    assert {"record_bad_signature", "cut_off"} == set(codes(verdict))


# --- commands and receipts --------------------------------------------------------------------------------------------


def test_a_forged_command_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.command("end", 1_000_000, SigningKey.generate())
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.file, finding.line) == ("command_foreign", "commands.jsonl", 2)


def test_a_changed_command_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    document = sitting.commands[0]
    sitting.commands[0] = msgspec.structs.replace(document, payload=document.payload.replace(b"chat", b"end"))
    assert only(verdict_of(sitting)).code == "command_bad_signature"


def test_a_command_that_lasts_too_long_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.command("pause", 1_000_000, lifetime_ms=31_000)
    assert only(verdict_of(sitting)).code == "command_lifetime"


def test_a_replayed_command_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.commands.append(sitting.commands[0])
    assert only(verdict_of(sitting)).code == "command_repeated"


def test_a_command_after_duty_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    sitting.command("end", 2 * 86_400_000_000)
    assert only(verdict_of(sitting)).code == "command_not_allowed"


def test_a_receipt_of_another_server_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    receipt = sitting.receipts[0]
    sitting.receipts.append(sign_document(SigningKey.generate(), b"receipt/v1", receipt.payload))
    finding = only(verdict_of(sitting))
    assert (finding.code, finding.line) == ("receipt_foreign", 2)


def test_a_receipt_for_other_records_is_named(institution: Institution, verdict_of: VerdictOf) -> None:
    sitting = tiny_sitting(institution)
    honest = sitting.chains
    sitting.chains = chain.Chains(
        sitting.session_id, tuple(msgspec.structs.replace(h, head=b"x" * 32) for h in honest.heads())
    )
    sitting.receipt()
    assert set(codes(verdict_of(sitting))) == {"receipt_disagrees"}


def test_records_that_the_server_confirmed_and_the_bundle_lacks_are_named(
    institution: Institution, verdict_of: VerdictOf
) -> None:
    sitting = tiny_sitting(institution, end=False)
    sitting.data(Track.WEBCAM, b"confirmed", 2_000_000)
    sitting.receipt()
    sitting.lanes[1].pop()
    found = {(f.code, f.track, f.sequence) for f in verdict_of(sitting).findings if f.wrong}
    assert ("records_missing", "webcam", 6) in found


# --- the bundle itself ------------------------------------------------------------------------------------------------


def test_something_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"not a zip", b"PK\x05\x06" + bytes(10)):
        path = tmp_path / "b"
        path.write_bytes(content)
        with pytest.raises(EvidenceError) as caught, BundleReader(path):
            pass
        assert caught.value.code == "bundle_damaged"


def test_a_bundle_json_of_another_session_does_not_mislead(
    institution: Institution, verdict_of: VerdictOf, tmp_path: Path
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    other = evidence.Bundle(1, "00" * 16, "BIO-101", institution.server.public_key, ZERO_MS)
    found = only(verdict_of(write_bundle(path, read_members(path) | {"bundle.json": codec.encode(other)})))
    assert found.code == "manifest_differs"


def test_a_long_lane_is_read_in_pieces(institution: Institution, verdict_of: VerdictOf, tmp_path: Path) -> None:
    sitting = tiny_sitting(institution, end=False)
    for number in range(3000):
        sitting.data(Track.WEBCAM, bytes(2000), 2_000_000 + number)
        if number % 256 == 255:
            sitting.check(2_000_000 + number)
    sitting.end(9_000_000)
    verdict = verdict_of(sitting)
    assert verdict.whole and {t.track: t.records for t in verdict.tracks}["webcam"] == 3006


def test_framing_by_hand_is_what_the_protocol_reads() -> None:
    assert list(evidence.frames(framed([b"a", b"bc"]))) == [(1, b"a"), (2, b"bc")]


def test_the_fingerprint_is_the_policys(institution: Institution) -> None:
    assert institution.fingerprint == policy.root_fingerprint(institution.root.public_key)


class OneWay(io.RawIOBase):
    """A file that can only be written on, as a server streams a bundle to a browser."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.parts.append(bytes(data))
        return len(data)


def test_a_bundle_that_was_streamed_is_read_like_any_other(
    institution: Institution, verdict_of: VerdictOf, tmp_path: Path
) -> None:
    path, stream = tiny_sitting(institution).write(tmp_path / "b"), OneWay()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in read_members(path).items():
            with bundle.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(data)
    path.write_bytes(b"".join(stream.parts))
    assert verdict_of(path).whole


def test_a_compressed_bundle_is_refused_with_a_word(institution: Institution, tmp_path: Path) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    members = read_members(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    with BundleReader(path) as reader, pytest.raises(EvidenceError) as caught:
        verify(reader, institution.fingerprint)
    assert caught.value.code == "bundle_damaged"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.floats(0, 1, exclude_max=True),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=6),
)
def test_no_damage_to_the_whole_file_makes_the_verifier_crash(
    institution: Institution, tmp_path: Path, cut: float, flips: list[tuple[float, int]]
) -> None:
    path = tiny_sitting(institution).write(tmp_path / "b")
    data = path.read_bytes()
    for where, bit in flips:
        data = flipped(data, int(where * len(data)), bit)
    path.write_bytes(data[: int(cut * len(data))] if not flips else data)
    try:
        with BundleReader(path) as reader:
            verify(reader, institution.fingerprint)
    except EvidenceError as error:
        assert error.code and error.text
