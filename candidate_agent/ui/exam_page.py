"""The page of the exam and everything that it may ask the browser for, answered by the gate and the policy; whatever is
not named here is refused. `exam_view` makes and unmakes it; GUI thread.
"""

from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineNavigationRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineScript,
)

from candidate_agent.ui import seb
from candidate_agent.ui.exam_requests import OnBlocked
from candidate_agent.ui.gate import Gate, origin
from candidate_agent.ui.own_view import switch_off
from exam_protocol.policy import ExamAccess, Policy

MAX_HOPS = 20  # of redirects, one after the other, as browsers have it
SEB_SCRIPT = "seb"
LEAVE = "Are you sure you want to leave this page? Changes that you made may not be saved."
_Kind = QWebEnginePermission.PermissionType

FORBIDDEN = (
    "Copy",
    "Cut",
    "Paste",
    "PasteAndMatchStyle",
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


def granted(kind: QWebEnginePermission.PermissionType, policy: Policy) -> bool:
    """Camera and microphone where the policy says so; all else that a page can ask for is refused."""
    wanted = {
        _Kind.MediaVideoCapture: policy.page_camera,
        _Kind.MediaAudioCapture: policy.page_microphone,
        _Kind.MediaAudioVideoCapture: policy.page_camera and policy.page_microphone,
    }
    return wanted.get(kind, False)


class ExamPage(QWebEnginePage):
    """Made for one exam, and unmade with it."""

    def __init__(
        self, profile: QWebEngineProfile, gate: Gate, access: ExamAccess, policy: Policy, on_blocked: OnBlocked
    ) -> None:
        super().__init__(profile)
        self._gate, self._access, self._policy, self._on_blocked = gate, access, policy, on_blocked
        self.asked = QUrl()  # the page that was asked for last
        self._hops = 0
        self._refuse()

    def _refuse(self) -> None:
        switch_off(self.settings())
        self.navigationRequested.connect(self._navigating)
        self.urlChanged.connect(self._moved)
        self.newWindowRequested.connect(self._new_window)
        self.permissionRequested.connect(self._permission)
        self.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        self.fileSystemAccessRequested.connect(lambda request: request.reject())
        self.fullScreenRequested.connect(lambda request: request.reject())
        self.desktopMediaRequested.connect(lambda request: request.cancel())
        self.webAuthUxRequested.connect(lambda request: request.cancel())
        self.selectClientCertificate.connect(lambda selection: selection.selectNone())
        self.certificateError.connect(lambda error: error.rejectCertificate())
        for name in FORBIDDEN:
            self.action(getattr(QWebEnginePage.WebAction, name)).setEnabled(False)

    # --- where it goes ------------------------------------------------------------------------------------------------

    def _navigating(self, request: QWebEngineNavigationRequest) -> None:
        allowed, afresh = False, False
        try:
            allowed = self._gate.navigation_passes(request.url(), main_frame=request.isMainFrame())
            afresh = allowed and request.isMainFrame() and self._takes_wrong_headers(request)
        finally:
            if allowed and not afresh:
                request.accept()
            else:
                request.reject()
        if not allowed:
            self._on_blocked("navigation", origin(request.url()))
        elif afresh:
            url = request.url()
            QTimer.singleShot(0, self, lambda: self.load(url))

    def _takes_wrong_headers(self, request: QWebEngineNavigationRequest) -> bool:
        """The engine follows a redirect with the headers of the first address: where they differ, the page is asked for
        afresh, so that no other address gets the access code and each gets the proof of its own."""
        if request.navigationType() != QWebEngineNavigationRequest.NavigationType.RedirectNavigation:
            return False
        self._hops += 1
        differ = seb.wanted(self._access) or self._gate.is_exam(self.asked) != self._gate.is_exam(request.url())
        return differ and self._hops <= MAX_HOPS

    def _moved(self, url: QUrl) -> None:
        """Pages that are none (about:blank) are shown by the engine without a question: the exam is loaded again."""
        if self.asked.isEmpty() or self._gate.passes(url):
            return
        self._on_blocked("navigation", origin(url))
        QTimer.singleShot(0, self, lambda: self.load(self.asked))

    def page_asked(self, url: QUrl) -> None:
        """A request for a page goes out: what the page at this address may know of Safe Exam Browser is laid ready."""
        self.asked = url
        if not seb.wanted(self._access):
            return
        scripts = self.scripts()
        for old in scripts.find(SEB_SCRIPT):
            scripts.remove(old)
        scripts.insert(made_script(SEB_SCRIPT, seb.script(url, self._access), QWebEngineScript.ScriptWorldId.MainWorld))

    def loaded(self) -> None:
        self._hops = 0

    def _new_window(self, request: QWebEngineNewWindowRequest) -> None:
        self._on_blocked("window", origin(request.requestedUrl()))  # never opened: no view takes it

    # --- what it asks for ---------------------------------------------------------------------------------------------

    def _permission(self, permission: QWebEnginePermission) -> None:
        allowed = False
        try:
            kind = permission.permissionType()
            allowed = self._gate.passes(permission.origin()) and granted(kind, self._policy)
        finally:
            if allowed:
                permission.grant()
            else:
                permission.deny()

    def chooseFiles(self, *_arguments: object) -> list[str]:
        return []

    def javaScriptAlert(self, _origin: QUrl | str, _message: str) -> None:
        """A frame in which `page_scripts.ASK` is not yet: the engine would stand still for its answer."""

    def javaScriptConfirm(self, _origin: QUrl | str, message: str) -> bool:
        """Only the engine's own question is agreed to: whether a page may be left that does not want to be."""
        return message == QCoreApplication.translate("QWebEnginePage", LEAVE)

    def javaScriptPrompt(self, _origin: QUrl | str, _message: str, _preset: str) -> tuple[bool, str]:
        return False, ""

    def javaScriptConsoleMessage(self, *_arguments: object) -> None:
        """What a page writes to the console stays out of our log: it may be what a candidate wrote."""


def made_script(
    name: str, source: str, world: QWebEngineScript.ScriptWorldId, *, frames: bool = False
) -> QWebEngineScript:
    script = QWebEngineScript()
    script.setName(name)
    script.setSourceCode(source)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(world.value)
    script.setRunsOnSubFrames(frames)
    return script
