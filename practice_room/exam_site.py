"""The exam page of a practice: one question that counts for nothing, on this computer only. Started by `room`.

It opens with the access code that the proctor seals to the candidate, as a real exam page does. It has no script, and
what is written into it is sent nowhere.
"""

import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from practice_room.order import Order

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --ink: #16262b; --quiet: #4c6168; --edge: #6c8288; --ground: #f1f5f6; --paper: #fff;
  --accent: #0b6e75 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eff0; --quiet: #a5b8bc; --edge: #71878d; --ground: #0d1719;
  --paper: #152124; --accent: #63c7cd } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.125rem/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.5rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
p { margin: 0 0 .75rem }
.quiet { color: var(--quiet) }
label { display: block; font-weight: bold; margin-block-end: .5rem }
textarea { width: 100%; min-height: 9rem; padding: .75rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--edge); border-radius: .375rem; resize: vertical }
textarea:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
"""


def page(order: Order) -> bytes:
    words = order.page
    return f"""<!doctype html>
<html lang="{escape(order.language)}" dir="{escape(order.direction)}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{escape(words.title)}</title><style>{_STYLE}</style>
<main><h1>{escape(words.title)}</h1><p class="quiet">{escape(words.lead)}</p>
<p id="question">{escape(words.question)}</p>
<label for="answer">{escape(words.label)}</label>
<textarea id="answer" aria-describedby="question" spellcheck="false" autocomplete="off"></textarea>
<p class="quiet">{escape(words.finish)}</p></main></html>
""".encode()


class ExamSite:
    """`start` gives the origin. Nobody but who brings the code sees the page."""

    def __init__(self, content: bytes, access_code: str) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(content, access_code), bind_and_activate=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="exam-site", daemon=True)

    def start(self) -> str:
        self._server.server_bind()
        self._server.server_activate()
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Harmless where it was never started."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def _handler(content: bytes, access_code: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if access_code not in self.headers.values():
                self._reply(403, b"")
            elif self.path == "/":
                self._reply(200, content)
            else:
                self._reply(404, b"")

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"), ("Content-Security-Policy", _POLICY),
            ):  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler
