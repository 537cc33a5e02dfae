"""The figures of every benchmark in one file: a JSON list of {name, value, unit, peer, peer_value, ratio}.

Each benchmark calls `write` with its own figures; those of the same name are replaced, all others stay.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS_PATH = Path(__file__).with_name("results") / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """`peer` is what the value was held against in the same run; None where it stands alone."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None

    def row(self) -> dict[str, object]:
        ratio = round(self.value / self.peer_value, 3) if self.peer_value else None
        return {**asdict(self), "ratio": ratio}


def write(figures: list[Figure], path: Path = RESULTS_PATH) -> None:
    """Merges by name; the order is that of the names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {row["name"]: row for row in (json.loads(path.read_text()) if path.exists() else [])}
    rows |= {figure.name: figure.row() for figure in figures}
    path.write_text(json.dumps([rows[name] for name in sorted(rows)], indent=1) + "\n")


def line(figure: Figure) -> str:
    """For a person."""
    row = figure.row()
    against = f"   {figure.peer}: {figure.peer_value:g}   ratio {row['ratio']}" if figure.peer_value else ""
    return f"{figure.name:44} {figure.value:10g} {figure.unit:14}{against}"
