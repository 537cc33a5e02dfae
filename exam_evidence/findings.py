"""What a verifier has to say: findings with a stable code, naming the record, and the errors of the command itself."""

import msgspec

from exam_protocol.records import Track

TRACKS = frozenset(int(track) for track in Track)


class EvidenceError(Exception):
    """The command cannot do its work at all. `code` is stable, `text` one sentence, `exit_status` the process's."""

    def __init__(self, code: str, text: str, exit_status: int = 3) -> None:
        super().__init__(f"{text} [{code}]")
        self.code = code
        self.text = text
        self.exit_status = exit_status


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """`wrong` False: worth knowing, but the evidence is whole. Sequences and positions are inclusive ranges."""

    code: str
    text: str
    file: str
    wrong: bool = True
    track: str = ""
    sequence: int | None = None
    last_sequence: int | None = None
    position: int | None = None  # of the lane file
    last_position: int | None = None
    line: int | None = None  # of a .jsonl file, from 1


def track_name(track: int) -> str:
    return Track(track).name.lower() if track in TRACKS else str(track)


def where(finding: Finding) -> str:
    """`lane1.records, screen 17..20, position 44`."""
    parts = [finding.file]
    if finding.track:
        parts.append(f"{finding.track} {_range(finding.sequence, finding.last_sequence)}".strip())
    if finding.position is not None:
        parts.append(f"position {_range(finding.position, finding.last_position)}")
    if finding.line is not None:
        parts.append(f"line {finding.line}")
    return ", ".join(parts)


def _range(first: int | None, last: int | None) -> str:
    if first is None:
        return ""
    return str(first) if last is None or last == first else f"{first}..{last}"
