"""Small things that every door to Cocoa needs: the main thread, a pool for what Cocoa hands out, notifications.

Nothing of pyobjc is imported before a function is called, so that any system can read the backend and its table.
"""

import contextlib
import importlib.util
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, TypeVar

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Closer

T = TypeVar("T")

MAIN_S = 5.0
FRAMEWORKS = ("objc", "AppKit", "Quartz")


def missing() -> str:
    """Why Cocoa cannot be spoken to on this Mac; "" where it can, and on every other system, where nobody tries."""
    if sys.platform != "darwin":
        return ""
    lacking = [name for name in FRAMEWORKS if importlib.util.find_spec(name) is None]
    return f"A library for this system is missing: {', '.join(lacking)}." if lacking else ""


def pool() -> AbstractContextManager[Any]:
    """What Cocoa hands out inside is freed at the end: threads that Cocoa did not start have no pool of their own."""
    if sys.platform != "darwin":
        return nullcontext()
    import objc

    made: AbstractContextManager[Any] = objc.autorelease_pool()
    return made


def tell_fault(error: Exception) -> None:
    """Where an error may not go on upwards, it is told as the death of a thread would be."""
    threading.excepthook(
        threading.ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread()))
    )


class Answer(Generic[T]):
    """What a function answers that another thread runs."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._ended = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._value = self._act()
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()

    def wait(self, within_s: float) -> T:
        """Raises what the function raised, and PlatformError `unsupported` where it was not run in time."""
        if not self._ended.wait(within_s):
            raise PlatformError("unsupported", "The program's own window does not answer.")
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set: the function ended without an error


def on_main_thread(act: Callable[[], T]) -> T:
    """AppKit's own rule: windows and presentation options belong to the main thread. Waits at most MAIN_S."""
    if threading.current_thread() is threading.main_thread():
        return act()
    from PyObjCTools import AppHelper

    answer = Answer(act)
    AppHelper.callAfter(answer.run)
    return answer.wait(MAIN_S)


def notified(names: tuple[str, ...], tell: Callable[[Any], None]) -> Closer:
    """Calls `tell` with each of NSWorkspace's notifications, on the thread that runs the main loop."""
    from AppKit import NSWorkspace

    def arrived(note: Any) -> None:
        try:
            tell(note)
        except Exception as error:
            tell_fault(error)  # Cocoa would end the program

    center = NSWorkspace.sharedWorkspace().notificationCenter()
    tokens = [center.addObserverForName_object_queue_usingBlock_(name, None, None, arrived) for name in names]

    def end() -> None:
        while tokens:
            center.removeObserver_(tokens.pop())

    return end


def closing(*closers: Closer) -> Closer:
    """Ends all, in this order, even where one fails."""

    def end() -> None:
        with contextlib.ExitStack() as stack:
            for close in reversed(closers):
                stack.callback(close)

    return end
