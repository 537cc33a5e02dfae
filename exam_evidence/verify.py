"""The verdict on a bundle: everything signed, nothing missing that was not declared. Needs no server and no keys.

Called by `cli` and `report`; the work is in `trust`, `ledger`, `tracks`, `relayed`.
"""

from collections.abc import Callable

import msgspec

from exam_evidence.bundle import BundleReader
from exam_evidence.findings import Finding, track_name
from exam_evidence.ledger import Ledger, read_ledger, session_id_of
from exam_evidence.relayed import CommandRow, Relayed, read_relayed
from exam_evidence.tracks import Walk
from exam_evidence.trust import Trust, read_trust
from exam_protocol import evidence
from exam_protocol.errors import ProtocolError
from exam_protocol.evidence import Bundle
from exam_protocol.records import Check, Epoch, Gap

SMALL_FILES = ("bundle.json", "package.json", "ticket.json", "commands.jsonl", "receipts.jsonl")


class TrackSummary(msgspec.Struct, frozen=True):
    track: str
    records: int
    missing: int
    size_bytes: int
    first_us: int  # media time; -1 where there is none
    last_us: int


class GapRow(msgspec.Struct, frozen=True):
    """A declared hole."""

    track: str
    first: int
    last: int
    from_us: int
    to_us: int
    reason: str


class StateRow(msgspec.Struct, frozen=True):
    state: str
    reason: str
    wall_ms: int


class Verdict(msgspec.Struct, frozen=True):
    """`whole`: no finding is wrong. `cut_off`: END is missing. `attested`: the server's receipts vouch for the device.

    `complete`: a receipt says that the server had everything up to END.
    """

    whole: bool
    cut_off: bool
    attested: bool
    complete: bool
    session_id: str
    exam_id: str
    title: str
    institution: str
    candidate_id: str
    candidate_name: str
    machine: str
    build: str
    zone: str
    opened_ms: int
    ended_ms: int
    end_reason: str
    restored: bool
    tracks: tuple[TrackSummary, ...]
    epochs: int
    checks: int
    gaps: tuple[GapRow, ...]
    states: tuple[StateRow, ...]
    commands: tuple[CommandRow, ...]
    receipts: int
    findings: tuple[Finding, ...]
    findings_left_out: int = 0


def verify(reader: BundleReader, root: str, opens: Callable[[bytes], bool] | None = None) -> Verdict:
    """`root`: fingerprint of the institution's root key. `opens`, with a key: whether a sealed record opens.

    Raises EvidenceError where there is no bundle to speak of, or its package is not the institution's.
    """
    trust = read_trust(reader, root)
    manifest, findings = _manifest(reader, trust)
    ledger = read_ledger(reader, session_id_of(reader, manifest))
    if manifest.session_id != ledger.session_id.hex():
        findings.append(Finding("manifest_differs", "bundle.json names another session than OPEN.", "bundle.json"))
    relayed = read_relayed(reader, ledger.session_id, trust.package.server_key, trust.rosters)
    receipts = [(line, t.track, t.next_sequence, t.head) for line, r in relayed.receipts for t in r.tracks]
    walk = Walk(reader, ledger, receipts, opens)
    walk.run()
    findings += [*trust.findings, *_opening(ledger, trust), *_epochs(ledger, trust), *walk.findings]
    findings += [*relayed.findings, *_conclusion(ledger, walk, relayed), *_checksums(reader, findings)]
    return _verdict(manifest, trust, ledger, walk, relayed, findings)


def _manifest(reader: BundleReader, trust: Trust) -> tuple[Bundle, list[Finding]]:
    findings: list[Finding] = []
    try:
        manifest = reader.manifest()
    except ProtocolError as error:
        findings.append(Finding("manifest_damaged", error.text, "bundle.json"))
        return Bundle(evidence.FORMAT, "", trust.package.exam_id, trust.package.server_key, 0), findings
    if manifest.format != evidence.FORMAT:
        findings.append(Finding("manifest_format", f"Format {manifest.format} is not known.", "bundle.json"))
    if manifest.server_key != trust.package.server_key or manifest.exam_id != trust.package.exam_id:
        text = "bundle.json names another server or exam than the package."
        findings.append(Finding("manifest_differs", text, "bundle.json"))
    return manifest, findings


def _opening(ledger: Ledger, trust: Trust) -> list[Finding]:
    body, findings = ledger.open, []
    if body is None:
        return [Finding("open_missing", "No valid OPEN record names the device of this session.", "lane0.records")]
    for said, known, noun in (
        (body.package_hash, trust.package_hash, "exam package"),
        (body.ticket_hash, trust.ticket_hash, "ticket"),
    ):
        if said != known and known:
            findings.append(_at_open("open_differs", f"The session was opened with another {noun}."))
    if body.roster_version not in trust.rosters:
        findings.append(_at_open("roster_missing", f"Roster {body.roster_version} is not in the bundle."))
    if not trust.package.opens_ms <= body.wall_ms <= trust.package.expires_ms:
        findings.append(_at_open("outside_window", "The session was opened outside the exam's window.", wrong=False))
    return findings


def _at_open(code: str, text: str, *, wrong: bool = True) -> Finding:
    return Finding(code, text, "lane0.records", wrong=wrong, track="ledger", sequence=0)


def _epochs(ledger: Ledger, trust: Trust) -> list[Finding]:
    """Keys went only to people whom the office named, and no epoch came twice."""
    findings: list[Finding] = []
    last = -1
    archive = {recipient.id for recipient in trust.package.archive_recipients}
    for position, entry in ledger.entries.items():
        body = entry.body
        if not isinstance(body, Epoch):
            continue
        roster = trust.rosters.get(body.roster_version)
        problems = []
        if body.epoch <= last:
            problems.append(("epoch_order", f"Epoch {body.epoch} came after epoch {last}."))
        if roster is None or body.roster_hash != trust.roster_hashes[body.roster_version]:
            problems.append(("roster_missing", f"Roster {body.roster_version} of this epoch is not in the bundle."))
        elif strangers := {w.recipient for w in body.wraps} - archive - {e.id for e in roster.entries}:
            problems.append(
                ("recipient_foreign", f"Keys went to {', '.join(sorted(strangers))}, whom no roster names.")
            )
        last = max(last, body.epoch)
        findings += [
            Finding(code, text, "lane0.records", track="ledger", sequence=entry.header.sequence, position=position)
            for code, text in problems
        ]
    return findings


def _conclusion(ledger: Ledger, walk: Walk, relayed: Relayed) -> list[Finding]:
    findings = []
    if ledger.end is None:
        text = "The session has no END: it was cut off, or its end is not in this bundle."
        findings.append(Finding("cut_off", text, "lane0.records"))
    if not walk.attested:
        text = "No receipt of the server covers these records: nobody but the device itself vouches for the device."
        findings.append(Finding("device_unattested", text, "receipts.jsonl", wrong=False))
    return findings


def _checksums(reader: BundleReader, findings: list[Finding]) -> list[Finding]:
    """Catches a flipped bit that nothing else looks at, such as the date of the export."""
    names = [*SMALL_FILES, *(name for name in reader.names() if name.startswith("rosters/"))]
    named = {finding.file for finding in findings}
    return [
        Finding("file_changed", f"{name} was changed after it was written.", name)
        for name in names
        if name in reader.names() and name not in named and not reader.checksum_holds(name)
    ]


def _verdict(
    manifest: Bundle, trust: Trust, ledger: Ledger, walk: Walk, relayed: Relayed, findings: list[Finding]
) -> Verdict:
    opened, end, ticket = ledger.open, ledger.end, trust.ticket
    return Verdict(
        whole=not any(finding.wrong for finding in findings), cut_off=end is None, attested=walk.attested,
        complete=any(receipt.complete for _, receipt in relayed.receipts),
        session_id=ledger.session_id.hex(), exam_id=trust.package.exam_id, title=trust.package.title,
        institution=trust.package.institution,
        candidate_id=ticket.candidate_id if ticket else "", candidate_name=ticket.candidate_name if ticket else "",
        machine=opened.machine if opened else "", build=opened.build if opened else "",
        zone=opened.zone if opened else "", opened_ms=opened.wall_ms if opened else 0,
        ended_ms=end.wall_ms if end else 0, end_reason=end.reason if end else "", restored=bool(end and end.restored),
        tracks=_summaries(walk), epochs=len(ledger.bodies(Epoch)), checks=len(ledger.bodies(Check)),
        gaps=tuple(_gap_row(gap) for gap in ledger.gaps()),
        states=tuple(StateRow(s.state, s.reason, s.wall_ms) for s in ledger.states()),
        commands=tuple(relayed.commands), receipts=len(relayed.receipts),
        findings=tuple(findings), findings_left_out=walk.findings_left_out,
    )  # fmt: skip


def _summaries(walk: Walk) -> tuple[TrackSummary, ...]:
    return tuple(
        TrackSummary(track_name(s.track), s.records, s.missing, s.size_bytes, s.first_us, s.last_us)
        for _, s in sorted(walk.tracks.items())
    )


def _gap_row(gap: Gap) -> GapRow:
    return GapRow(track_name(gap.track), gap.first, gap.last, gap.from_us, gap.to_us, gap.reason)
