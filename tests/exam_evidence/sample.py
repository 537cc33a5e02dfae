"""Builds real session bundles for the tests: real keys, seals, H.264 and Opus, as agent and server write them.

`Sitting` records one session; `short_sitting` is a whole one of about ten seconds with chat, flag, gap and END.
"""

import io
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

from exam_protocol import chain, codec, evidence, keys, policy
from exam_protocol import records as r
from exam_protocol.messages import Command, Receipt, TrackDurable
from exam_protocol.policy import ExamPackage, Recipient, Roster, RosterEntry, Ticket
from exam_protocol.records import Codec, Media, RecordFlag, Track
from exam_protocol.sealing import EpochSealer
from exam_protocol.signing import (
    DOMAIN_COMMAND,
    DOMAIN_PACKAGE,
    DOMAIN_RECEIPT,
    DOMAIN_ROSTER,
    DOMAIN_TICKET,
    SignedDocument,
    SigningKey,
    sign_document,
)

ZERO_MS = 1_780_000_000_000
DAY_MS = 86_400_000
STATEMENT = "I do this exam alone."


@dataclass
class Institution:
    """Keys and documents of an exam that is made for a test."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    roster_signer: SigningKey = field(default_factory=SigningKey.generate)
    server: SigningKey = field(default_factory=SigningKey.generate)
    proctor: SigningKey = field(default_factory=SigningKey.generate)
    proctor_wrap: keys.WrapKey = field(default_factory=keys.WrapKey.generate)
    archive: keys.WrapKey = field(default_factory=keys.WrapKey.generate)

    def __post_init__(self) -> None:
        package = ExamPackage(
            "BIO-101", "Biology", "Test University", "https://exam.invalid", self.server.public_key,
            self.roster_signer.public_key, (Recipient("archive", self.archive.public_key),), STATEMENT, "2026-1",
            "Talk to us.", "exams@university.invalid", ZERO_MS - DAY_MS, ZERO_MS + DAY_MS, ZERO_MS + 2 * DAY_MS,
        )  # fmt: skip
        entry = RosterEntry(
            "proctor-a", "Ada Proctor", "proctor", self.proctor.public_key, self.proctor_wrap.public_key,
            ZERO_MS - DAY_MS, ZERO_MS + DAY_MS,
        )  # fmt: skip
        ticket = Ticket("t-1", "BIO-101", "c-1", "Cleo <Candidate>", policy.code_hash("CODE"), ZERO_MS + DAY_MS)
        self.package = sign_document(self.root, DOMAIN_PACKAGE, codec.encode(package))
        self.ticket = sign_document(self.roster_signer, DOMAIN_TICKET, codec.encode(ticket))
        self.roster = sign_document(self.roster_signer, DOMAIN_ROSTER, codec.encode(Roster(1, "BIO-101", (entry,))))

    @property
    def fingerprint(self) -> str:
        return policy.root_fingerprint(self.root.public_key)


class Sitting:
    """Writes records as the agent does. `marks` False leaves the marks of CHECK out."""

    def __init__(self, institution: Institution, *, marks: bool = True) -> None:
        self.institution, self.with_marks = institution, marks
        self.device = SigningKey.generate()
        self.session_id = os.urandom(16)
        self.lanes: dict[int, list[bytes]] = {0: [], 1: []}
        self.commands: list[SignedDocument] = []
        self.receipts: list[SignedDocument] = []
        self.chains = chain.Chains(self.session_id)
        self.marks = chain.MarksSinceCheck()
        self.epoch = 0
        self.sealer: EpochSealer | None = None
        self._counter = 0

    def append(self, record: bytes, track: int, sequence: int) -> None:
        hashed = chain.record_hash(record)
        self.chains.append(track, hashed)
        self.marks.add(track, sequence, hashed)
        self.lanes[r.lane_of(track)].append(record)

    def signed(self, body: r.Signed, at_us: int = 0) -> None:
        sequence = self.chains.at(Track.LEDGER).next_sequence
        record = r.sign_record(
            body, self.device, session_id=self.session_id, epoch=self.epoch, sequence=sequence, media_time_us=at_us
        )
        self.append(record, Track.LEDGER, sequence)

    def open(self, at_us: int = 0) -> None:
        office = self.institution
        body = r.Open(
            self.session_id, policy.document_hash(office.ticket), self.device.public_key,
            keys.WrapKey.generate().public_key, "0.1.0", "linux/x11", policy.document_hash(office.package), 1, ZERO_MS,
            "Europe/Berlin",
        )  # fmt: skip
        self.signed(body, at_us)

    def new_epoch(self, at_us: int = 0, recipients: dict[str, bytes] | None = None) -> None:
        office = self.institution
        self.epoch += 1
        base_key = os.urandom(32)
        people = recipients or {"archive": office.archive.public_key, "proctor-a": office.proctor_wrap.public_key}
        wraps = keys.wrap_epoch(base_key, self.session_id, self.epoch, people)
        roster_hash = policy.document_hash(office.roster)
        body = r.Epoch(self.epoch, keys.commitment(base_key), self.chains.heads(), 1, roster_hash, wraps)
        self.signed(body, at_us)
        self.sealer = EpochSealer(self.session_id, self.epoch, base_key)

    def data(self, track: int, plaintext: bytes, at_us: int, flags: int = 0) -> None:
        assert self.sealer is not None
        sequence = self.chains.at(track).next_sequence
        self.append(self.sealer.seal(track, sequence, at_us, flags, plaintext), track, sequence)

    def entry(self, track: int, entry: r.Entry, at_us: int) -> None:
        self.data(track, codec.encode_padded(entry), at_us)

    def media(self, track: int, media: Media, at_us: int, *, key: bool) -> None:
        self.data(track, r.pack_media(media), at_us, RecordFlag.KEY_FRAME if key else 0)

    def check(self, at_us: int) -> None:
        taken = self.marks.take()
        self.signed(r.Check(self.chains.heads(), ZERO_MS + at_us // 1000, taken if self.with_marks else ()), at_us)

    def state(self, state: str, at_us: int, reason: str = "") -> None:
        self.signed(r.State(state, reason, ZERO_MS + at_us // 1000), at_us)

    def declare_damaged(self, track: int, *, keep_hash: bool, at_us: int) -> None:
        """The last record of a track was damaged in the spool: its place is a hole, a GAP says so."""
        lane = self.lanes[r.lane_of(track)]
        index = max(
            i for i, record in enumerate(lane) if record != evidence.HOLE and r.parse_header(record).track == track
        )
        sequence = r.parse_header(lane[index]).sequence
        hashes = (chain.record_hash(lane[index]),) if keep_hash else ()
        lane[index] = evidence.HOLE
        self.signed(r.Gap(track, sequence, sequence, hashes, at_us, at_us, "damaged"), at_us)

    def end(self, at_us: int, reason: str = "ended_by_proctor") -> None:
        self.signed(r.End(self.chains.heads(), reason, True, ZERO_MS + at_us // 1000), at_us)

    def command(self, kind: str, at_us: int, signer: SigningKey | None = None, *, lifetime_ms: int = 30_000) -> bytes:
        """A command relayed and kept; returns the hash of its document."""
        self._counter += 1
        issued = ZERO_MS + at_us // 1000
        body = Command(
            f"cmd-{self._counter}",
            self.session_id,
            self._counter,
            issued,
            issued + lifetime_ms,
            "proctor-a",
            kind,
            b"x",
        )
        document = sign_document(signer or self.institution.proctor, DOMAIN_COMMAND, codec.encode(body))
        self.commands.append(document)
        return policy.document_hash(document)

    def receipt(self, *, complete: bool = False) -> None:
        tracks = tuple(TrackDurable(h.track, h.next_sequence, h.head) for h in self.chains.heads())
        body = Receipt(self.session_id, tracks, complete, ZERO_MS)
        self.receipts.append(sign_document(self.institution.server, DOMAIN_RECEIPT, codec.encode(body)))

    def write(self, path: Path) -> Path:
        office = self.institution
        manifest = evidence.Bundle(1, self.session_id.hex(), "BIO-101", office.server.public_key, ZERO_MS)
        members = {
            "bundle.json": codec.encode(manifest),
            "package.json": codec.encode(office.package),
            "ticket.json": codec.encode(office.ticket),
            "rosters/1.json": codec.encode(office.roster),
            **{f"lane{lane}.records": framed(records) for lane, records in self.lanes.items()},
            "commands.jsonl": _lines(self.commands),
            "receipts.jsonl": _lines(self.receipts),
        }
        return write_bundle(path, members)


def framed(records: Iterable[bytes], first: int = 1) -> bytes:
    return b"".join(evidence.frame(position, record) for position, record in enumerate(records, first))


def write_bundle(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return path


def read_members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def _lines(documents: list[SignedDocument]) -> bytes:
    return b"".join(codec.encode(document) + b"\n" for document in documents)


@cache
def h264(count: int, step_us: int, width: int = 320, height: int = 240) -> tuple[tuple[int, Media, bool], ...]:
    """(time, frame, is key frame): a grey picture that grows lighter, encoded as the agent does."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 1_000_000)
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "28"}
    frames = []
    for number in range(count):
        luma = np.full((height * 3 // 2, width), (number * 7) % 200 + 16, np.uint8)
        picture = av.VideoFrame.from_ndarray(luma, format="yuv420p")
        picture.pts, picture.time_base = number * step_us, encoder.time_base
        for packet in encoder.encode(picture):
            media = Media(Codec.H264, width, height, bytes(packet))
            frames.append((number * step_us, media, bool(packet.is_keyframe)))
    return tuple(frames)


@cache
def opus(count: int) -> tuple[Media, ...]:
    """Packets of 60 ms of a 440 Hz tone, 48 kHz mono, 24 kbit/s constant."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "mono", "flt"
    encoder.bit_rate = 24_000
    encoder.options = {"vbr": "off", "frame_duration": "60", "application": "voip"}
    packets = []
    for number in range(count):
        phase = np.arange(number * 2880, (number + 1) * 2880) * (2 * np.pi * 440 / 48_000)
        sound = av.AudioFrame.from_ndarray(np.sin(phase).astype(np.float32)[None, :] * 0.3, format="flt", layout="mono")
        sound.sample_rate, sound.pts, sound.time_base = 48_000, number * 2880, Fraction(1, 48_000)
        packets += [Media(Codec.OPUS, 1, 480, bytes(packet)) for packet in encoder.encode(sound)]
    return tuple(packets)


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def record_entries(sitting: Sitting) -> None:
    """What stands on the control lane of a usual sitting."""
    at = ZERO_MS
    sitting.entry(Track.LOG, r.ConsentEntry(True, "2026-1", "en", at, ("screen", "id_card", "statement")), 100_000)
    rows = (
        r.CheckRow("displays", "pass", 1.0, "displays", "<= 1", ""),
        r.CheckRow("light", "warn", 52.0, "luma", "60-200", "Turn on a light."),
        r.CheckRow("protection", "pass", "13 of 14", "", "all", "Not here: sees keyboards that are connected."),
    )
    sitting.entry(Track.LOG, r.ChecksEntry(rows, at), 200_000)
    sitting.entry(Track.IDENTITY, r.PictureEntry("id_card", 1, 0, 1, "image/jpeg", JPEG, at), 300_000)
    for index in range(2):
        sitting.entry(Track.IDENTITY, r.PictureEntry("room", 1, index, 2, "image/jpeg", JPEG, at), 400_000)
    sitting.entry(Track.CONTROL, r.ChatEntry("candidate", "Hello, <b>can you</b> hear me?", "m-1", at), 500_000)
    said = sitting.command("intervention", 600_000)
    text = "Please do not look away from the screen."
    command = r.CommandEntry("cmd-1", "intervention", "proctor-a", text, "LOOK_AT_SCREEN", "reminder", said, at + 600)
    sitting.entry(Track.CONTROL, command, 700_000)
    sitting.entry(Track.CONTROL, r.ResultEntry("cmd-1", "delivered", "", at + 700), 700_000)
    sitting.entry(Track.CONTROL, r.ResultEntry("cmd-1", "acknowledged", "", at + 2_700), 2_700_000)
    flag = r.FlagEntry("DISPLAY_ADDED", "high", "A second display was connected.", 1, 3_000_000, 4_000_000)
    sitting.entry(Track.FLAGS, flag, 3_000_000)
    decided = sitting.command("flag_decision", 4_500_000)
    reason = "It is the institution's own projector."
    command = r.CommandEntry("cmd-2", "flag_decision", "proctor-a", reason, "0", "dismissed", decided, at + 4_500)
    sitting.entry(Track.CONTROL, command, 4_500_000)


def record_media(sitting: Sitting, start_us: int = 1_000_000) -> None:
    """Screen: 20 frames in 2 s, then still until 10 s. Webcam: 10 s. Sound: 3 s, a hole of 3 s, 3 s more."""
    for at, media, key in h264(20, 100_000):
        sitting.media(Track.SCREEN, media, start_us + at, key=key)
    for at, media, key in h264(101, 100_000, 160, 120):
        sitting.media(Track.WEBCAM, media, start_us + at, key=key)
        if at % 2_000_000 == 0:
            sitting.check(start_us + at)
    for number, media in enumerate(opus(100)):
        late = 3_000_000 if number >= 50 else 0
        sitting.media(Track.AUDIO, media, start_us + number * 60_000 + late, key=True)


def short_sitting(institution: Institution, *, marks: bool = True, end: bool = True) -> Sitting:
    sitting = Sitting(institution, marks=marks)
    sitting.open()
    sitting.state("joined", 0)
    sitting.new_epoch()
    record_entries(sitting)
    sitting.check(900_000)
    record_media(sitting)
    sitting.check(11_000_000)
    if end:
        sitting.entry(Track.LOG, r.RestoreEntry(True, {"keyboard": "restored"}, ZERO_MS + 11_000), 11_000_000)
        sitting.state("ended", 11_000_000, "ended_by_proctor")
        sitting.end(11_100_000)
    sitting.receipt(complete=end)
    return sitting


def tiny_sitting(institution: Institution, *, marks: bool = True, end: bool = True) -> Sitting:
    """A few records of each kind, for tests that change every one of them."""
    sitting = Sitting(institution, marks=marks)
    sitting.open()
    sitting.state("joined", 0)
    sitting.new_epoch()
    sitting.entry(Track.CONTROL, r.ChatEntry("candidate", "Hello", "m-1", ZERO_MS), 100_000)
    for number, (at, media, key) in enumerate(h264(6, 100_000, 64, 48)):
        sitting.media(Track.WEBCAM, media, at, key=key)
        sitting.media(Track.AUDIO, opus(6)[number], at, key=True)
        if number % 3 == 2:
            sitting.check(at)
    sitting.entry(Track.CONTROL, r.ChatEntry("proctor-a", "Hello", "m-2", ZERO_MS), 900_000)
    sitting.command("chat", 900_000)
    sitting.check(1_000_000)
    if end:
        sitting.end(1_100_000)
    sitting.receipt(complete=end)
    return sitting
