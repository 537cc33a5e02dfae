"""The way of each picture, step by step: joins the stamps of candidates, server and page. Pure but for one file."""

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STEPS = (
    "taken", "encoded", "written", "synced", "sent", "arrived", "stored", "relayed", "received",
    "opened", "decoded", "drawn",
)  # fmt: skip
Key = tuple[str, int, int]
"""Session, track, sequence."""


class Steps:
    """`ways`: per picture the times of all STEPS, Unix milliseconds. Only pictures with every stamp count."""

    def __init__(self, candidates: list[dict[str, Any]], server_path: Path, page: dict[str, list[list[Any]]]) -> None:
        sent: dict[Key, list[float]] = {
            (one["session"], track, sequence): times for one in candidates for track, sequence, times in one["rows"]
        }
        server: dict[Key, list[float]] = {
            (session, track, sequence): times for session, track, sequence, times in json.loads(server_path.read_text())
        }
        seen = dict(_seen(page))
        self.ways = [
            [*sent[key], *server[key], *seen[key]] for key in seen if key in sent and key in server and all(server[key])
        ]


def _seen(page: dict[str, list[list[Any]]]) -> Iterator[tuple[Key, list[float]]]:
    """The page's four stamps; a picture whose time another candidate's has, too, is left out."""
    of_time: dict[int, list[list[Any]]] = {}
    for row in page["received"]:
        of_time.setdefault(row[3], []).append(row)
    later = [dict(page[step]) for step in ("opened", "decoded", "drawn")]
    for at_us, rows in of_time.items():
        if len(rows) == 1 and all(at_us in step for step in later):
            session, track, sequence, _, received = rows[0]
            yield (session, track, sequence), [received, *(step[at_us] for step in later)]


def table(name: str, steps: Steps) -> str:
    """Median and 95th percentile of what each step took, and of the whole."""
    lines = [f"  {name}: {len(steps.ways)} pictures, ms           p50     p95\n"]
    if len(steps.ways) < 2:
        return lines[0]
    for at in range(1, len(STEPS)):
        lines.append(_line(f"{STEPS[at - 1]} to {STEPS[at]}", [way[at] - way[at - 1] for way in steps.ways]))
    lines.append(_line("taken to drawn", [way[-1] - way[0] for way in steps.ways]))
    return "".join(lines)


def _line(what: str, took_ms: list[float]) -> str:
    cuts = statistics.quantiles(took_ms, n=100, method="inclusive")
    return f"    {what:28} {cuts[49]:8.1f} {cuts[94]:7.1f}\n"
