"""The figures of every benchmark in one file: a JSON list of {name, value, unit, peer, peer_value, ratio}.

Each benchmark calls `write` with its own figures; those of the same name are replaced, all others stay.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS_PATH = Path(__file__).with_name("results") / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """`peer` is what the value was held against in the same run; None where it stands alone.

    `has_bar`: the value may be at most `share` of the peer's. Neither is part of the file.
    """

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    has_bar: bool = False
    share: float = 1.0

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.peer_value, 3) if self.peer_value else None

    @property
    def meets_bar(self) -> bool:
        return not self.has_bar or self.ratio is None or self.ratio <= round(self.share, 3)

    def row(self) -> dict[str, object]:
        own = {name: value for name, value in asdict(self).items() if name not in ("has_bar", "share")}
        return {**own, "ratio": self.ratio}


def write(figures: list[Figure], path: Path = RESULTS_PATH) -> None:
    """Merges by name; the order is that of the names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {row["name"]: row for row in (json.loads(path.read_text()) if path.exists() else [])}
    rows |= {figure.name: figure.row() for figure in figures}
    path.write_text(json.dumps([rows[name] for name in sorted(rows)], indent=1) + "\n")


def line(figure: Figure) -> str:
    """For a person."""
    against = f"   {figure.peer}: {figure.peer_value:g}   ratio {figure.ratio:.2f}" if figure.ratio is not None else ""
    bar = "bar" if figure.share == 1 else f"bar {figure.share:.2g}"
    verdict = f"   {bar} {'met' if figure.meets_bar else 'NOT MET'}" if figure.has_bar else ""
    return f"{figure.name:28} {figure.value:9g} {figure.unit:12}{against}{verdict}"


def tell(figures: list[Figure]) -> None:
    """Keeps them, and a line of each for a person."""
    write(figures)
    for figure in figures:
        sys.stdout.write(line(figure) + "\n")
