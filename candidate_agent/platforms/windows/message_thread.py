"""A thread with a hidden window of its own, to which Windows sends what a port wants to hear. Used by every watch here.

Hooks belong to the thread that set them and need its messages to flow, so they are set in `prepare`, on that thread. A
broadcast (displays, devices) does not reach a message-only window, hence a hidden one. `tick` comes at a fixed pace
beside the messages: what Windows forgets to tell is found then.
"""

import ctypes
import itertools
import threading
from collections.abc import Callable
from ctypes import wintypes
from dataclasses import dataclass
from typing import Any

from candidate_agent.base.errors import PlatformError
from candidate_agent.platforms.ports import Closer
from candidate_agent.platforms.windows import api
from candidate_agent.platforms.windows.structures import WindowClass, WindowProcedure

JOIN_S = 2.0
START_S = 5.0
_TIMER = 1
_numbers = itertools.count(1)


def _nothing(window: int) -> None:
    del window


@dataclass(frozen=True, slots=True)
class Watching:
    """What one thread does; everything runs on it. `handle` gets message, wParam and lParam of messages in `hears`."""

    name: str
    prepare: Callable[[int], None] = _nothing
    hears: tuple[int, ...] = ()
    handle: Callable[[int, int, int], None] | None = None
    tick: Callable[[], None] | None = None
    tick_ms: int = 0
    cleanup: Callable[[int], None] = _nothing


def start(watching: Watching) -> Closer:
    """Returns when the thread listens. Raises what `prepare` raises, else PlatformError `unsupported`."""
    loop = _Loop(watching)
    thread = threading.Thread(target=loop.run, name=watching.name, daemon=True)
    thread.start()
    if not loop.listening.wait(START_S) or loop.failure is not None:
        thread.join(JOIN_S)
        raise loop.failure or PlatformError("unsupported", f"Windows did not let us watch {watching.name}.")
    return _closer(thread, loop.window)


class _Loop:
    def __init__(self, watching: Watching) -> None:
        self._watching = watching
        self._procedure = WindowProcedure(self._message)  # kept: Windows holds no reference of its own
        self.listening = threading.Event()
        self.failure: BaseException | None = None
        self.window = 0

    def run(self) -> None:
        watching = self._watching
        class_name = f"candidate-agent {watching.name} {next(_numbers)}"
        try:
            self.window = _hidden_window(class_name, self._procedure)
            watching.prepare(self.window)
            if watching.tick is not None:
                api.set_timer(self.window, _TIMER, watching.tick_ms, None)
        except BaseException as error:  # told to whoever started the watch, on their thread
            self.failure = error
        self.listening.set()
        if self.failure is None:
            _pump()
        watching.cleanup(self.window)
        if self.window:
            api.destroy_window(self.window)
            api.unregister_class(class_name, api.module_handle(None))

    def _message(self, window: Any, message: int, first: int, second: int) -> int:
        watching = self._watching
        if message == api.WM_CLOSE:
            api.post_quit(0)
            return 0
        if message == api.WM_TIMER and watching.tick is not None:
            watching.tick()
            return 0
        if message in watching.hears and watching.handle is not None:
            watching.handle(message, first or 0, second or 0)
        return int(api.default_procedure(window, message, first, second))


def _hidden_window(class_name: str, procedure: Any) -> int:
    instance = api.module_handle(None)
    description = WindowClass(procedure=procedure, instance=instance, class_name=class_name)
    description.size = ctypes.sizeof(description)
    if not api.register_class(ctypes.byref(description)):
        raise PlatformError("unsupported", f"Windows did not let us make a window class ({api.last_error()}).")
    window = api.create_window(0, class_name, None, 0, 0, 0, 0, 0, None, None, instance, None)
    if not window:
        raise PlatformError("unsupported", f"Windows did not let us make a window ({api.last_error()}).")
    return int(window)


def _pump() -> None:
    message = wintypes.MSG()
    while api.get_message(ctypes.byref(message), None, 0, 0) > 0:
        api.dispatch_message(ctypes.byref(message))


def _closer(thread: threading.Thread, window: int) -> Closer:
    def end() -> None:
        if thread.is_alive():
            api.post_message(window, api.WM_CLOSE, 0, 0)
        if thread is not threading.current_thread():
            thread.join(JOIN_S)

    return end
