"""Verdicts and results as plain text for a terminal. Pure; called by `cli`."""

from pathlib import Path
from typing import TYPE_CHECKING

from exam_evidence.clockwork import clock, span, wall
from exam_evidence.findings import Finding, where
from exam_evidence.verify import Verdict
from exam_protocol.plain import plain

if TYPE_CHECKING:
    from exam_evidence.export import Opened
    from exam_evidence.movies import MovieFile

SHOWN_FINDINGS = 50
SHOWN_GAPS = 20


def verdict(v: Verdict) -> str:
    """First line: the answer. Then what was looked at, declared gaps, findings."""
    lines = [_answer(v), "", *_about(v), "", *_tracks(v)]
    if v.gaps:
        lines += ["", "Declared gaps"]
        lines += [f"  {g.track:13}{span(g.from_us, g.to_us):24}{_count(g.first, g.last)}, {g.reason}" for g in v.gaps]
    return _shown(lines + _findings(v.findings, v.findings_left_out))


def opened(o: "Opened", out_dir: Path) -> str:
    lines = [f"{o.records} records opened into {out_dir}"]
    for movie in (*o.movies, *((o.side_by_side,) if o.side_by_side else ())):
        lines += _movie(movie)
    lines.append(f"  entries.jsonl     {o.entries} entries, {len(o.pictures)} pictures")
    lines.append(f"  flags.txt         {o.flags} flags, with where each is in the films; flags.json for programs")
    return _shown(lines + _findings(o.findings, 0))


def _shown(lines: list[str]) -> str:
    """Each line stays one, whatever somebody called an exam or a candidate."""
    return "\n".join(map(plain, lines))


def _movie(movie: "MovieFile") -> list[str]:
    """Its length; then each gap and, where the size of the pictures changed, each part."""
    skipped = f", {movie.skipped} skipped" if movie.skipped else ""
    length = f"{(movie.end_us - movie.start_us) / 1e6:.1f} s"
    lines = [f"  {movie.file:18}{span(movie.start_us, movie.end_us):24}{length}, {movie.frames} frames{skipped}"]
    lines += [f"    gap             {span(g.from_us, g.to_us):24}{_reason(g.reason)}" for g in movie.gaps[:SHOWN_GAPS]]
    if len(movie.gaps) > SHOWN_GAPS:
        lines.append(f"    ... and {len(movie.gaps) - SHOWN_GAPS} more gaps; --json shows all")
    if len(movie.parts) > 1:
        lines += [f"    from            {clock(p.from_us):24}{p.width}x{p.height}" for p in movie.parts[:SHOWN_GAPS]]
    return lines


def _reason(reason: str) -> str:
    return reason.replace("_", " ")


def _answer(v: Verdict) -> str:
    if v.whole:
        return "WHOLE: everything is signed, nothing is missing that was not declared."
    wrong = sum(1 for finding in v.findings if finding.wrong) + v.findings_left_out
    only_cut = wrong == 1 and v.cut_off
    return "CUT OFF: what is here is whole, but the end is missing." if only_cut else f"NOT WHOLE: {wrong} findings."


def _about(v: Verdict) -> list[str]:
    ended = f"{wall(v.ended_ms)}, {v.end_reason}" if not v.cut_off else "no END"
    restored = "restored" if v.restored else "not said to be restored"
    vouched = "vouched for by the server's receipts" if v.attested else "vouched for by itself alone"
    return [
        f"Exam         {v.title} ({v.exam_id}), {v.institution}",
        f"Candidate    {v.candidate_name} ({v.candidate_id})",
        f"Session      {v.session_id}",
        f"Opened       {wall(v.opened_ms)} on {v.machine}, build {v.build}",
        f"Ended        {ended}; computer {restored}",
        f"Device       {vouched}",
        f"Signed       {v.epochs} epochs, {v.checks} checkpoints, {len(v.commands)} commands, {v.receipts} receipts",
    ]


def _tracks(v: Verdict) -> list[str]:
    lines = ["Track          records   missing        bytes  media time"]
    for t in v.tracks:
        time = f"{clock(t.first_us)} .. {clock(t.last_us)}" if t.first_us >= 0 else ""
        lines.append(f"{t.track:13}{t.records:>9}{t.missing:>10}{t.size_bytes:>13}  {time}")
    return lines


def _findings(findings: tuple[Finding, ...], left_out: int) -> list[str]:
    lines = []
    for title, wrong in (("Wrong", True), ("Worth knowing", False)):
        chosen = [finding for finding in findings if finding.wrong is wrong]
        if chosen:
            lines += ["", title]
            lines += [f"  [{f.code}] {where(f)}: {f.text}" for f in chosen[:SHOWN_FINDINGS]]
            if len(chosen) > SHOWN_FINDINGS:
                lines.append(f"  ... and {len(chosen) - SHOWN_FINDINGS} more; --json shows all")
    return [*lines, *([f"  {left_out} further findings were counted only."] if left_out else [])]


def _count(first: int, last: int) -> str:
    count = max(0, last - first + 1)
    return f"{count} record{'' if count == 1 else 's'}"
