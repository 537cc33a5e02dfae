"""`make accuracy`: what the findings find, by group of people and light; writes docs/accuracy.md. About ten minutes.

Status 0 also where a bar is missed (the page says so), 1 where something could not be fetched or measured.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from bench.accuracy import faces, hearing, likenesses, sittings, voices
from bench.accuracy.materials import MaterialMissing, fetched
from bench.accuracy.page import markdown
from bench.accuracy.rows import Row

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


def main() -> int:
    try:
        directory = fetched()
    except MaterialMissing as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return 1
    rows: list[Row] = []
    for measure in _measures(directory):
        rows += _told(measure())
    PAGE.write_text(markdown(rows), encoding="utf-8")
    missed = [row for row in rows if not row.holds]
    print(f"{PAGE.relative_to(PAGE.parents[1])} written; {len(missed)} bars missed.")
    return 0


def _measures(directory: Path) -> tuple[Callable[[], list[Row]], ...]:
    return (
        lambda: faces.measure(directory), lambda: hearing.measure(directory), sittings.quiet_sound,
        lambda: sittings.planted(directory), lambda: sittings.honest(directory),
        lambda: likenesses.measure(directory), lambda: voices.measure(directory),
    )  # fmt: skip


def _told(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(f"{row.table} | {row.group}: {row.found} of {row.of}{'' if row.holds else '  MISSED'}", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
