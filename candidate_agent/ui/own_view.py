"""Our own pages: served from the package through a private URL scheme, spoken to through one channel object, and shut
off from everything else. No local server, no file access, no remote request. GUI thread only; `windows` builds it.
"""

from collections.abc import Callable
from importlib import resources
from importlib.resources.abc import Traversable

from PySide6.QtCore import QBuffer, QByteArray, QFile, QObject, QUrl, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNavigationRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from candidate_agent.ui import languages
from candidate_agent.ui.announcement import announce

SCHEME = "exam-client"
ADDRESS = f"{SCHEME}://app/index.html"
_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def register_scheme() -> None:
    """Before the QApplication exists. A second call changes nothing."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name().isEmpty():
        return
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flag = QWebEngineUrlScheme.Flag
    scheme.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)


def load_assets() -> dict[str, tuple[bytes, bytes]]:
    """Path under `assets` -> (media type, bytes). Read once: what is served cannot change under a running program."""
    found: dict[str, tuple[bytes, bytes]] = {}
    _collect(resources.files("candidate_agent.ui") / "assets", "", found)
    found["qwebchannel.js"] = (b"text/javascript", _channel_script())
    return found


def _collect(folder: Traversable, prefix: str, found: dict[str, tuple[bytes, bytes]]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", found)
        elif kind := _TYPES.get(entry.name.rpartition(".")[2]):
            found[prefix + entry.name] = (kind.encode(), entry.read_bytes())


def _channel_script() -> bytes:
    file = QFile(":/qtwebchannel/qwebchannel.js")
    if not file.open(QFile.OpenModeFlag.ReadOnly):
        raise FileNotFoundError("qwebchannel.js")
    return bytes(file.readAll().data())


class AssetHandler(QWebEngineUrlSchemeHandler):
    def __init__(self, assets: dict[str, tuple[bytes, bytes]], parent: QObject) -> None:
        super().__init__(parent)
        self._assets = assets

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        found = self._assets.get(job.requestUrl().path().lstrip("/"))
        if found is None or job.requestMethod() != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        buffer = QBuffer(job)
        buffer.setData(QByteArray(found[1]))
        buffer.open(QBuffer.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(found[0]), buffer)


class OwnOnly(QWebEngineUrlRequestInterceptor):
    """Blocks every request of our own page that is not for our own assets; a surprise blocks too."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        try:
            allowed = _own(info.requestUrl(), info.resourceType())
        except Exception:
            allowed = False
        if not allowed:
            info.block(True)


def _own(url: QUrl, kind: QWebEngineUrlRequestInfo.ResourceType) -> bool:
    if url.scheme() == "data":
        return kind == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeImage
    return url.scheme() == SCHEME and url.host() == "app"


class Door(QObject):
    """What JavaScript sees of us. `act` becomes a session event; `height` is what the strip wants, in pixels;
    `text_size` is how large the candidate has the letters, in percent, for what we draw ourselves; `announce` says
    words to a screen reader."""

    def __init__(
        self,
        on_act: Callable[[str, str], None],
        on_height: Callable[[int], None],
        on_text_size: Callable[[int], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._on_act = on_act
        self._on_height = on_height
        self._on_text_size = on_text_size
        self._window = parent

    @Slot(str, str)
    def act(self, name: str, data: str) -> None:
        self._on_act(name, data)

    @Slot(int)
    def height(self, pixels: int) -> None:
        self._on_height(pixels)

    @Slot(str, bool)
    def announce(self, words: str, urgent: bool) -> None:
        announce(self._window, words, urgent)

    @Slot(int)
    def text_size(self, percent: int) -> None:
        self._on_text_size(percent)


class OwnPage(QObject):
    """Takes over the page of pywebview's view: scheme, interceptor, channel; what is not needed is switched off."""

    def __init__(self, page: QWebEnginePage, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._interceptor = OwnOnly(self)
        self._handler = AssetHandler(load_assets(), self)
        self._channel = QWebChannel(self)
        self._channel.registerObject("agent", door)

    def install(self) -> None:
        profile = self._page.profile()
        profile.setUrlRequestInterceptor(self._interceptor)
        profile.installUrlSchemeHandler(SCHEME.encode(), self._handler)
        profile.downloadRequested.connect(refuse_download)
        self._page.setWebChannel(self._channel)
        self._page.navigationRequested.connect(self._navigating)
        self._page.permissionRequested.connect(refuse_permission)
        switch_off(self._page.settings())

    def load(self, language: str = "") -> None:
        """`language`: of the words that stand there until the first view comes; a page that died needs none."""
        words = f"?language={language}&direction={languages.direction(language)}" if language else ""
        self._page.setUrl(QUrl(ADDRESS + words))

    def _navigating(self, request: QWebEngineNavigationRequest) -> None:
        url = request.url()
        if url.scheme() == SCHEME and url.host() == "app":
            request.accept()
        else:
            request.reject()


def refuse_download(download: QWebEngineDownloadRequest) -> None:
    download.cancel()


def refuse_permission(permission: QWebEnginePermission) -> None:
    permission.deny()


def switch_off(settings: QWebEngineSettings) -> None:
    """What neither our page nor an exam page needs."""
    attribute = QWebEngineSettings.WebAttribute
    for name in (
        attribute.JavascriptCanOpenWindows,
        attribute.JavascriptCanAccessClipboard,
        attribute.JavascriptCanPaste,
        attribute.LocalContentCanAccessRemoteUrls,
        attribute.LocalContentCanAccessFileUrls,
        attribute.PluginsEnabled,
        attribute.FullScreenSupportEnabled,
        attribute.ScreenCaptureEnabled,
        attribute.HyperlinkAuditingEnabled,
        attribute.AllowGeolocationOnInsecureOrigins,
        attribute.AllowRunningInsecureContent,
        attribute.DnsPrefetchEnabled,
        attribute.PdfViewerEnabled,
        attribute.NavigateOnDropEnabled,
        attribute.AllowWindowActivationFromJavaScript,
        attribute.FocusOnNavigationEnabled,
        attribute.BackForwardCacheEnabled,
    ):
        settings.setAttribute(name, False)
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)


def private_profile() -> QWebEngineProfile:
    """Off the record: nothing of it ever touches the disk."""
    profile = QWebEngineProfile()
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.setSpellCheckEnabled(False)
    profile.downloadRequested.connect(refuse_download)
    return profile
