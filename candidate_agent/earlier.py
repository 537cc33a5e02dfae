"""The commands about earlier sessions: `send` and `export`. Words for a terminal; `sending` and `own_data` do the work.

Called by `cli`. Neither runs beside the window: one program at a time has a session's records open.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from candidate_agent import own_data, sending
from candidate_agent.base.clock import SystemClock
from candidate_agent.base.errors import RestoreError, UsageError
from candidate_agent.config import Config
from candidate_agent.joining import Join
from candidate_agent.lockdown.restore import restore
from candidate_agent.platforms import select
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.sending import Progress
from candidate_agent.spool.store import Spool
from candidate_agent.ui.texts import Texts

TELL_EVERY_LOOKS = 50  # where nobody watches a terminal: every ten seconds


def send(config: Config, give_up_s: float, out: TextIO) -> int:
    with _alone(config):
        _give_back(config)
        teller = Teller(out)
        asyncio.run(sending.send(config, SystemClock(), teller.tell, teller.arrived, give_up_s))
    if not teller.receipts:
        out.write("There was nothing left to send.\n")
    return 0


def _give_back(config: Config) -> None:
    if (
        config.undo_log_path.exists()
        and not restore(config.undo_log_path, select.settings(config.restore_arguments)).restored
    ):
        raise RestoreError("restore_incomplete", "An earlier exam left settings behind that could not be put back.")


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    lock = InstanceLock(config.lock_path)
    if not lock.acquire():
        raise UsageError("agent_running", "The exam program is already running on this computer.")
    try:
        yield
    finally:
        lock.release()


class Teller:
    """One line that is written anew on a terminal; a line now and then elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._looks, self._width = out, 0, 0
        self.receipts = 0

    def tell(self, progress: Progress) -> None:
        said, self._looks = words(progress), self._looks + 1
        if self._out.isatty():
            self._out.write("\r" + said.ljust(self._width))
            self._width = len(said)
        elif self._looks % TELL_EVERY_LOOKS == 1:
            self._out.write(said + "\n")
        self._out.flush()

    def arrived(self, receipt_path: Path) -> None:
        if self._width:
            self._out.write("\r" + " " * self._width + "\r")
        self._width, self.receipts = 0, self.receipts + 1
        self._out.write(f"Everything has arrived. Your receipt: {receipt_path}\n")


def words(progress: Progress) -> str:
    left = f"{progress.title}: {progress.left_bytes / 1_000_000:.1f} MB left"
    return f"{left}, {time_words(progress.left_s)}" if progress.link_up else f"{left}, waiting for the line"


def time_words(left_s: float | None) -> str:
    if left_s is None:
        return "we cannot say yet how long"
    if left_s < 50:
        return "less than a minute"
    minutes = max(1, round(left_s / 60))
    return f"about {minutes} minute{'' if minutes == 1 else 's'}" if minutes < 100 else f"about {round(minutes / 60)} h"


def export(config: Config, out_path: Path, session: str, out: TextIO) -> int:
    """Of one session, or of all that this computer knows."""
    if out_path.exists():
        raise UsageError("usage", f"{out_path} is there already. Please name a new file.")
    with _alone(config):
        joins = {join.file.session_id.hex(): join for join in sending.earlier(config)}
        known = sorted({*joins, *(path.stem for path in config.receipts_dir.glob("*.html"))})
        chosen = [name for name in known if not session or name == session.lower()]
        if not chosen:
            which = f"the session {session}" if session else "any exam"
            raise UsageError("usage", f"This computer has nothing of {which}.")
        for name in chosen:
            _save(config, out_path, name, joins.get(name))
    out.write(f"{out_path}: {len(chosen)} session{'' if len(chosen) == 1 else 's'}\n")
    return 0


def _save(config: Config, out_path: Path, name: str, join: Join | None) -> None:
    texts = Texts(config.language)
    if join is None:
        own_data.save(out_path, config.receipts_dir, name, texts)
        return
    spool = Spool(join.directory / "spool", sync_interval_s=None)
    spool.open()
    try:
        own_data.save(out_path, config.receipts_dir, name, texts, join=join, spool=spool)
    finally:
        spool.close()
