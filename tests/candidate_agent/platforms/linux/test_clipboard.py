"""Text, HTML, files and pictures come back as they were; nobody's silence holds the exam up; nothing foreign stays on
any selection, in a cut buffer or in a drag while the exam runs. Read and offered by another program's own means."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from Xlib import X
from Xlib import display as xdisplay

from candidate_agent.platforms.linux.clipboard import X11Clipboard
from candidate_agent.platforms.linux.clipboard_holder import packed, unpacked
from candidate_agent.platforms.linux.clipboard_read import wanted
from candidate_agent.platforms.ports import ClipboardContent, ClipboardPiece, ClipboardTaken
from tests.candidate_agent.platforms.collected import Collected
from tests.rig.xserver import XServer, wait_for

PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(3_000_000)
TURNS = 20
HTML = "<b>notes äöü</b>".encode()


def offer(server: XServer, selection: str, form: str, data: bytes) -> None:
    subprocess.run(
        ["xclip", "-selection", selection, "-t", form], input=data, env=server.environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10, check=True,
    )  # fmt: skip


def paste(server: XServer, selection: str, form: str) -> bytes:
    command = ["xclip", "-selection", selection, "-o", "-t", form]
    done = subprocess.run(command, env=server.environment(), capture_output=True, timeout=10, check=False)
    return done.stdout


def piece(content: ClipboardContent, selection: str, form: str) -> bytes:
    return next((one.data for one in content if (one.selection, one.form) == (selection, form)), b"")


@pytest.mark.real
@pytest.mark.parametrize(
    ("form", "data"), [("image/png", PICTURE), ("text/html", HTML), ("UTF8_STRING", HTML * 20_000)]
)
@pytest.mark.parametrize("selection", ["CLIPBOARD", "PRIMARY"])
def test_what_was_there_before_can_be_pasted_afterwards(
    server: XServer, selection: str, form: str, data: bytes
) -> None:
    port = X11Clipboard(server.display)
    offer(server, selection.lower(), form, data)
    content = port.read()
    assert piece(content, selection, form) == data
    port.isolate(lambda taken: None)()
    assert paste(server, selection.lower(), form) == b""
    port.put_back(content)
    assert paste(server, selection.lower(), form) == data
    offer(server, selection.lower(), "UTF8_STRING", b"newer")


@pytest.mark.real
def test_several_formats_of_one_copy_are_offered_together_and_by_the_names_that_programs_ask_for(
    server: XServer,
) -> None:
    port = X11Clipboard(server.display)
    before = (
        ClipboardPiece("CLIPBOARD", "UTF8_STRING", "naïve".encode()),
        ClipboardPiece("CLIPBOARD", "text/html", HTML),
        ClipboardPiece("CLIPBOARD", "image/png", PICTURE),
        ClipboardPiece("PRIMARY", "UTF8_STRING", b"selected"),
    )
    port.put_back(before)
    targets = paste(server, "clipboard", "TARGETS").decode().split()
    assert {"TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "STRING", "text/html", "image/png"} <= set(targets)
    assert paste(server, "clipboard", "STRING") == "naïve".encode("latin-1")
    assert paste(server, "clipboard", "text/plain") == "naïve".encode()
    assert len(paste(server, "clipboard", "TIMESTAMP")) > 0
    assert {(one.selection, one.form, one.data) for one in port.read() if one.selection != "SECONDARY"} == {
        (one.selection, one.form, one.data) for one in before
    }
    for selection in ("clipboard", "primary"):
        offer(server, selection, "UTF8_STRING", b"newer")
    wait_for(lambda: not holders(server), "the holder's end")


def holders(server: XServer) -> list[int]:
    """Of this X server: agents of other tests have theirs."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        of_server = (process.info["environ"] or {}).get("DISPLAY") == server.display
        if of_server and "candidate_agent.platforms.linux.clipboard_holder" in (process.info["cmdline"] or ()):
            found.append(process.pid)
    return found


@contextmanager
def mute_owner(server: XServer) -> Iterator[None]:
    """A program that owns the clipboard and never answers: one that hangs."""
    command = ["xclip", "-selection", "clipboard", "-quiet"]
    quiet, environment = subprocess.DEVNULL, server.environment()
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environment)
    assert owner.stdin
    owner.stdin.write(b"never told")
    owner.stdin.close()
    wait_for(lambda: paste(server, "clipboard", "UTF8_STRING") == b"never told", "the owner")
    owner.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        owner.kill()
        owner.wait()


@pytest.mark.real
def test_an_owner_that_does_not_answer_holds_nothing_up(server: XServer) -> None:
    offer(server, "primary", "UTF8_STRING", b"still told")
    with mute_owner(server):
        began = time.monotonic()
        content = X11Clipboard(server.display).read()
        assert time.monotonic() - began < 2.5
    assert piece(content, "CLIPBOARD", "UTF8_STRING") == b""
    assert piece(content, "PRIMARY", "UTF8_STRING") == b"still told"


@pytest.mark.real
@pytest.mark.parametrize("selection", ["clipboard", "primary", "secondary"])
def test_no_selection_stays_with_another_program(server: XServer, selection: str) -> None:
    port, seen = X11Clipboard(server.display), Collected[ClipboardTaken]()
    close = port.isolate(seen)
    for _ in range(15):  # more often than is taken back at once
        offer(server, selection, "UTF8_STRING", b"the answer is 42")
    seen.wait(lambda event: event.selection == selection.upper())
    wait_for(port.isolated, "the selection back")
    assert paste(server, selection, "UTF8_STRING") == b""
    close()
    assert not port.isolated()


@pytest.mark.real
def test_cut_buffers_are_emptied_watched_and_put_back(server: XServer) -> None:
    port, seen = X11Clipboard(server.display), Collected[ClipboardTaken]()
    server.run("xprop", "-root", "-f", "CUT_BUFFER0", "8s", "-set", "CUT_BUFFER0", "old")
    content = port.read()
    close = port.isolate(seen)
    assert port.isolated()
    assert "not found" in server.run("xprop", "-root", "CUT_BUFFER0")
    server.run("xprop", "-root", "-f", "CUT_BUFFER3", "8s", "-set", "CUT_BUFFER3", "the answer")
    seen.wait(lambda event: event.selection == "CUT_BUFFER3")
    wait_for(port.isolated, "an empty buffer")
    close()
    port.put_back(tuple(one for one in content if one.selection.startswith("CUT")))
    assert '"old"' in server.run("xprop", "-root", "CUT_BUFFER0")
    server.run("xprop", "-root", "-remove", "CUT_BUFFER0")


@pytest.mark.real
def test_what_another_program_drags_cannot_be_asked_for(server: XServer) -> None:
    seen = Collected[ClipboardTaken]()
    close = X11Clipboard(server.display).isolate(seen)
    script = "import sys; from Xlib import display, X; d = display.Display(); w = d.screen().root.create_window(0, 0, 1, 1, 0, 0); w.set_selection_owner(d.intern_atom('XdndSelection'), 0); d.sync(); sys.stdin.read()"  # noqa: E501
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, env=server.environment())
    seen.wait(lambda event: event.selection == "XdndSelection")
    connection = xdisplay.Display(server.display)
    owner = connection.get_selection_owner(connection.intern_atom("XdndSelection"))
    assert owner != X.NONE
    connection.close()
    assert process.stdin
    process.stdin.close()
    process.wait()
    close()


def test_one_text_and_one_picture_are_kept_and_what_says_more() -> None:
    offered = ["TARGETS", "image/bmp", "image/png", "STRING", "UTF8_STRING", "text/html", "chromium/x-secret"]
    assert wanted(offered) == ["UTF8_STRING", "text/html", "image/png"]


def test_pieces_pass_the_pipe_unchanged() -> None:
    pieces = [("CLIPBOARD", "image/png", b"a\nb\0" * 9), ("PRIMARY", "STRING", b"")]
    assert unpacked(packed(pieces)) == pieces


def test_no_content_is_shown_in_a_trace() -> None:
    assert "secret" not in repr(ClipboardPiece("CLIPBOARD", "UTF8_STRING", b"secret"))


@pytest.mark.real
def test_whoever_asks_while_the_clipboard_is_given_back_is_answered(server: XServer) -> None:
    port, connection = X11Clipboard(server.display), xdisplay.Display(server.display)
    asked, ended = 0, threading.Event()
    window = connection.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    atoms = [connection.get_atom(name) for name in ("CLIPBOARD", "UTF8_STRING", "HERE")]

    def hold_and_end() -> None:
        for _ in range(TURNS):
            port.isolate(lambda taken: None)()
        ended.set()

    turns = threading.Thread(target=hold_and_end)
    turns.start()
    answered = 0
    while not ended.is_set():
        window.convert_selection(*atoms, X.CurrentTime)
        asked += 1
        connection.flush()
        answered += _notices(connection)
    turns.join()

    def all_answered() -> bool:
        nonlocal answered
        answered += _notices(connection)
        return answered == asked

    wait_for(all_answered, "every answer", 3)
    connection.close()


def _notices(connection: xdisplay.Display) -> int:
    return sum(connection.next_event().type == X.SelectionNotify for _ in range(connection.pending_events()))
