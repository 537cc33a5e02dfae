"""The exam page: a second browser view with a private profile, in a dock of the same native window, without any bridge.
Fails closed: what is not on the list of origins is blocked, and a surprise inside a guard blocks too. GUI thread only.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineNavigationRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from candidate_agent.ui.gate import Gate, gate_for, origin
from candidate_agent.ui.own_view import private_profile, refuse_permission, switch_off
from exam_protocol.policy import ExamAccess

CODE_HEADER = b"X-Exam-Access-Code"
OnBlocked = Callable[[str, str], None]

# In a world of its own, which the page cannot reach: no copying, pasting, dragging or menus.
_GUARD = """
for (const name of ["copy", "cut", "paste", "dragstart", "dragover", "drop", "contextmenu", "auxclick"])
  addEventListener(name, (event) => {
    if (name === "auxclick" && event.button !== 1) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, {capture: true});
"""

# In the page's own world: ways to the network that pass no interceptor, and printing.
_REMOVE = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "print", "open"])
  try { Object.defineProperty(globalThis, name, {value: undefined, writable: false, configurable: false}); } catch {}
"""

_FORBIDDEN = tuple(
    getattr(QWebEnginePage.WebAction, name)
    for name in (
        "Copy",
        "Cut",
        "Paste",
        "PasteAndMatchStyle",
        "SelectAll",
        "CopyImageToClipboard",
        "CopyImageUrlToClipboard",
        "CopyLinkToClipboard",
        "CopyMediaUrlToClipboard",
        "DownloadImageToDisk",
        "DownloadLinkToDisk",
        "DownloadMediaToDisk",
        "InspectElement",
        "OpenLinkInNewBackgroundTab",
        "OpenLinkInNewTab",
        "OpenLinkInNewWindow",
        "SavePage",
        "ViewSource",
    )
)


class ExamInterceptor(QWebEngineUrlRequestInterceptor):
    """Blocks foreign requests; gives the access code to the exam's own origin, and to nobody else."""

    def __init__(self, gate: Gate, access_code: str, on_blocked: OnBlocked) -> None:
        super().__init__()
        self._gate = gate
        self._code = QByteArray(access_code.encode())
        self._on_blocked = on_blocked

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        try:
            if self._gate.resource_passes(info.requestUrl()):
                self._add_code(info)
                return
        except Exception:
            info.block(True)
            raise
        info.block(True)
        self._on_blocked("request", origin(info.requestUrl()))

    def _add_code(self, info: QWebEngineUrlRequestInfo) -> None:
        # A header set earlier survives a redirect: other origins get it emptied.
        ours = self._gate.gets_code(info.requestUrl())
        if ours or QByteArray(CODE_HEADER) in info.httpHeaders():
            info.setHttpHeader(QByteArray(CODE_HEADER), self._code if ours else QByteArray())


class ExamPage(QWebEnginePage):
    def chooseFiles(self, *_arguments: object) -> list[str]:
        return []


class ExamView:
    """`open` starts afresh, `cover` hides and keeps, `uncover` shows again, `close` forgets everything."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._view: QWebEngineView | None = None
        self._page: ExamPage | None = None  # held here: a page that is let go would be replaced by an unguarded one
        self._profile: QWebEngineProfile | None = None
        self._interceptor: ExamInterceptor | None = None
        self._dock: QDockWidget | None = None
        self._access: ExamAccess | None = None
        self._gate: Gate | None = None
        self._on_blocked: OnBlocked = lambda kind, where: None

    @property
    def view(self) -> QWebEngineView | None:
        return self._view

    @property
    def visible(self) -> bool:
        dock = self._dock
        return dock is not None and shiboken6.isValid(dock) and dock.isVisibleTo(self._window)

    def open(self, access: ExamAccess, on_blocked: OnBlocked) -> None:
        """Shows the exam; the page that is already there is kept when it is the same exam."""
        if access != self._access:
            self.close()
            self._build(access, on_blocked)
        if self._dock and self._view and self._view.page() is self._page:
            self._dock.show()
            self._view.setFocus()

    def cover(self) -> None:
        if self._dock:
            self._dock.hide()

    def close(self) -> None:
        """The page goes first, then its profile with cookies, storage and cache, which were in memory only."""
        if self._dock is None or self._page is None or self._profile is None:
            return
        self._dock.hide()
        self._window.removeDockWidget(self._dock)
        for thing in (self._dock, self._page, self._profile):  # in this order, now, not when a collector comes by
            shiboken6.delete(thing)
        self._dock = self._view = self._page = self._profile = self._interceptor = self._access = self._gate = None

    def _build(self, access: ExamAccess, on_blocked: OnBlocked) -> None:
        self._access, self._on_blocked, self._gate = access, on_blocked, gate_for(access)
        self._profile = private_profile()
        self._interceptor = ExamInterceptor(self._gate, access.access_code, on_blocked)
        self._profile.setUrlRequestInterceptor(self._interceptor)
        _inject(self._profile, "guard", _GUARD, QWebEngineScript.ScriptWorldId.ApplicationWorld)
        _inject(self._profile, "remove", _REMOVE, QWebEngineScript.ScriptWorldId.MainWorld)
        self._page = self._guarded_page(self._profile)
        self._view = _plain_view(self._page)
        self._dock = _bare_dock(self._window, self._view)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._dock)
        self._page.load(QUrl(access.address))

    def _guarded_page(self, profile: QWebEngineProfile) -> ExamPage:
        page = ExamPage(profile)
        switch_off(page.settings())
        page.navigationRequested.connect(self._navigating)
        page.newWindowRequested.connect(self._new_window)
        page.permissionRequested.connect(refuse_permission)
        page.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        page.fileSystemAccessRequested.connect(lambda request: request.reject())
        page.certificateError.connect(lambda error: error.rejectCertificate())
        for action in _FORBIDDEN:
            page.action(action).setEnabled(False)
        return page

    def _navigating(self, request: QWebEngineNavigationRequest) -> None:
        allowed = False
        try:
            gate = self._gate
            allowed = gate is not None and gate.navigation_passes(request.url(), main_frame=request.isMainFrame())
        finally:
            if allowed:
                request.accept()
            else:
                request.reject()
        if not allowed:
            self._on_blocked("navigation", origin(request.url()))

    def _new_window(self, request: QWebEngineNewWindowRequest) -> None:
        self._on_blocked("window", origin(request.requestedUrl()))  # never opened: no view takes it


def _inject(profile: QWebEngineProfile, name: str, source: str, world: QWebEngineScript.ScriptWorldId) -> None:
    script = QWebEngineScript()
    script.setName(name)
    script.setSourceCode(source)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(world.value)
    script.setRunsOnSubFrames(True)
    profile.scripts().insert(script)


def _plain_view(page: QWebEnginePage) -> QWebEngineView:
    view = QWebEngineView()
    view.setPage(page)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    view.setAcceptDrops(False)
    return view


def _bare_dock(window: QMainWindow, view: QWebEngineView) -> QDockWidget:
    dock = QDockWidget(window)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    dock.setWidget(view)
    return dock
