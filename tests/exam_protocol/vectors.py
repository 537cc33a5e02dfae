"""Where the published test vectors lie: VECTORS_DIR, or the folder beside the repository. Absent: those tests skip."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("VECTORS_DIR") or Path(__file__).parents[3] / "shared" / "vectors")


def load(name: str) -> Any:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the vectors of {name} are not here; set VECTORS_DIR")
    return json.loads(path.read_text())
