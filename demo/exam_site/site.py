"""The institution's exam page, in a thread of the demo: for those who bring the access code; keeps the answer.

The code is accepted in any request header of the first page; a cookie carries it on to the page's own requests.
"""

import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).parent
FILES = {"/": ("index.html", "text/html; charset=utf-8"), "/page.js": ("page.js", "text/javascript; charset=utf-8")}
MAX_ANSWER_BYTES = 1 << 16


class ExamSite:
    """`start` gives the origin; `answer` is what was written so far; `turned_away` counts visits without code."""

    def __init__(self, access_code: str) -> None:
        self.access_code = access_code
        self.origin = ""
        self.answer = ""
        self.saves = 0
        self.visits = 0
        self.turned_away = 0
        self.cookie = secrets.token_urlsafe(16)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self), bind_and_activate=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="exam-site", daemon=True)

    def start(self) -> str:
        self._server.server_bind()
        self._server.server_activate()
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self.origin

    def stop(self) -> None:
        """Harmless where it was never started."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()


def _handler(site: ExamSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self._admitted():
                site.turned_away += 1
                self._reply(403, "text/plain; charset=utf-8", b"This exam opens with an access code.")
            elif self.path in FILES:
                name, kind = FILES[self.path]
                site.visits += self.path == "/"
                self._reply(200, kind, (FOLDER / name).read_bytes())
            else:
                self._reply(404, "text/plain; charset=utf-8", b"There is no such page.")

        def do_PUT(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            if not self._admitted() or self.path != "/answer" or length > MAX_ANSWER_BYTES:
                self._reply(403, "text/plain; charset=utf-8", b"")
                return
            site.answer = self.rfile.read(length).decode("utf-8", "replace")
            site.saves += 1
            self._reply(204, "text/plain; charset=utf-8", b"")

        def _admitted(self) -> bool:
            return site.access_code in self.headers.values() or site.cookie in self.headers.get("Cookie", "")

        def _reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'")
            if status == 200:
                self.send_header("Set-Cookie", f"exam={site.cookie}; Path=/; HttpOnly; SameSite=Strict")
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler
