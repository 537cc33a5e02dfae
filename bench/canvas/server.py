"""The real proctor-server with a stamp at three steps of every small picture, written down when it ends.

`python -m bench.canvas.server STAMPS` and the words of `proctor-server`. The stamps are taken around its own functions.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.canvas.candidate import SMALL
from exam_protocol.records import Header, parse_header
from server_stub import cli, console_line
from server_stub.bus import InProcessBus, RecordsStored
from server_stub.committer import Committer

ARRIVED, STORED, RELAYED = range(3)


class Stamps:
    def __init__(self) -> None:
        self.of: dict[tuple[str, int, int], list[float]] = {}

    def note(self, header: Header | None, step: int) -> None:
        if header is not None and header.track in SMALL:
            steps = self.of.setdefault((header.session_id.hex(), header.track, header.sequence), [0.0] * 3)
            steps[step] = time.time_ns() / 1e6

    def around_server(self) -> None:
        add, publish, send = Committer.add, InProcessBus.publish, console_line.send

        def noted_add(self_: Committer, *words: Any) -> None:
            self.note(words[-1].header, ARRIVED)
            add(self_, *words)

        def noted_publish(self_: InProcessBus, topic: str, event: object) -> int:
            for header, _ in event.records if isinstance(event, RecordsStored) else ():
                self.note(header, STORED)
            return publish(self_, topic, event)

        async def noted_send(socket: Any, frame: str | bytes) -> None:
            await send(socket, frame)
            if isinstance(frame, bytes):
                self.note(parse_header(frame), RELAYED)

        Committer.add = noted_add  # type: ignore[method-assign]
        InProcessBus.publish = noted_publish  # type: ignore[method-assign]
        console_line.send = noted_send

    def write(self, path: Path) -> None:
        path.write_text(json.dumps([[*key, steps] for key, steps in self.of.items()]))


def main() -> int:
    stamps = Stamps()
    stamps.around_server()
    try:
        return cli.main(sys.argv[2:])
    finally:
        stamps.write(Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
