"""What the browser engine asks of a proxy, read and rewritten: pure functions over the first lines of a request.
`outlet` calls them; whatever does not read as a request for one host and port is None, and refused there.
"""

import re
from dataclasses import dataclass

_CONNECT = re.compile(rb"CONNECT (\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5}) HTTP/1\.1")
_PLAIN = re.compile(rb"([A-Z]+) http://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(/[!-~]*) HTTP/1\.1")
_HOP_BY_HOP = (b"proxy-connection:", b"proxy-authorization:", b"connection:", b"keep-alive:")


@dataclass(frozen=True, slots=True)
class Asked:
    """`host` in lower case without brackets. A tunnel carries bytes that are not read, as https does."""

    host: str
    port: int
    tunnel: bool
    head: bytes


def read(head: bytes) -> Asked | None:
    """`head` reaches to the empty line, which is part of it."""
    line = head.split(b"\r\n", 1)[0]
    if found := _CONNECT.fullmatch(line):
        return _asked(found[1], found[2], True, head)
    if found := _PLAIN.fullmatch(line):
        return _asked(found[2], found[3] or b"80", False, head)
    return None


def _asked(host: bytes, port: bytes, tunnel: bool, head: bytes) -> Asked | None:
    number = int(port)
    return Asked(host.decode().strip("[]").lower(), number, tunnel, head) if 0 < number < 65536 else None


def for_server(asked: Asked) -> bytes:
    """The head of a plain request as a server expects it: a path, and one request for each connection."""
    return _closing(_PLAIN.sub(rb"\1 \4 HTTP/1.1", asked.head, count=1))


def for_next_proxy(asked: Asked, credentials: bytes) -> bytes:
    """The head as the institution's own proxy expects it; `credentials` is the value of its header, or empty."""
    extra = b"Proxy-Authorization: " + credentials + b"\r\n" if credentials else b""
    if asked.tunnel:
        place = f"[{asked.host}]" if ":" in asked.host else asked.host
        target = f"{place}:{asked.port}".encode()
        return b"CONNECT " + target + b" HTTP/1.1\r\nHost: " + target + b"\r\n" + extra + b"\r\n"
    return _closing(asked.head)[:-2] + extra + b"\r\n"


def _closing(head: bytes) -> bytes:
    first, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [field for field in fields if not field.lower().startswith(_HOP_BY_HOP)]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n"
