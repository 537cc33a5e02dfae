"""A small process that offers what was on the clipboard until other programs take over, as the candidate had it before.

Started by `X11Clipboard.put_back`: the pieces on standard input (`packed`), never on the disk or in an argument; the
starter returns when they are on offer. It answers as ICCCM asks: TARGETS, TIMESTAMP, MULTIPLE, long answers in pieces.
"""

import json
import os
import sys
from collections import OrderedDict
from typing import Any

from Xlib import X, Xatom
from Xlib import error as xerror

from candidate_agent.platforms.linux.connection import answer, connect
from candidate_agent.platforms.private_memory import keep_off_disk

PIECE_BYTES = 128 * 1024
MAX_TRANSFERS = 64
_AS_TEXT = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "TEXT", "STRING")

Pieces = list[tuple[str, str, bytes]]  # selection, form, data


def packed(pieces: Pieces) -> bytes:
    """One line that names selection, form and length, then the data, for each piece."""
    parts = []
    for selection, form, data in pieces:
        parts += [json.dumps([selection, form, len(data)]).encode() + b"\n", data]
    return b"".join(parts)


def unpacked(stream: bytes) -> Pieces:
    pieces, at = [], 0
    while at < len(stream):
        line_end = stream.index(b"\n", at)
        selection, form, length = json.loads(stream[at:line_end])
        at = line_end + 1 + length
        pieces.append((str(selection), str(form), stream[line_end + 1 : at]))
    return pieces


def main() -> int:
    keep_off_disk()
    pieces = unpacked(sys.stdin.buffer.read())
    connection = connect(None)
    offer = Offer(connection, pieces)
    if not offer.begin():
        return 1
    if sys.platform == "win32" or os.fork():
        os._exit(0)  # all is on offer; the connection lives on in the child
    os.setsid()
    offer.run()
    return 0


class Offer:
    """The selections that are still ours, and the long answers that are under way."""

    def __init__(self, connection: Any, pieces: Pieces) -> None:
        self._connection = connection
        self._window = connection.screen().root.create_window(
            0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask
        )
        self._held: dict[int, dict[int, bytes]] = {}
        for selection, form, data in pieces:
            self._held.setdefault(connection.get_atom(selection), {}).update(self._answers(form, data))
        self._since = X.CurrentTime
        self._under_way: OrderedDict[tuple[int, int], tuple[int, bytes]] = OrderedDict()

    def begin(self) -> bool:
        """Whether all of it is on offer."""
        self._since = self._server_time()
        for selection in self._held:
            self._window.set_selection_owner(selection, self._since)
        self._connection.sync()
        owners = [self._connection.get_selection_owner(selection) for selection in self._held]
        return all(owner == self._window for owner in owners)

    def run(self) -> None:
        """Until other programs have taken every selection, or the X server ends."""
        while self._held:
            try:
                self._handle(self._connection.next_event())
            except (xerror.ConnectionClosedError, OSError):
                return
            except xerror.XError:
                continue  # who asked went away meanwhile

    def _answers(self, form: str, data: bytes) -> dict[int, bytes]:
        """Text is given by all the names that programs ask for it by."""
        if form not in _AS_TEXT:
            return {self._connection.get_atom(form): data}
        text = data.decode("latin-1" if form == "STRING" else "utf-8", "replace")
        utf8 = text.encode()
        given = {self._connection.get_atom(name): utf8 for name in _AS_TEXT}
        return given | {Xatom.STRING: text.encode("latin-1", "replace")}

    def _server_time(self) -> int:
        self._window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, b"")
        while True:
            event = self._connection.next_event()
            if event.type == X.PropertyNotify:
                return int(event.time)

    def _handle(self, event: Any) -> None:
        if event.type == X.SelectionClear:
            self._held.pop(event.atom, None)
        elif event.type == X.SelectionRequest:
            into = event.property or event.target
            answer(self._connection, event, into if self._give(event, event.target, into) else X.NONE)
        elif event.type == X.PropertyNotify and event.state == X.PropertyDelete:
            self._go_on(event.window, event.atom)

    def _give(self, request: Any, target: int, into: int) -> bool:
        atom, given = self._connection.get_atom, self._held.get(request.selection, {})
        if target == atom("TARGETS"):
            named = [atom("TARGETS"), atom("TIMESTAMP"), atom("MULTIPLE"), *given]
            request.requestor.change_property(into, Xatom.ATOM, 32, named)
        elif target == atom("TIMESTAMP"):
            request.requestor.change_property(into, Xatom.INTEGER, 32, [self._since])
        elif target == atom("MULTIPLE"):
            return self._give_several(request, into)
        elif target in given:
            self._write(request.requestor, into, target, given[target])
        else:
            return False
        return True

    def _give_several(self, request: Any, into: int) -> bool:
        found = request.requestor.get_full_property(into, X.AnyPropertyType)
        if found is None or found.format != 32:
            return False
        asked = list(found.value)[:256]
        for number in range(0, len(asked) - 1, 2):
            if asked[number] == self._connection.get_atom("MULTIPLE") or not self._give(request, *asked[number:][:2]):
                asked[number + 1] = X.NONE
        request.requestor.change_property(into, found.property_type, 32, asked)
        return True

    def _write(self, window: Any, into: int, kind: int, data: bytes) -> None:
        kind = self._connection.get_atom("UTF8_STRING") if kind == self._connection.get_atom("TEXT") else kind
        if len(data) <= PIECE_BYTES:
            window.change_property(into, kind, 8, data)
            return
        window.change_attributes(event_mask=X.PropertyChangeMask)
        window.change_property(into, self._connection.get_atom("INCR"), 32, [len(data)])
        self._under_way[(window.id, into)] = (kind, data)
        if len(self._under_way) > MAX_TRANSFERS:
            self._under_way.popitem(last=False)

    def _go_on(self, window: Any, into: int) -> None:
        """The other side took one piece: here is the next; an empty one is the end."""
        kind, data = self._under_way.pop((window.id, into), (0, None))
        if data is None:
            return
        window.change_property(into, kind, 8, data[:PIECE_BYTES])
        if data:
            self._under_way[(window.id, into)] = (kind, data[PIECE_BYTES:])
        self._connection.flush()


if __name__ == "__main__":
    sys.exit(main())
