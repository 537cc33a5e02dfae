"""The peer's relay and page: what comes on /from goes to whoever is on /to, small layers alone, as it is.

`python -m bench.canvas.bare PORT`, a child of bench/canvas/measure.py. The same web server, the console's own decoder
and painter; no sealing, no chain, no disk.
"""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

import server_stub
from bench.canvas.candidate import BARE, SMALL

HERE = Path(__file__).parent
CONSOLE_DIR = Path(str(server_stub.__file__)).with_name("console")


class Relay:
    def __init__(self) -> None:
        self._page: WebSocket | None = None

    async def come(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                data = await socket.receive_bytes()
                if self._page is not None and BARE.unpack_from(data)[1] in SMALL:
                    await self._page.send_bytes(data)
        except WebSocketDisconnect:
            return

    async def go(self, socket: WebSocket) -> None:
        await socket.accept()
        self._page = socket
        try:
            await socket.receive()
        finally:
            self._page = None


async def page(_: Request) -> Response:
    return FileResponse(HERE / "bare.html")


def main() -> None:
    relay = Relay()
    routes = [
        Route("/", page),
        Mount("/console", StaticFiles(directory=CONSOLE_DIR)),
        Mount("/page", StaticFiles(directory=HERE)),
        WebSocketRoute("/from", relay.come),
        WebSocketRoute("/to", relay.go),
    ]
    uvicorn.run(
        Starlette(routes=routes), port=int(sys.argv[1]), ws="websockets-sansio", http="h11", log_config=None,
        ws_per_message_deflate=False, ws_ping_interval=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
