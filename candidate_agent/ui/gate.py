"""Which addresses an exam page may reach, and which of them get the access code. Pure decisions over QUrl, so that the
address is read by the same parser that the browser uses. `exam_requests` asks for every request, `outlet` for every
connection; everything not named is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QUrl

from exam_protocol.policy import ExamAccess

_WEB = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_PLAIN = {"ws": "http", "wss": "https"}
_ANY = "*."


class Origin(NamedTuple):
    """ws counts as http, wss as https. In a list, the host may be `*.name`: all names below it, not itself."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def origin_of(url: QUrl) -> Origin | None:
    scheme = url.scheme().lower()
    if scheme not in _WEB or not url.isValid() or not url.host() or url.userInfo():
        return None
    return Origin(_PLAIN.get(scheme, scheme), url.host().lower(), url.port(_WEB[scheme]))


def origin(url: QUrl) -> str:
    """`scheme://host:port` of a web address; "" for everything else."""
    found = origin_of(url)
    return str(found) if found else ""


@dataclass(frozen=True, slots=True)
class Gate:
    exam: Origin | None
    allowed: frozenset[Origin]

    def passes(self, url: QUrl) -> bool:
        found = origin_of(url)
        return found is not None and self._lists(found)

    def host_passes(self, host: str, port: int, tunnel: bool) -> bool:
        """A tunnel may carry either scheme, and is not read; what is read is plain http."""
        schemes = ("http", "https") if tunnel else ("http",)
        return any(self._lists(Origin(scheme, host.lower(), port)) for scheme in schemes)

    def _lists(self, found: Origin) -> bool:
        return any(found._replace(host=name) in self.allowed for name in _names(found.host))

    def is_exam(self, url: QUrl) -> bool:
        return self.exam is not None and origin_of(url) == self.exam

    def resource_passes(self, url: QUrl) -> bool:
        """Inside a page also `data:` and `blob:`, which reach nobody."""
        return url.scheme() in ("data", "blob") or self.passes(url)

    def navigation_passes(self, url: QUrl, *, main_frame: bool) -> bool:
        empty_frame = not main_frame and url.toString() in ("about:blank", "about:srcdoc")
        return empty_frame or self.passes(url)


def _names(host: str) -> Iterator[str]:
    """The names under which a host can be listed: its own, and `*.` before each of its parents."""
    yield host
    parent = host
    while "." in parent:
        parent = parent.partition(".")[2]
        yield _ANY + parent


def _entry(text: str) -> Origin | None:
    """An entry of the list. A star for a whole top-level domain would be no list at all."""
    plain = text.replace(f"://{_ANY}", "://", 1)
    found = origin_of(QUrl(plain))
    if found is None or plain == text:
        return found
    return found._replace(host=_ANY + found.host) if "." in found.host else None


def gate_for(access: ExamAccess) -> Gate:
    exam = origin_of(QUrl(access.address))
    listed = {exam, *map(_entry, access.allowed_origins)}
    return Gate(exam, frozenset(entry for entry in listed if entry is not None))
