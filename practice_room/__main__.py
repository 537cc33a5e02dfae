"""`python -m practice_room FOLDER`, started by the agent: one line of JSON in (the order), lines of JSON out.

The room stays open as long as the pipe from the agent does: whatever ends the agent ends it, and it takes FOLDER away
with everything in it, the agent's own recordings of this practice included. FOLDER must be empty when it comes.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from exam_protocol import codec
from practice_room.institution import Institution
from practice_room.order import Answer, Order
from practice_room.room import opened


def main() -> int:
    if len(sys.argv) != 2 or not (folder := Path(sys.argv[1])).is_dir() or any(folder.iterdir()):
        print("usage: python -m practice_room FOLDER (an empty one; it is deleted at the end)", file=sys.stderr)
        return 2
    os.umask(0o077)
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):  # to the whole terminal or desktop: the end of the pipe tells
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        order: Order = codec.decode(sys.stdin.buffer.readline(), Order)
        asyncio.run(_hold(order, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


async def _hold(order: Order, folder: Path) -> None:
    gone, loop = asyncio.Event(), asyncio.get_running_loop()

    def wait_for_end() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop ended by itself
            loop.call_soon_threadsafe(gone.set)

    async with opened(order, folder / "server", _say, Institution.new()):
        threading.Thread(target=wait_for_end, name="agent-pipe", daemon=True).start()
        await gone.wait()


def _say(answer: Answer) -> None:
    try:
        sys.stdout.buffer.write(codec.encode(answer) + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        return  # the agent died; the end of its pipe will tell


if __name__ == "__main__":
    sys.exit(main())
