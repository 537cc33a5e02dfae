"""What is typed and copied during a locked exam is on no disk afterwards, in no record and in no core dump.

The agent's and the browser's own memory holds the page while it is shown, and the keeper's what was on the clipboard
before: that is where the words are, and no file may be a way to them.
"""

import base64
import contextlib
import resource
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.escape.room import ROOT, Room, rooms
from tests.rig.xserver import wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow]


def _word(mark: str) -> str:
    """Letters alone, so that it is typed without a modifier and found in whatever form."""
    return mark + "".join(chr(ord("a") + byte % 26) for byte in secrets.token_bytes(12))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with rooms(tmp_path) as room_of:
        yield room_of("openbox")


def _files(room: Room, since: float) -> list[Path]:
    """Everything the agent may have written: its home, the user's, temporary and shared memory files, core dumps."""
    own = [path for path in room.work_dir.rglob("*") if path.is_file()]
    for folder, pattern in ((Path("/dev/shm"), "**/*"), (ROOT, "core*"), (Path("/tmp"), "*")):
        own += [path for path in folder.glob(pattern) if path.is_file() and path.stat().st_mtime >= since - 1]
    return own


def _holds(path: Path, word: str) -> bool:
    forms = (word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode())[:-4])
    with contextlib.suppress(FileNotFoundError, PermissionError):
        data = path.read_bytes()
        return any(form in data for form in forms)
    return False


def _found(room: Room, words: list[str], since: float) -> list[str]:
    return [f"{path}: {word}" for path in _files(room, since) for word in words if _holds(path, word)]


def test_typed_and_copied_words_are_in_no_file_and_no_record(room: Room) -> None:
    began = time.time()
    copied_before, copied_during, typed = _word("qxb"), _word("qxd"), _word("qxt")
    words = [copied_before, copied_during, typed]
    room.run("xclip", "-selection", "clipboard", "-i", text=copied_before, within_s=1)
    exam = room.begin_exam()
    room.focus_answer()
    room.type(typed, delay_ms=30)
    wait_for(lambda: room.answer() == typed, "the typed word in the page")
    room.run("xdotool", "key", "ctrl+a", "key", "ctrl+c")
    room.run("xclip", "-selection", "clipboard", "-i", text=copied_during, within_s=1)
    wait_for(lambda: any(flag.code == "CLIPBOARD_USED" for flag in exam.flags()), "the taken clipboard is noted")

    recorded = [line.encode("latin-1") for line in exam.ask("records")]
    assert any(b"CLIPBOARD_USED" in text for text in recorded), "the records were really opened"
    assert not [word for word in words if any(word.encode() in text for text in recorded)]
    assert _found(room, words, began) == []


def test_a_crash_leaves_no_memory_on_the_disk_and_gives_the_clipboard_back(room: Room, dumps_kept: None) -> None:
    began = time.time()
    copied, typed = _word("qxb"), _word("qxt")
    room.run("xclip", "-selection", "clipboard", "-i", text=copied, within_s=1)
    exam = room.begin_exam()
    room.focus_answer()
    room.type(typed, delay_ms=30)
    wait_for(lambda: room.answer() == typed, "the typed word in the page")
    family, keeper = exam.family(), exam.keeper()
    for process in reversed(family):
        if process != keeper:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSEGV)
    exam.process.wait(20)
    wait_for(lambda: not keeper.is_running() or keeper.status() == psutil.STATUS_ZOMBIE, "the keeper's end")
    back = room.run("xclip", "-selection", "clipboard", "-o", within_s=2)
    left = _found(room, [copied, typed], began)
    _remove_dumps(began)
    assert left == []
    assert back == copied, "and the candidate has the old clipboard again"


@pytest.fixture
def dumps_kept() -> Iterator[None]:
    """As on a desktop that keeps what a crashed program had in its memory: children inherit it."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


def _remove_dumps(since: float) -> None:
    for path in ROOT.glob("core*"):
        if path.is_file() and path.stat().st_mtime >= since - 1:
            path.unlink()
