"""How one server is set up: read from its folder and the command line by `cli`."""

from dataclasses import dataclass
from pathlib import Path

CONSOLE_DIR = Path(__file__).parent / "console"


@dataclass(frozen=True, slots=True)
class Settings:
    directory: Path
    root: str  # fingerprint of the institution's root key
    origins: tuple[str, ...] = ()  # of the console's pages; empty: this host
    watch_limit: int = 8  # candidates per proctor
    console_dir: Path = CONSOLE_DIR
