"""Facts of a Mac: asks the system's own small programs and the window server; `signals` says what they mean."""

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from candidate_agent.platforms.macos import signals
from candidate_agent.platforms.macos.door import pool
from candidate_agent.platforms.portable import machine, printing
from candidate_agent.platforms.ports import SystemFacts

COMMAND_S = 5.0


class MacSystem:
    def facts(self) -> SystemFacts:
        return machine.facts(
            os_name="macos",
            os_version=version(),
            session_type="macos",
            vm_signals=self._vm_signals(),
            remote_signals=self.remote_signals(),
            administrator=administrator(),
        )

    def remote_signals(self) -> tuple[str, ...]:
        programs = [process.info["name"].lower() for process in psutil.process_iter(["name"]) if process.info["name"]]
        sockets = said("/usr/sbin/netstat", "-an", "-p", "tcp").decode("utf-8", "replace")
        return signals.remote_signals(os.environ, _session(), programs, sockets)

    def debugger(self) -> str:
        return signals.debugger(said("/bin/ps", "-o", "flags=", "-p", str(os.getpid())).decode(), os.environ)

    def printers(self) -> int | None:
        return printing.printers()

    def disk_free_bytes(self, directory: Path) -> int:
        return machine.disk_free_bytes(directory)

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        return machine.disk_write_bytes_per_s(directory)

    def _vm_signals(self) -> tuple[str, ...]:
        expert = signals.expert_in(said("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-c", "IOPlatformExpertDevice"))
        return signals.vm_signals(_kernel("kern.hv_vmm_present"), _kernel("hw.model"), expert, _mac_addresses())


def version() -> str:
    return platform.mac_ver()[0]


def administrator() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def said(*command: str) -> bytes:
    """What a program of the system prints; nothing where it is not there or does not answer."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_S, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return b""
    return done.stdout


def _kernel(name: str) -> str:
    return said("/usr/sbin/sysctl", "-n", name).decode("utf-8", "replace").strip()


def _session() -> dict[str, Any] | None:
    if sys.platform != "darwin":
        return None
    import Quartz

    with pool():
        told = Quartz.CGSessionCopyCurrentDictionary()
        return {str(key): value for key, value in told.items()} if told is not None else None


def _mac_addresses() -> tuple[str, ...]:
    cards = psutil.net_if_addrs().values()
    return tuple(entry.address.lower() for card in cards for entry in card if entry.family == psutil.AF_LINK)
