"""Small web servers that note who asked for what: an exam, a second allowed address, and one that nobody may reach."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Site:
    """`pages`: path -> (status, headers, body). `asked`: (path, access code header or None), in order."""

    pages: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    heard: dict[str, dict[str, str]] = field(default_factory=dict)  # path -> all headers of its last request
    url: str = ""

    def page(self, path: str, body: str = "", status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def paths(self) -> list[str]:
        return [path for path, _code in self.asked]

    def codes(self, path: str) -> list[str | None]:
        return [code for asked, code in self.asked if asked == path]


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("X-Exam-Access-Code")))
            site.heard[self.path] = dict(self.headers.items())
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = site.pages.get(self.path, (200, {}, "ok"))
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", "Access-Control-Allow-Origin": "*", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
