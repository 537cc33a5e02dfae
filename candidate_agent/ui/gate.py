"""Which addresses an exam page may reach, and which of them get the access code. Pure decisions over QUrl, so that the
address is read by the same parser that the browser uses. `exam_view` asks for every request; everything not named
is refused.
"""

from dataclasses import dataclass

from PySide6.QtCore import QUrl

from exam_protocol.policy import ExamAccess

_WEB = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_PLAIN = {"ws": "http", "wss": "https"}


def origin(url: QUrl) -> str:
    """`scheme://host:port` of a web address, ws counted as http; "" for everything else."""
    scheme = url.scheme().lower()
    if scheme not in _WEB or not url.isValid() or not url.host() or url.userInfo():
        return ""
    return f"{_PLAIN.get(scheme, scheme)}://{url.host().lower()}:{url.port(_WEB[scheme])}"


@dataclass(frozen=True, slots=True)
class Gate:
    exam: str
    allowed: frozenset[str]

    def passes(self, url: QUrl) -> bool:
        found = origin(url)
        return bool(found) and found in self.allowed

    def gets_code(self, url: QUrl) -> bool:
        return bool(self.exam) and origin(url) == self.exam

    def resource_passes(self, url: QUrl) -> bool:
        """Inside a page also `data:` and `blob:`, which reach nobody."""
        return url.scheme() in ("data", "blob") or self.passes(url)

    def navigation_passes(self, url: QUrl, *, main_frame: bool) -> bool:
        empty_frame = not main_frame and url.toString() in ("about:blank", "about:srcdoc")
        return empty_frame or self.passes(url)


def gate_for(access: ExamAccess) -> Gate:
    exam = origin(QUrl(access.address))
    others = {origin(QUrl(entry)) for entry in access.allowed_origins}
    return Gate(exam, frozenset((others | {exam}) - {""}))
