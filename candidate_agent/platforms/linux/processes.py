"""New programs the moment they are executed, by the kernel's process connector; where it is closed, by polling.

The connector tells process ids only, over a netlink socket that an ordinary user may open from Linux 6.6 on. Polling
goes on beside it, so that an event the kernel dropped costs a quarter of a second and no more. A process may therefore
be told more than once.
"""

import contextlib
import os
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable

from candidate_agent.platforms.portable.processes import JOIN_S, PolledProcesses, described
from candidate_agent.platforms.ports import Closer, Fingerprint, Process

_NETLINK_CONNECTOR = 11
_CN_IDX_PROC = _CN_VAL_PROC = 1
_PROC_CN_MCAST_LISTEN = 1
_PROC_EVENT_EXEC = 2
_NLMSG_DONE = 3
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
_MESSAGE = struct.Struct("=IIIIHH")  # cn_msg: index, value, sequence, ack, length, flags
_EVENT = struct.Struct("=IIQii")  # proc_event: what, cpu, nanoseconds, process, thread group


class LinuxProcesses:
    def __init__(self) -> None:
        self._polled = PolledProcesses()

    def processes(self) -> tuple[Process, ...]:
        return self._polled.processes()

    def fingerprint(self, pid: int) -> Fingerprint:
        return self._polled.fingerprint(pid)

    def ask_to_close(self, pid: int) -> bool:
        return self._polled.ask_to_close(pid)

    def watch(self, emit: Callable[[Process], None]) -> Closer:
        end_polling = self._polled.watch(emit)
        connector = open_connector()
        if connector is None:
            return end_polling
        end_listening = _listen(connector, emit)

        def end() -> None:
            end_listening()
            end_polling()

        return end


def open_connector() -> socket.socket | None:
    """Subscribed to process events; None where the kernel will not have us."""
    if sys.platform != "linux":
        return None
    listener = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_CONNECTOR)
    try:
        listener.bind((0, _CN_IDX_PROC))
        order = struct.pack("=I", _PROC_CN_MCAST_LISTEN)
        message = _MESSAGE.pack(_CN_IDX_PROC, _CN_VAL_PROC, 0, 0, len(order), 0) + order
        listener.send(_HEADER.pack(_HEADER.size + len(message), _NLMSG_DONE, 0, 0, 0) + message)
    except OSError:
        listener.close()
        return None
    return listener


def executed(datagram: bytes) -> int:
    """The process that an exec event is about; 0 for every other event."""
    start = _HEADER.size + _MESSAGE.size
    if len(datagram) < start + _EVENT.size:
        return 0
    what, _, _, _, process = _EVENT.unpack_from(datagram, start)
    return int(process) if what == _PROC_EVENT_EXEC else 0


def _listen(connector: socket.socket, emit: Callable[[Process], None]) -> Closer:
    read_end, write_end = os.pipe()
    thread = threading.Thread(target=_read, args=(connector, read_end, emit), name="exec events", daemon=True)
    thread.start()
    open_ends = [write_end]

    def end() -> None:
        while open_ends:
            os.close(open_ends.pop())
        if thread is not threading.current_thread():
            thread.join(JOIN_S)

    return end


def _read(connector: socket.socket, wake: int, emit: Callable[[Process], None]) -> None:
    try:
        while True:
            ready, _, _ = select.select([connector.fileno(), wake], [], [])
            if wake in ready:
                return
            with contextlib.suppress(OSError):  # the kernel dropped some: polling finds them
                pid = executed(connector.recv(4096))
                for process in described([pid] if pid else []):
                    emit(process)
    finally:
        connector.close()
        os.close(wake)
