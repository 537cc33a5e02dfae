"""Where and how a connection goes: addresses, TLS, the WebSocket's settings. Used by `sender` and `enrol`.

Plain HTTP is for a trial on one machine only: to any other host the line is TLS with the system's certificates.
"""

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from candidate_agent.base.errors import ServerError
from exam_protocol.codec import MAX_TEXT_BYTES
from exam_protocol.messages import SUBPROTOCOL_AGENT

AGENT_PATH = "/agent"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WRITE_BUFFER_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Address:
    """A server address that may be talked to."""

    secure: bool
    host: str
    port: int
    path: str  # without a slash at the end

    @property
    def websocket(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'wss' if self.secure else 'ws'}://{host}:{self.port}{self.path}{AGENT_PATH}"


def parse_address(server_url: str) -> Address:
    """Raises ServerError `insecure_address` for plain HTTP to another machine, and for what is no HTTP address."""
    try:
        parts = urlsplit(server_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _insecure(server_url) from None
    secure = parts.scheme == "https"
    if not host or parts.username or not (secure or (parts.scheme == "http" and host in LOOPBACK)):
        raise _insecure(server_url)
    return Address(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"))


def _insecure(server_url: str) -> ServerError:
    return ServerError("insecure_address", f"The server's address is not a secure one: {server_url}")


def tls(address: Address) -> ssl.SSLContext | None:
    return ssl.create_default_context() if address.secure else None


async def open_socket(address: Address, timeout_s: float) -> ClientConnection:
    """Raises OSError, TimeoutError or websockets' exceptions. No pings: liveness is judged by acknowledgements."""
    return await connect(
        address.websocket, ssl=tls(address), subprotocols=[Subprotocol(SUBPROTOCOL_AGENT)], compression=None,
        open_timeout=timeout_s, ping_interval=None, close_timeout=1, max_size=MAX_TEXT_BYTES, max_queue=16,
        write_limit=WRITE_BUFFER_BYTES, proxy=None, user_agent_header=None,
    )  # fmt: skip
