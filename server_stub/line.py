"""One WebSocket out: a bounded queue and the task that sends it. The writer of a line never waits for its reader."""

import asyncio
from collections import deque

from starlette.websockets import WebSocket, WebSocketDisconnect

MAX_QUEUED = 1024
LINGER_S = 5.0


class Line:
    """For agents: acks and small messages. More than 1,024 unread means that nobody reads, and the line is cut."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._queue: deque[str | bytes] = deque()
        self._wake = asyncio.Event()
        self.is_over = False

    def send(self, frames: list[str | bytes]) -> None:
        self._queue.extend(frames)
        if len(self._queue) > MAX_QUEUED:
            self._queue.clear()
            self.is_over = True
        self._wake.set()

    def end(self) -> None:
        """After what is queued."""
        self.is_over = True
        self._wake.set()

    async def run(self) -> None:
        """Until `end`; then closes the socket."""
        try:
            while self._queue or not self.is_over:
                while self._queue:
                    await send(self._socket, self._queue.popleft())
                if not self.is_over:
                    self._wake.clear()
                    await self._wake.wait()
            await self._socket.close(1000)
        except (WebSocketDisconnect, RuntimeError):
            return  # gone; the receiving side hears of it


async def send(socket: WebSocket, frame: str | bytes) -> None:
    if isinstance(frame, bytes):
        await socket.send_bytes(frame)
    else:
        await socket.send_text(frame)


async def receive(socket: WebSocket) -> str | bytes | None:
    """One message; None when the other side is gone."""
    message = await socket.receive()
    if message["type"] != "websocket.receive":
        return None
    text: str | None = message.get("text")
    data: bytes | None = message.get("bytes")
    return text if text is not None else data
