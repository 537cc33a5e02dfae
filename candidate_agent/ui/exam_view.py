"""The exam page: a second browser view with a private profile, in a dock of the same native window, without any bridge.
Fails closed: what is not on the list of addresses is blocked, here and at the `outlet`, and a surprise inside a guard
blocks too. GUI thread only.
"""

from collections.abc import Callable
from typing import Protocol

import shiboken6
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineProfile, QWebEngineScript
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from candidate_agent.ui import page_scripts
from candidate_agent.ui.exam_page import ExamPage, made_script
from candidate_agent.ui.exam_requests import ExamInterceptor, OnBlocked
from candidate_agent.ui.gate import gate_for
from candidate_agent.ui.input_guard import GuardedView
from candidate_agent.ui.inside_clipboard import InsideClipboard
from candidate_agent.ui.own_view import private_profile
from candidate_agent.ui.page_dialogs import SCHEME, PageDialogs
from candidate_agent.ui.password_fields import OnPlaces, PasswordFields
from candidate_agent.ui.texts import Texts
from exam_protocol.policy import ExamAccess, Policy

Post = Callable[[Callable[[], None]], None]
MAX_DEATHS = 20
_World = QWebEngineScript.ScriptWorldId


class Door(Protocol):
    """What the view needs of the way to the network; `outlet.Outlet` fits."""

    @property
    def admitted(self) -> int: ...

    def admit(self, allows: Callable[[str, int, bool], bool], on_refused: Callable[[str, int], None]) -> None: ...

    def shut(self) -> None: ...


class ExamView:
    """`open` starts afresh, `cover` hides and keeps, `uncover` shows again, `close` forgets everything."""

    def __init__(
        self, window: QMainWindow, outlet: Door, policy: Policy, post: Post, texts: Texts,
        on_places: OnPlaces = lambda _places, _known: None,
    ) -> None:  # fmt: skip
        """`on_places` hears where password fields are, if the policy has them recorded as black."""
        self._on_places = on_places
        self._window, self._outlet, self._policy, self._post = window, outlet, policy, post
        self._texts = texts
        self._view: GuardedView | None = None
        self._page: ExamPage | None = None  # held here: a page that is let go would be replaced by an unguarded one
        self._profile: QWebEngineProfile | None = None
        self._interceptor: ExamInterceptor | None = None
        self._inside: InsideClipboard | None = None
        self._dialogs: PageDialogs | None = None
        self._fields: PasswordFields | None = None
        self._dock: QDockWidget | None = None
        self._access: ExamAccess | None = None
        self._deaths = 0  # of the page's process, in this exam
        self._make_page: Callable[[], ExamPage]
        self._on_blocked: OnBlocked = lambda kind, where: None
        QGuiApplication.clipboard().changed.connect(self._let_go)

    @property
    def view(self) -> GuardedView | None:
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
            self.take_focus()

    def take_focus(self) -> None:
        """A question of the page has the keyboard first."""
        if self._view and not (self._dialogs and self._dialogs.take_focus()):
            self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def cover(self) -> None:
        if self._dock:
            self._dock.hide()

    def close(self) -> None:
        """The network first, then the page, then its profile with cookies, storage and cache, in memory only."""
        self._outlet.shut()
        if self._dock is None or self._page is None or self._profile is None:
            return
        if self._inside:
            self._inside.forget()
        if self._fields:
            self._fields.end()
        self._dock.hide()
        self._window.removeDockWidget(self._dock)
        for thing in (self._dock, self._page, self._profile):  # in this order, now, not when a collector comes by
            shiboken6.delete(thing)
        self._dock = self._view = self._page = self._profile = self._interceptor = None
        self._access = self._inside = self._dialogs = self._fields = None

    def _build(self, access: ExamAccess, on_blocked: OnBlocked) -> None:
        self._access, self._on_blocked, self._deaths = access, on_blocked, 0
        gate = gate_for(access)
        self._profile = profile = self._private()
        self._interceptor = ExamInterceptor(gate, access, self._policy, on_blocked, self._page_asked)
        profile.setUrlRequestInterceptor(self._interceptor)
        self._view = view = GuardedView(self._clipboard_word)
        if self._policy.clipboard == "inside":
            self._inside = InsideClipboard(lambda: self._page, view.send_mark)
        if self._policy.blackout_passwords:
            self._fields = PasswordFields(view, lambda: self._page, self._on_places)
        self._dialogs = PageDialogs(view, profile, self._texts)
        profile.installUrlSchemeHandler(SCHEME.encode(), self._dialogs)
        self._make_page = lambda: ExamPage(profile, gate, access, self._policy, on_blocked)
        self._outlet.admit(gate.host_passes, self._refused)
        self._put_page(view, QUrl(access.address))
        self._dock = _bare_dock(self._window, view)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._dock)

    def _put_page(self, view: GuardedView, url: QUrl) -> None:
        old, self._page = self._page, self._make_page()
        self._page.loadFinished.connect(self._loaded)
        self._page.renderProcessTerminated.connect(self._died)
        view.setPage(self._page)
        if old is not None:
            shiboken6.delete(old)
        self._page.load(url)

    def _private(self) -> QWebEngineProfile:
        profile = private_profile()
        if self._policy.user_agent_suffix:
            profile.setHttpUserAgent(f"{profile.httpUserAgent()} {self._policy.user_agent_suffix}")
        profile.downloadRequested.connect(self._download)
        scripts = profile.scripts()
        scripts.insert(made_script("guard", page_scripts.GUARD, _World.ApplicationWorld, frames=True))
        scripts.insert(made_script("remove", page_scripts.REMOVE, _World.MainWorld, frames=True))
        scripts.insert(made_script("ask", page_scripts.ASK, _World.MainWorld, frames=True))
        return profile

    # --- what happens -------------------------------------------------------------------------------------------------

    def _loaded(self, ok: bool) -> None:
        """A page that came without the outlet came past the guard: it is not shown."""
        if ok and self._page and not self._outlet.admitted:
            self._on_blocked("outlet", "")
            QTimer.singleShot(0, self._window, self.close)
        elif ok and self._page:
            self._page.loaded()

    def _page_asked(self, url: QUrl) -> None:
        if self._page:
            self._page.page_asked(url)

    def _died(self, *_how: object) -> None:
        """The page's process crashed or was killed. A new page in the same profile takes its place: in a process that
        the engine starts for an old one, our scripts would be missing."""
        page, view = self._page, self._view
        self._deaths += 1
        if page and view and self._deaths <= MAX_DEATHS:
            QTimer.singleShot(0, view, lambda: self._put_page(view, page.asked) if page is self._page else None)

    def _refused(self, host: str, port: int) -> None:
        on_blocked = self._on_blocked
        self._post(lambda: on_blocked("address", f"{host}:{port}"))

    def _download(self, _download: QWebEngineDownloadRequest) -> None:
        self._on_blocked("download", "")

    def _clipboard_word(self, word: str, done: Callable[[], None]) -> None:
        if self._inside:
            self._inside.act(word, done)
        else:
            done()

    def _let_go(self, mode: QClipboard.Mode) -> None:
        """On X11 the engine offers selected text to all programs (PRIMARY). It is taken back within the same call,
        before another program can have it."""
        clipboard = QGuiApplication.clipboard()
        ours = clipboard.ownsSelection() if mode == QClipboard.Mode.Selection else clipboard.ownsClipboard()
        if self._view and ours:
            clipboard.clear(mode)


def _bare_dock(window: QMainWindow, view: QWidget) -> QDockWidget:
    dock = QDockWidget(window)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    dock.setWidget(view)
    return dock
