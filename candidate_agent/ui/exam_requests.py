"""Every request of the exam page passes here before it leaves the browser: blocked, or sent with the headers that the
exam asks for. GUI thread; `exam_view` installs it. A surprise blocks too.
"""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtWebEngineCore import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor

from candidate_agent.ui import seb
from candidate_agent.ui.gate import Gate, origin
from candidate_agent.ui.page_dialogs import SCHEME
from exam_protocol.policy import ExamAccess, Policy

CODE_HEADER = "X-Exam-Access-Code"
OnBlocked = Callable[[str, str], None]
_Kind = QWebEngineUrlRequestInfo.ResourceType

# A picture or frame that the exam redirects to another address takes the headers of its first request along, and
# nothing here can stop that: so the code goes only with what is asked for afresh (pages, by `exam_page`; fetch, by the
# engine).
CARRIES_CODE = (_Kind.ResourceTypeMainFrame, _Kind.ResourceTypeXhr, _Kind.ResourceTypeWebSocket)


class ExamInterceptor(QWebEngineUrlRequestInterceptor):
    """`on_page(url)` is called before each request for a page of the main frame."""

    def __init__(
        self, gate: Gate, access: ExamAccess, policy: Policy, on_blocked: OnBlocked, on_page: Callable[[QUrl], None]
    ) -> None:
        super().__init__()
        self._gate, self._access, self._policy = gate, access, policy
        self._on_blocked, self._on_page = on_blocked, on_page

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        try:
            if self._gate.resource_passes(info.requestUrl()) or _asks(info):
                self._dress(info)
                return
        except Exception:
            info.block(True)
            raise
        info.block(True)
        self._on_blocked("request", origin(info.requestUrl()))

    def _dress(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if not self._gate.passes(url):  # data:, blob: and questions go to nobody
            return
        if info.resourceType() == _Kind.ResourceTypeMainFrame:
            self._on_page(url)
        for name, value in (*self._policy.headers, *seb.headers(url, self._access)):
            info.setHttpHeader(QByteArray(name.encode()), QByteArray(value.encode()))
        self._add_code(info)

    def _add_code(self, info: QWebEngineUrlRequestInfo) -> None:
        # A header set earlier survives some redirects: other origins get it emptied.
        name = QByteArray(CODE_HEADER.encode())
        ours = self._gate.is_exam(info.requestUrl()) and info.resourceType() in CARRIES_CODE
        if ours or name in info.httpHeaders():
            info.setHttpHeader(name, QByteArray(self._access.access_code.encode() if ours else b""))


def _asks(info: QWebEngineUrlRequestInfo) -> bool:
    return info.requestUrl().scheme() == SCHEME and info.resourceType() == _Kind.ResourceTypeXhr
