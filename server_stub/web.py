"""What every HTTP answer shares: security headers, JSON errors with stable codes, bounded bodies, the Origin check."""

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exam_protocol import codec
from exam_protocol.errors import ProtocolError

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "media-src blob:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
STATUS_OF = {
    "code_unknown": 404, "exam_unknown": 404, "session_unknown": 404, "code_used": 409, "package_foreign": 409,
    "roster_old": 409, "roster_gap": 409, "package_in_use": 409, "code_expired": 410, "package_expired": 410,
    "version_too_old": 426, "version_too_new": 426, "outside_window": 403, "roster_missing": 403, "foreign_key": 403,
    "bad_signature": 403, "wrong_exam": 403, "server_foreign": 403, "origin_foreign": 403, "not_on_duty": 403,
    "login_needed": 401, "login_wrong": 401, "rate_limited": 429, "too_large": 413, "server_storage": 507,
}  # fmt: skip


class SecurityHeaders:
    """Wraps the application: no answer leaves without them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_with if scope["type"] == "http" else send)


def failed(error: ProtocolError) -> Response:
    return answer({"code": error.code, "text": error.text}, STATUS_OF.get(error.code, 400))


def answer(value: Any, status: int = 200) -> Response:
    return Response(codec.encode(value), status, media_type="application/json")


async def body(request: Request, kind: Any) -> Any:
    """The decoded body. Raises ProtocolError `too_large` before it is read to the end, or `damaged`."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > codec.MAX_TEXT_BYTES:
            raise ProtocolError("too_large", "This request is too large.")
    return codec.decode(data, kind)


def address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def is_own_origin(headers: Headers, origins: tuple[str, ...]) -> bool:
    """Whether a browser's page from here asks. `origins` empty: the host that was asked is the origin."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    return origin in (origins or (f"https://{host}", f"http://{host}"))
