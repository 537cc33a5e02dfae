"""`make accuracy`: what the findings find, by group of people and light; writes docs/accuracy.md. About ten minutes.

Status 0 also where a bar is missed (the page says so), 1 where something could not be fetched or measured. With names
of parts as arguments only those are measured anew, and the page is made of them and of what was measured before.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.accuracy import faces, hearing, likenesses, sittings, voices
from bench.accuracy.materials import PLACE, MaterialMissing, fetched
from bench.accuracy.page import markdown
from bench.accuracy.rows import Row

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "faces": faces.measure, "hearing": hearing.measure, "quiet": lambda directory: sittings.quiet_sound(),
    "planted": sittings.planted, "honest": sittings.honest, "likenesses": likenesses.measure, "voices": voices.measure,
}  # fmt: skip


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(PARTS):
        print(f"accuracy: no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 1
    try:
        directory = fetched()
    except MaterialMissing as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return 1
    for part in wanted or PARTS:
        _measure(part, directory)
    kept = {part: json.loads(_kept(part).read_text()) for part in PARTS if _kept(part).exists()}
    rows = [Row(**row) for measured in kept.values() for row in measured["rows"]]
    PAGE.write_text(markdown(rows, sum(measured["seconds"] for measured in kept.values())), encoding="utf-8")
    missed = [row for row in rows if not row.holds]
    print(f"{PAGE.relative_to(PAGE.parents[1])} written; {len(missed)} bars missed.")
    return 0


def _measure(part: str, directory: Path) -> None:
    began = time.monotonic()
    rows = PARTS[part](directory)
    seconds = time.monotonic() - began
    for row in rows:
        print(f"{row.table} | {row.group}: {row.found} of {row.of}{'' if row.holds else '  MISSED'}", flush=True)
    print(f"{part}: {seconds:.0f} s", flush=True)
    _kept(part).write_text(json.dumps({"seconds": seconds, "rows": [asdict(row) for row in rows]}))


def _kept(part: str) -> Path:
    return PLACE / f"rows-{part}.json"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
