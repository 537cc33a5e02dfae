"""The clipboard during the exam: every selection is owned and answers with nothing, the cut buffers are empty.

What was there before is read once and kept by the caller in memory. `clipboard_owner` holds, `clipboard_read` asks,
`clipboard_holder` is the small process that offers it all again afterwards.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from Xlib import X, Xatom

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.linux.clipboard_holder import packed
from candidate_agent.platforms.linux.clipboard_owner import ClipboardOwner
from candidate_agent.platforms.linux.clipboard_read import CUT_BUFFERS, Reader
from candidate_agent.platforms.linux.connection import Asking, EventThread, connected
from candidate_agent.platforms.ports import ClipboardContent, ClipboardTaken, Closer

PUT_BACK_S = 5.0
_PIECE_BYTES = 64 * 1024


class X11Clipboard:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._asking = Asking(display_name)
        self._owner: ClipboardOwner | None = None

    def read(self) -> ClipboardContent:
        with connected(self._display_name) as connection:
            return tuple(Reader(connection).pieces())

    def isolated(self) -> bool:
        owner = self._owner
        if owner is None:
            return False
        with self._asking.connection() as connection:
            return owner.owns(connection)

    def isolate(self, emit: Callable[[ClipboardTaken], None]) -> Closer:
        owner = self._owner = ClipboardOwner(emit)
        close = EventThread(self._display_name, "clipboard").start(owner.prepare, owner.handle, owner.rest, owner.last)

        def end() -> None:
            self._owner = None
            close()

        return end

    def put_back(self, content: ClipboardContent) -> None:
        """Raises PlatformError `clipboard_not_put_back`."""
        self._fill_cut_buffers(content)
        offered = [piece for piece in content if piece.selection not in CUT_BUFFERS]
        if not offered:
            return
        try:
            subprocess.run(  # noqa: S603 - our own module, no shell; what is on the clipboard goes through the pipe
                _holder_command(),
                input=packed([(piece.selection, piece.form, piece.data) for piece in offered]),
                env=self._environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PUT_BACK_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise PlatformError("clipboard_not_put_back", "The clipboard could not be put back.") from error

    def _fill_cut_buffers(self, content: ClipboardContent) -> None:
        with connected(self._display_name) as connection:
            root = connection.screen().root
            for piece in content:
                if piece.selection in CUT_BUFFERS:
                    _write(root, connection.get_atom(piece.selection), piece.data)
            connection.sync()

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        if self._display_name:
            environment["DISPLAY"] = self._display_name
        return environment


def _holder_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "clipboard-holder"]
    return [sys.executable, "-m", "candidate_agent.platforms.linux.clipboard_holder"]


def _write(window: Any, name: int, data: bytes) -> None:
    """Piece by piece: a request has its limits."""
    mode = X.PropModeReplace
    for start in range(0, max(1, len(data)), _PIECE_BYTES):
        window.change_property(name, Xatom.STRING, 8, data[start : start + _PIECE_BYTES], mode=mode)
        mode = X.PropModeAppend
