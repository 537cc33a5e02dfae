"""Small HTTP looks at our own ports: no proxy, short patience."""

import urllib.request

from demo.failure import StepFailed

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url: str, headers: dict[str, str] | None = None, timeout_s: float = 5) -> bytes:
    """The body of a 200 answer. Raises StepFailed otherwise."""
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 - our own ports
    try:
        with _opener.open(request, timeout=timeout_s) as reply:
            body: bytes = reply.read()
            return body
    except OSError as error:
        raise StepFailed(f"{url}: {error}") from error
