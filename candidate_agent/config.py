"""Where the agent keeps things and what it was started with. Read by `cli` and `app`; nothing here does any work."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from candidate_agent.base.errors import UsageError

SCHEME = "exam-agent"


@dataclass(frozen=True, slots=True)
class Config:
    """`demo`: may run as administrator without the browser's sandbox and can be inspected; says so everywhere.
    `passing_dir`: where a practice keeps its session and receipt, which go with it; undo log and lock stay at home."""

    home_dir: Path
    demo: bool = False
    language: str = ""  # asked for by name; "": that of the last start, else the system's
    passing_dir: Path | None = None

    @property
    def undo_log_path(self) -> Path:
        return self.home_dir / "undo.log"

    @property
    def restore_arguments(self) -> tuple[str, ...]:
        """For `candidate-agent restore` at the next login. The usual place is not named: it moves with the person."""
        usual = self.home_dir == default_home() and not os.environ.get("XDG_STATE_HOME")
        return () if usual else ("--home", str(self.home_dir.absolute()))

    @property
    def lock_path(self) -> Path:
        return self.home_dir / "agent.lock"

    @property
    def receipts_dir(self) -> Path:
        return (self.passing_dir or self.home_dir) / "receipts"

    def own_data_path(self, session: str) -> Path:
        """Where people look for what they saved; beside everything else where another home was given."""
        downloads = Path.home() / "Downloads"
        usual = self.home_dir == default_home()
        folder = (downloads if downloads.is_dir() else Path.home()) if usual else self.home_dir / "exports"
        return folder / f"exam-data-{session[:8]}.zip"

    @property
    def sessions_dir(self) -> Path:
        return (self.passing_dir or self.home_dir) / "sessions"

    def session_dir(self, root: str, code_hash: bytes) -> Path:
        """The same launch code of the same institution is the same session, also after a restart without a line."""
        name = hashlib.sha256(root.encode() + code_hash).hexdigest()[:16]
        return self.sessions_dir / name


def default_home() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    base = Path(state) if state else Path.home() / ".local" / "state"
    return base / "candidate-agent"


@dataclass(frozen=True, slots=True)
class Launch:
    """What a link or the command line says. Either `package_path` or `server_url` and `exam_id`."""

    root: str
    code: str
    package_path: Path | None = None
    server_url: str = ""
    exam_id: str = ""


def parse_link(link: str) -> Launch:
    """`exam-agent://start?server=URL&exam=ID&root=FINGERPRINT#CODE`. Raises UsageError `link_damaged`."""
    damaged = UsageError("link_damaged", "This start link is not complete. Please copy it again from your exam office.")
    try:
        parts = urlsplit(link)
        query = parse_qs(parts.query)
    except ValueError as error:
        raise damaged from error
    server, exam, root = (query.get(name, [""])[0] for name in ("server", "exam", "root"))
    if parts.scheme != SCHEME or not (server and exam and root and parts.fragment):
        raise damaged
    return Launch(root=root, code=parts.fragment, server_url=server, exam_id=exam)
