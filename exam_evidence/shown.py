"""Whether the records that a flag refers to are there, and whether they are proven. Pure; used by `report`.

The verification has walked both lanes; here its verdict is asked about one span of one track.
"""

from exam_evidence.findings import Finding, track_name
from exam_evidence.verify import Verdict
from exam_protocol.records import FlagEntry, RecordSpan


def standing(flag: FlagEntry, verdict: Verdict) -> str:
    """One part per track: `webcam 300..600, there and verified`. "" where a flag refers to nothing."""
    spans = flag.evidence if isinstance(flag.evidence, tuple) else ()
    return "; ".join(f"{track_name(s.track)} {s.first}..{s.last}, {_standing(s, verdict)}" for s in spans)


def _standing(span: RecordSpan, verdict: Verdict) -> str:
    name = track_name(span.track)
    known = next((track.records + track.missing for track in verdict.tracks if track.track == name), 0)
    if not 0 <= span.first <= span.last < known:
        return "not in this record"
    absent = sum(
        max(0, min(gap.last, span.last) - max(gap.first, span.first) + 1) for gap in verdict.gaps if gap.track == name
    )
    about = [finding for finding in verdict.findings if _touches(finding, name, span)]
    if any(finding.wrong for finding in about):
        return "damaged or not all there"
    if absent:
        return f"{absent} of {span.last - span.first + 1} missing, as declared"
    if about or verdict.findings_left_out:
        return "there, not proven"
    return "there and verified"


def _touches(finding: Finding, name: str, span: RecordSpan) -> bool:
    if finding.track != name or finding.sequence is None:
        return False
    last = finding.sequence if finding.last_sequence is None else finding.last_sequence
    return finding.sequence <= span.last and last >= span.first
