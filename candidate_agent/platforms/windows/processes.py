"""Running programs: listed by Toolhelp, new ones found by difference, closed as a person would.

Windows tells starts only to administrators (event tracing) or through a service that polls itself, hence the polling,
four times a second: the list costs Windows milliseconds, and a program that ends between two looks is missed.
"""

import threading
from collections.abc import Callable, Iterable

from candidate_agent.platforms.ports import Closer, Fingerprint, Process
from candidate_agent.platforms.windows import api, images, signatures, tree

PERIOD_S = 0.25
JOIN_S = 2.0
IDLE_AND_KERNEL = frozenset({0, 4})


class WindowsProcesses:
    def processes(self) -> tuple[Process, ...]:
        return tuple(described(images.running()))

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        known = images.process_ids()
        ended = threading.Event()
        thread = threading.Thread(target=_poll, args=(known, ended, emit), name="processes", daemon=True)
        thread.start()

        def end() -> None:
            ended.set()
            if thread is not threading.current_thread():
                thread.join(JOIN_S)

        return end

    def fingerprint(self, pid: int) -> Fingerprint:
        path = images.path_of(pid)
        return signatures.fingerprint(path) if path else Fingerprint()

    def ask_to_close(self, pid: int) -> bool:
        """WM_CLOSE to each of its windows that can be seen, so that it may offer to save. A program without a window
        cannot be asked: Windows has no polite signal for it."""
        windows = [window for window in tree.seen_windows() if tree.process_shown(window) == pid]
        asked = [bool(api.post_message(window, api.WM_CLOSE, 0, 0)) for window in windows if not tree.owner(window)]
        return any(asked)


def _poll(known: set[int], ended: threading.Event, emit: Callable[[Process], None]) -> None:
    while not ended.wait(PERIOD_S):
        now = images.process_ids()
        if now - known:
            listed = images.running()
            for process in described({pid: listed.get(pid, "") for pid in now - known}):
                emit(process)
        known = now


def described(running: dict[int, str]) -> Iterable[Process]:
    for pid, name in running.items():
        names = (name.lower(), *images.names_of(images.path_of(pid)))
        known = tuple(dict.fromkeys(each for each in names if each))
        if known and pid not in IDLE_AND_KERNEL:
            yield Process(pid, known, images.started_s(pid))
