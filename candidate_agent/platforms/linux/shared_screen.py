"""Pictures of an X11 screen where the server writes them: memory that both share, used again for later pictures.

mss itself has the server write into one piece and copies each picture out of it into a new one of eight megabytes: more
time, and three of them where two will do. Used by `portable.screen` on Linux.
"""

import contextlib
import mmap
import os
import sys

import numpy as np
from mss.exception import ScreenShotError
from mss.linux import xcb, xcbgen
from mss.linux.base import ALL_PLANES
from mss.linux.xcbhelpers import LIB, XError
from mss.linux.xgetimage import MSSImplXGetImage

from candidate_agent.platforms.portable.lent import Image, Lender, Piece

LEAST_VERSION = (1, 2)  # of the extension: from here on memory is shared by a file handle


class SharedScreen(MSSImplXGetImage):
    """Called from one thread at a time; whoever has a picture may keep it. Where the server shares no memory (it is on
    another computer), pictures come over the connection."""

    def __init__(self) -> None:
        """Raises ScreenShotError."""
        super().__init__()
        self._lender: Lender[xcbgen.ShmSeg] = Lender(self._share, self._unshare)
        self._shares = self._can_share()
        self._tall = 0  # rows of the largest picture so far: rows of one are written into memory for a whole one

    def pixels(self, left: int, top: int, width: int, height: int) -> Image:
        """BGRA. Raises ScreenShotError."""
        if self._shares:
            with contextlib.suppress(_NotShared):
                return self._written(left, top, width, height)
            self._shares = False
        copied = self.grab({"left": left, "top": top, "width": width, "height": height})
        return np.frombuffer(copied, np.uint8).reshape(height, width, 4)

    def close(self) -> None:
        self._lender.end()
        super().close()

    def _can_share(self) -> bool:
        if self.conn is None or not xcb.get_extension_data(self.conn, LIB.shm_id).present:
            return False
        version = xcbgen.shm_query_version(self.conn)
        return (version.major_version, version.minor_version) >= LEAST_VERSION

    def _written(self, left: int, top: int, width: int, height: int) -> Image:
        if self.conn is None:
            raise ScreenShotError("The connection is closed.")
        self._tall = max(self._tall, height)
        out, segment = self._lender.lend(self._tall, width)
        xcbgen.shm_get_image(
            self.conn, self.drawable, left, top, width, height, ALL_PLANES, xcbgen.ImageFormat.ZPixmap, segment, 0
        )
        return out[:height]

    def _share(self, height: int, width: int) -> Piece[xcbgen.ShmSeg]:
        assert self.conn is not None, "pictures are taken before close"
        if sys.platform != "linux":
            raise _NotShared
        handle = os.memfd_create("screen", os.MFD_CLOEXEC)
        try:
            os.ftruncate(handle, height * width * 4)
            shared = mmap.mmap(handle, height * width * 4)
        except OSError as error:
            os.close(handle)
            raise ScreenShotError("There is no memory for a picture of the screen.") from error
        segment = xcbgen.ShmSeg(xcb.generate_id(self.conn).value)
        try:
            xcbgen.shm_attach_fd(self.conn, segment, handle, read_only=False)  # closes the handle
        except XError as error:
            raise _NotShared from error
        return Piece(np.frombuffer(shared, np.uint8).reshape(height, width, 4), segment)

    def _unshare(self, piece: Piece[xcbgen.ShmSeg]) -> None:
        """Where the server does not answer, it has let go as well."""
        if self.conn is not None:
            with contextlib.suppress(XError):
                xcbgen.shm_detach(self.conn, piece.mark)


class _NotShared(Exception):
    """The server would not."""
