"""A computer that loses its power at a chosen moment: unsynced bytes are lost or torn, settings stay as they are."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from candidate_agent.platforms.ports import ClipboardContent

PATH = Path("/nowhere/undo.log")


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches the real one."""


@dataclass
class Fuse:
    """Every step of the machine goes through it; it blows at step `at` (0: never), and nothing works any more."""

    at: int = 0
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.at and self.steps >= self.at:
            raise PowerCut


@dataclass
class FragileDisk:
    """One file. Each operation can be cut before and after; `torn` bytes of an unsynced line survive a cut."""

    fuse: Fuse
    torn: int = 0
    synced: bytes | None = None
    written: bytes | None = None

    def locked(self, path: Path) -> contextlib.AbstractContextManager[bool]:
        return contextlib.nullcontext(True)

    def read(self, path: Path) -> bytes | None:
        return self.written

    def append(self, path: Path, data: bytes) -> None:
        self.fuse.step()
        self.written = (self.written or b"") + data
        self.fuse.step()

    def sync(self, path: Path) -> None:
        self.fuse.step()
        self.synced = self.written
        self.fuse.step()

    def remove(self, path: Path) -> None:
        self.fuse.step()
        self.written = self.synced = None
        self.fuse.step()

    def lose_power(self) -> None:
        safe = self.synced or b""
        unsynced = (self.written or b"")[len(safe) :]
        left = safe + unsynced[: self.torn]
        self.written = self.synced = left or None


@dataclass
class Computer:
    """Settings that stay through a power cut: the hardest case, for a desktop forgets most of them."""

    fuse: Fuse
    values: dict[str, Any] = field(default_factory=dict)

    def settings(self) -> tuple["FragileSetting", ...]:
        return tuple(FragileSetting(self, name) for name in self.values)


class FragileSetting:
    def __init__(self, computer: Computer, name: str) -> None:
        self._computer = computer
        self.name = name

    def read(self) -> Any:
        return self._computer.values[self.name]

    def write(self, value: Any) -> None:
        self._computer.fuse.step()
        self._computer.values[self.name] = value
        self._computer.fuse.step()

    def locked(self, old: Any) -> Any:
        del old
        return f"{self.name} locked"

    def default(self) -> Any:
        return f"{self.name} default"


class NoKeeper:
    """A power cut takes the keeper along; these trials show what the log alone is worth."""

    alive = True
    woken = traced = 0

    def keep_clipboard(self, content: ClipboardContent) -> None:
        raise AssertionError(f"no clipboard in these trials: {len(content)} pieces")

    def keep_old(self, name: str, old: object) -> None:
        return

    def done(self) -> None:
        return
