"""New programs the moment they are executed, by the kernel's process connector; where it is closed, by looking.

The connector tells process ids only, over a netlink socket that an ordinary user may open from Linux 6.6 on. Looking
goes on beside it, four times a second and by difference, so that an event the kernel dropped costs a quarter of a
second and no more. A process may therefore be told more than once.
"""

import contextlib
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable

from candidate_agent.platforms.linux import process_names, wakeable
from candidate_agent.platforms.linux.closing import ask_to_close
from candidate_agent.platforms.linux.fingerprints import Fingerprints
from candidate_agent.platforms.ports import Closer, Fingerprint, Process

PERIOD_S = 0.25
LOOK_AGAIN = 8  # without the connector, every this many looks it is seen whether a process runs another program
JOIN_S = 2.0
_NETLINK_CONNECTOR = 11
_CN_IDX_PROC = _CN_VAL_PROC = 1
_PROC_CN_MCAST_LISTEN = 1
_PROC_EVENT_EXEC = 2
_NLMSG_DONE = 3
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
_MESSAGE = struct.Struct("=IIIIHH")  # cn_msg: index, value, sequence, ack, length, flags
_EVENT = struct.Struct("=IIQii")  # proc_event: what, cpu, nanoseconds, process, thread group


class LinuxProcesses:
    def __init__(self, display_name: str | None = None) -> None:
        self._display_name = display_name
        self._fingerprints = Fingerprints()

    def processes(self) -> tuple[Process, ...]:
        found = map(process_names.described, sorted(process_names.pids()))
        return tuple(process for process in found if process is not None)

    def fingerprint(self, pid: int) -> Fingerprint:
        return self._fingerprints.of(pid)

    def ask_to_close(self, pid: int) -> bool:
        return ask_to_close(pid, self._display_name)

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        connector = open_connector()
        end_looking = _look(emit, told_of_exec=connector is not None)
        if connector is None:
            return end_looking
        end_listening = _listen(connector, emit)

        def end() -> None:
            end_listening()
            end_looking()

        return end


def _look(emit: Callable[[Process], None], *, told_of_exec: bool) -> Closer:
    ended = threading.Event()
    looks = _Looks(emit, told_of_exec)
    thread = threading.Thread(target=looks.run, args=(ended,), name="processes", daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        if thread is not threading.current_thread():
            thread.join(JOIN_S)

    return end


class _Looks:
    def __init__(self, emit: Callable[[Process], None], told_of_exec: bool) -> None:
        self._emit = emit
        self._told_of_exec = told_of_exec
        self._newest = process_names.newest_pid()
        self._known = process_names.pids()
        self._young: set[int] = set()  # looked at twice: between fork and exec a process still has its parent's name
        self._runs = {} if told_of_exec else _what_runs(self._known)

    def run(self, ended: threading.Event) -> None:
        looks = 0
        while not ended.wait(PERIOD_S):
            self._look()
            looks += 1
            if not self._told_of_exec and looks % LOOK_AGAIN == 0:
                self._look_again(process_names.pids())

    def _look(self) -> None:
        newest = process_names.newest_pid()
        if newest == self._newest and not self._young:
            return
        self._newest, now = newest, process_names.pids()
        _tell((now - self._known) | (self._young & now), self._emit)
        self._young, self._known = now - self._known, now

    def _look_again(self, now: set[int]) -> None:
        """One that became another program without a new number."""
        before, self._runs = self._runs, _what_runs(now)
        _tell({pid for pid, path in self._runs.items() if before.get(pid, path) != path}, self._emit)


def _what_runs(pids: set[int]) -> dict[int, str]:
    return {pid: process_names.executable(pid) for pid in pids}


def _tell(pids: set[int], emit: Callable[[Process], None]) -> None:
    for pid in pids:
        process = process_names.described(pid)
        if process is not None:
            emit(process)


def open_connector() -> socket.socket | None:
    """Subscribed to process events; None where the kernel will not have us."""
    if sys.platform != "linux":
        return None
    listener = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_CONNECTOR)
    try:
        listener.bind((0, _CN_IDX_PROC))
        listener.send(_order(struct.pack("=I", _PROC_CN_MCAST_LISTEN)))
        listener.send(_order(struct.pack("=II", _PROC_CN_MCAST_LISTEN, _PROC_EVENT_EXEC)))  # from Linux 6.6: only these
    except OSError:
        listener.close()
        return None
    return listener


def _order(order: bytes) -> bytes:
    message = _MESSAGE.pack(_CN_IDX_PROC, _CN_VAL_PROC, 0, 0, len(order), 0) + order
    return _HEADER.pack(_HEADER.size + len(message), _NLMSG_DONE, 0, 0, 0) + message


def executed(datagram: bytes) -> int:
    """The process that an exec event is about; 0 for every other event."""
    start = _HEADER.size + _MESSAGE.size
    if len(datagram) < start + _EVENT.size:
        return 0
    what, _, _, _, process = _EVENT.unpack_from(datagram, start)
    return int(process) if what == _PROC_EVENT_EXEC else 0


def _listen(connector: socket.socket, emit: Callable[[Process], None]) -> Closer:
    return wakeable.start("exec events", lambda wake: _read(connector, wake, emit))


def _read(connector: socket.socket, wake: int, emit: Callable[[Process], None]) -> None:
    try:
        while True:
            ready, _, _ = select.select([connector.fileno(), wake], [], [])
            if wake in ready:
                return
            with contextlib.suppress(OSError):  # the kernel dropped some: polling finds them
                pid = executed(connector.recv(4096))
                _tell({pid} if pid else set(), emit)
    finally:
        connector.close()
