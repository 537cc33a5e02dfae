"""The candidate's one native window. pywebview owns the main thread in `run`; every other method may be called from
any thread: those that order something return at once and happen in order, those that answer wait for the GUI thread
(at most `PATIENCE_S`).
"""

import base64
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

os.environ.setdefault("QT_API", "pyside6")

import webview
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from candidate_agent.base.errors import DeviceError, LockdownError
from candidate_agent.session.states import LOCKED, Phase
from candidate_agent.ui import engine, languages, page_dialogs
from candidate_agent.ui.courier import Courier
from candidate_agent.ui.covers import Covers
from candidate_agent.ui.exam_requests import OnBlocked
from candidate_agent.ui.exam_view import ExamView
from candidate_agent.ui.gui_queue import GuiQueue
from candidate_agent.ui.outlet import Outlet
from candidate_agent.ui.own_view import Door, OwnPage, register_scheme
from candidate_agent.ui.password_fields import OnPlaces, Place
from candidate_agent.ui.texts import Texts
from candidate_agent.ui.way_out import Exit, WayOut
from exam_protocol.policy import ExamAccess, Policy

if TYPE_CHECKING:  # it brings every event of a session along, and the first words need none
    from candidate_agent.ui.bridge import Bridge

STRIP_PX = 48
PATIENCE_S = 10.0
_GRAB_EVERY_MS = 50
_GRAB_TRIES = 100
_KEEP_EVERY_MS = 100
_NO_LIMIT_PX = 16_777_215
_FIRST_SIZE_PX = (1180, 800)

T = TypeVar("T")
log = logging.getLogger(__name__)


class Windows:
    """`on_closed` (GUI thread, must not block) is called when somebody asks the window to close; `close()` does.
    `on_let_go` (GUI thread) is called when the candidate left and the session did not follow: it ends the process."""

    def __init__(
        self,
        bridge: "Bridge | None" = None,
        *,
        title: str = "Exam",
        displays: int = 1,
        on_closed: Callable[[], None] = lambda: None,
        policy: Policy = Policy(),  # noqa: B008 - frozen
        on_let_go: Callable[[], None] = lambda: None,
        language: str = languages.FALLBACK,
    ) -> None:
        """`displays`: how many the exam allows, its own included; further ones are covered while it is held. `policy`:
        what the exam page may do. `language`: of the first words. `bridge` may come later: with its first words alone
        the page has nothing to press."""
        self.bridge = bridge
        self.language = language
        self._title = title
        self._displays = displays
        self._policy = policy
        self._texts = Texts()
        self._covers = Covers(self._texts)
        self._outlet = Outlet()
        self.on_closed = on_closed
        self.on_places: OnPlaces = lambda _places, _known: None  # GUI thread: where the exam has password fields
        self._on_let_go = on_let_go
        self._way_out: WayOut | None = None
        self._phase = ""  # of the newest view
        self._courier = Courier(self._post, self._run_script)
        self._window: Any = None
        self._native: Any = None
        self._queue: GuiQueue | None = None
        self._own: OwnPage | None = None
        self._exam: ExamView | None = None
        self._closing = False
        self._held = False  # fullscreen, with the keyboard
        self._geometry: Any = None
        self._strip_px = STRIP_PX  # what the page asked for last
        self._text_scale = 1.0  # as the page has it
        self._broken = ""
        self._has_words = threading.Event()

    # --- life, main thread ---

    def run(self, on_ready: Callable[[], None]) -> None:
        """Blocks until `close()`. `on_ready` is called in a thread of its own once window and page are there."""
        register_scheme()
        page_dialogs.register_scheme()
        application = engine.start(self._outlet.start())
        try:
            self._run_webview(on_ready)
        finally:
            self.gone()
            self._outlet.stop()
            del application  # kept until here: the engine lives in it
        if self._broken:
            raise DeviceError("window_missing", self._broken)

    def _run_webview(self, on_ready: Callable[[], None]) -> None:
        webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = False
        webview.settings["ALLOW_FILE_URLS"] = False
        width, height = _FIRST_SIZE_PX
        window = webview.create_window(
            self._title,
            html="<!doctype html>",
            width=width,
            height=height,
            min_size=(640, 480),
            text_select=True,
            background_color="#F6F8F8",
        )
        if window is None:
            raise DeviceError("window_missing", "The window could not be made.")
        self._window = window
        window.events.before_show += self._before_show
        window.events.closing += self._asked_to_close
        webview.start(self._started, (on_ready,), gui="qt", private_mode=True, http_server=False)

    def gone(self) -> None:
        """Any thread. Nothing is asked of the window any more, and nobody waits for its answer."""
        self._native = self._queue = None

    def close(self) -> None:
        """Any thread. The exam page is forgotten, the keyboard given back, the window gone; `run` returns."""
        self._closing = True
        self._post(self._close_now)

    def _started(self, on_ready: Callable[[], None]) -> None:
        if not self._window.events.shown.wait(30):
            self._broken = "The window did not appear."
            self.close()
            return
        self._has_words.wait(PATIENCE_S)  # a page that is late gets its view when it comes
        on_ready()

    def _before_show(self) -> None:
        """pywebview swallows what is raised here: a window that could not be secured is closed again."""
        try:
            self._secure(self._window.native)
        except Exception as error:
            log.exception("the window could not be secured")
            self._broken = f"The window could not be secured: {error}"
            self._closing = True
            QTimer.singleShot(0, self._window.native.close)

    def _secure(self, native: Any) -> None:
        page = native.webview.page()
        page.loadFinished.disconnect(native.on_load_finished)  # pywebview's own bridge is not used
        page.featurePermissionRequested.disconnect(page.onFeaturePermissionRequested)  # it grants camera and microphone
        native.setAcceptDrops(False)
        native.webview.setAcceptDrops(False)
        native.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        native.webview.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        native.setStyleSheet("QMainWindow::separator { width: 0; height: 0; }")
        self._own = OwnPage(page, Door(self._act, self._set_strip_height, self._set_text_size, native), native)
        self._own.install()
        page.loadFinished.connect(self._page_loaded)
        page.renderProcessTerminated.connect(self._page_died)
        self._exam = ExamView(native, self._outlet, self._policy, self._post, self._texts, self._places)
        QShortcut(QKeySequence("F6"), native, self._switch_view)
        self._way_out = WayOut(
            native,
            Exit(self._leave, lambda: self._held, self._is_leaving, self._let_go, lambda: self._text_scale),
            self._texts,
        )
        self._native, self._queue = native, GuiQueue(native)
        self._own.load(self.language)

    def _asked_to_close(self) -> bool:
        """False keeps the window: the session ends first, then `close()`."""
        if not self._closing:
            self.on_closed()
        return self._closing

    def _close_now(self) -> None:
        self._leave_exam()
        if self._exam:
            self._exam.close()
        QTimer.singleShot(0, self._native.close)

    # --- orders, any thread ---

    def publish(self, view: dict[str, Any]) -> None:
        """The newest view; older ones that were not delivered yet are dropped."""
        self._phase = view.get("phase", "")
        before = self._texts.language
        self._texts.choose(view.get("language", ""))
        if self._texts.language != before:
            self._post(self._covers.fit)
        self._courier.put("view", view)

    def preview(self, name: str, jpeg: bytes) -> None:
        """A picture for the page: `camera`, `id_card`, `room`, `screen`. Empty bytes take it away."""
        self._courier.put(f"preview:{name}", base64.b64encode(jpeg).decode() if jpeg else "")

    def show_exam(self, access: ExamAccess, on_blocked: OnBlocked) -> None:
        """Loads the exam, or uncovers it as it was. `on_blocked(kind, origin)` on the GUI thread; it must not block."""
        self._post(lambda: self._show_exam(access, on_blocked))

    def cover_exam(self) -> None:
        """Out of sight, kept as it is: for a pause."""
        self._post(self._cover_exam)

    def hide_exam(self, forget: bool = True) -> None:
        self._post(self._forget_exam if forget else self._cover_exam)

    def take_front(self) -> None:
        self._post(self._take_front)

    def leave_exam(self) -> None:
        """Keyboard, size and place as they were before `enter_exam`."""
        self._post(self._leave_exam)

    # --- answers, any thread but the GUI's may wait ---

    def enter_exam(self) -> None:
        """Fullscreen, with the keyboard. Raises LockdownError `keyboard_not_held` when another program keeps it."""
        done: Future[bool] = Future()
        self._post(lambda: self._enter_exam(done))
        if not self._wait(done):
            raise LockdownError("keyboard_not_held", "Another program keeps the keyboard for itself. Please close it.")

    def window_id(self) -> int:
        """X11 id of the native window; stable for its whole life."""
        return self._ask(lambda: int(self._native.winId()))

    def ask(self, answer: Callable[[], None]) -> None:
        """`answer` is called on the GUI thread when it gets round to it; never, when there is no window."""
        self._post(answer)

    def fills_screen(self) -> bool:
        return self._ask(lambda: bool(self._native.isFullScreen()) and self._native.isVisible())

    def exam_visible(self) -> bool:
        return self._ask(lambda: self._exam is not None and self._exam.visible)

    @property
    def superseded(self) -> int:
        """Views and previews that were never drawn because a newer one came."""
        return self._courier.superseded

    # --- GUI thread ---

    def _post(self, act: Callable[[], None]) -> None:
        queue = self._queue
        if queue is not None:
            queue.post(act)

    def _ask(self, question: Callable[[], T]) -> T:
        done: Future[T] = Future()
        self._post(lambda: _settle(done, question))
        return self._wait(done)

    def _wait(self, done: Future[T]) -> T:
        if self._native is None:
            raise DeviceError("window_missing", "The window is not open.")
        if threading.current_thread() is threading.main_thread() and not done.done():
            raise RuntimeError("the GUI thread cannot wait for itself")
        try:
            return done.result(PATIENCE_S)
        except FutureTimeout:
            raise DeviceError("window_unresponsive", "The window does not answer.") from None

    def _places(self, places: tuple[Place, ...], known: bool) -> None:
        self.on_places(places, known)

    def _run_script(self, script: str, done: Callable[[object], None]) -> None:
        self._native.webview.page().runJavaScript(script, 0, done)

    def _page_loaded(self, ok: bool) -> None:
        if ok:
            self._courier.page_ready()
            self._has_words.set()

    def _page_died(self) -> None:
        self._courier.page_gone()
        if self._own:
            self._own.load()

    def _show_exam(self, access: ExamAccess, on_blocked: OnBlocked) -> None:
        if self._exam is None:
            return
        self._exam.open(access, on_blocked)
        self._fit_strip()

    def _cover_exam(self) -> None:
        self._native.webview.setFocus()  # before the exam goes: Qt would move on to the first link of our page
        if self._exam:
            self._exam.cover()
        self._fill_window()

    def _forget_exam(self) -> None:
        self._native.webview.setFocus()
        if self._exam:
            self._exam.close()
        self._fill_window()

    def _fill_window(self) -> None:
        own = self._native.webview
        own.setMinimumHeight(0)
        own.setMaximumHeight(_NO_LIMIT_PX)

    def _set_strip_height(self, pixels: int) -> None:
        """The page asks for room for its panels; the exam keeps at least a quarter of the window."""
        self._strip_px = max(STRIP_PX, pixels)
        self._fit_strip()

    def _set_text_size(self, percent: int) -> None:
        self._text_scale = min(max(percent, 100), 200) / 100

    def _fit_strip(self) -> None:
        if self._exam and self._exam.visible:
            self._native.webview.setFixedHeight(min(self._strip_px, self._native.height() * 3 // 4))

    def _switch_view(self) -> None:
        own = self._native.webview
        if self._exam and self._exam.visible and own.hasFocus():
            self._exam.take_focus()
        else:
            own.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter_exam(self, done: "Future[bool]") -> None:
        if self._geometry is None:
            self._geometry = self._native.geometry()
        self._held = True
        self._native.showFullScreen()
        self._covers.begin(self._native.windowHandle().screen(), self._displays - 1)
        self._take_front()
        self._grab(done, _GRAB_TRIES)

    def _grab(self, done: "Future[bool]", tries: int) -> None:
        """An X server refuses the grab until the window is really on the screen: asked again until it is."""
        if not self._held or tries == 0:
            done.set_result(False)
        elif self._native.isFullScreen() and self._native.windowHandle().setKeyboardGrabEnabled(True):
            done.set_result(True)
            self._keep_keyboard()
        else:
            QTimer.singleShot(_GRAB_EVERY_MS, self._native, lambda: self._grab(done, tries - 1))

    def _keep_keyboard(self) -> None:
        """The toolkit lets go of the keyboard whenever a list or menu of its own closes. Asking again costs one word to
        the server and changes nothing where the keyboard is still ours."""
        if not self._held:
            return
        if QApplication.activePopupWidget() is None:
            self._native.windowHandle().setKeyboardGrabEnabled(True)
        QTimer.singleShot(_KEEP_EVERY_MS, self._native, self._keep_keyboard)

    def _leave_exam(self) -> None:
        if not self._held:
            return
        self._held = False
        if self._way_out:
            self._way_out.close()
        self._covers.end()
        self._native.windowHandle().setKeyboardGrabEnabled(False)
        self._native.showNormal()
        QTimer.singleShot(_GRAB_EVERY_MS, self._native, partial(self._native.setGeometry, self._geometry))
        self._geometry = None

    def _act(self, name: str, data: str) -> None:
        if self.bridge is not None:
            self.bridge.act_json(name, data)

    def _leave(self) -> None:
        """The same two facts as from the page: the second deliberate step was taken."""
        self._act("leave", "{}")
        self._act("leave_confirmed", "{}")

    def _is_leaving(self) -> bool:
        return self._phase not in {phase.value for phase in LOCKED - {Phase.FAILING}}

    def _let_go(self) -> None:
        try:
            self._leave_exam()
            if self._exam:
                self._exam.close()
            self._native.hide()
            QApplication.sync()
        finally:
            self._on_let_go()

    def _take_front(self) -> None:
        if self._held and not self._native.isFullScreen():
            self._native.showFullScreen()
        self._native.raise_()
        self._native.activateWindow()
        if self._held and isinstance(self._native.windowHandle(), QObject):
            self._native.windowHandle().setKeyboardGrabEnabled(True)


def _settle(done: "Future[T]", question: Callable[[], T]) -> None:
    try:
        done.set_result(question())
    except Exception as error:
        done.set_exception(error)
