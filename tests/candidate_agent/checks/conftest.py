"""A computer on which every check passes; tests change the one thing they are about."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from candidate_agent.checks import framing, noise, processor
from candidate_agent.checks.base import Context, FoundProgram
from candidate_agent.platforms.ports import (
    Camera,
    Closer,
    Display,
    Microphone,
    Permission,
    Picture,
    PictureStream,
    Platform,
    Process,
    SystemFacts,
    Window,
)  # fmt: skip
from exam_protocol.policy import Policy

GOOD_FACTS = SystemFacts(
    os_name="linux", os_version="Debian GNU/Linux 13 (trixie)", session_type="x11", cores=4, load_percent=5.0,
    memory_total_bytes=16 << 30,
    memory_free_bytes=8 << 30, on_mains=True, battery_minutes=None, vm_signals=(), remote_signals=(),
    administrator=False,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    up_bps: float | None = 5e6
    down_bps: float | None = 20e6
    rtt_ms: float = 20.0
    jitter_ms: float = 2.0
    skew_ms: float = 100.0


@dataclass
class Computer:
    """Every port of the checks in one, with values to set."""

    system_facts: SystemFacts = GOOD_FACTS
    screens: tuple[Display, ...] = (Display("one", 0, 0, 1920, 1080, True),)
    devices: tuple[Camera, ...] = (Camera("0", "Camera", False),)
    inputs: tuple[Microphone, ...] = (Microphone("0", "Microphone"),)
    is_muted: bool | None = False
    found: tuple[FoundProgram, ...] = ()
    seen: tuple[Window, ...] = ()
    free_bytes: int = 50_000_000_000
    write_bytes_per_s: float = 100e6
    allowed: tuple[Permission, ...] = (Permission("camera", True), Permission("screen", True))
    printer_count: int | None = 1
    helping: tuple[int, int] = (0, 0)
    file: bytes = b"the exam package"
    times: float = 8.0

    def facts(self) -> SystemFacts:
        return self.system_facts

    def disk_free_bytes(self, directory: Path) -> int:
        return self.free_bytes

    def disk_write_bytes_per_s(self, directory: Path) -> float:
        return self.write_bytes_per_s

    def permissions(self) -> tuple[Permission, ...]:
        return self.allowed

    def printers(self) -> int | None:
        return self.printer_count

    def displays(self) -> tuple[Display, ...]:
        return self.screens

    def cameras(self) -> tuple[Camera, ...]:
        return self.devices

    def microphones(self) -> tuple[Microphone, ...]:
        return self.inputs

    def muted(self, microphone: Microphone) -> bool | None:
        return self.is_muted

    def usual(self) -> str:
        return ""

    def windows(self) -> tuple[Window, ...]:
        return self.seen

    def processes(self) -> tuple[Process, ...]:
        raise NotImplementedError

    def watch(self, emit: Callable[..., None]) -> Closer:
        raise NotImplementedError

    def open(self, *_: object) -> "Closer | PictureStream":
        raise NotImplementedError


class MovingPictures:
    """A camera of 1280x720 whose every look is a new picture, 1/30 s after the last. `noise` False: it stands still."""

    noise = True

    def __init__(self, luma: int = 120, width: int = 1280, height: int = 720, per_s: int = 30) -> None:
        self.pixels = np.full((height, width, 3), luma, dtype=np.uint8)
        self.step_us, self.now_us = 1_000_000 // per_s, 0

    def __call__(self) -> Picture:
        self.now_us += self.step_us
        pixels = self.pixels.copy()
        if self.noise:
            pixels[0, 0] = self.now_us // self.step_us % 250
        return Picture(pixels, self.now_us)


def tone(dbfs: float) -> npt.NDArray[np.int16]:
    amplitude = 32768 * 10 ** (dbfs / 20) * 2**0.5
    wave: npt.NDArray[np.int16] = (amplitude * np.sin(np.arange(48_000) * 0.05)).astype(np.int16)
    return wave


def speech_with_pauses() -> npt.NDArray[np.int16]:
    return np.concatenate([tone(-20), tone(-60)])


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A made-up computer has nothing to wait for."""
    monkeypatch.setattr(noise, "LISTEN_S", 0.6)
    monkeypatch.setattr(processor, "PAUSE_S", 0.0)
    monkeypatch.setattr(framing, "PAUSE_S", 0.0)


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def context(computer: Computer, tmp_path: Path) -> Context:
    def is_magnifier(names: tuple[str, ...]) -> bool:
        return "magnifier" in names

    async def line() -> Line:
        return Line()

    platform = Platform(
        "test", computer, computer, computer, computer, (), computer, computer, computer, computer, computer,  # type: ignore[arg-type]
        computer, computer, computer, settings_pages=computer, permissions=computer,  # type: ignore[arg-type]
    )  # fmt: skip
    return Context(
        platform, Policy(), tmp_path, 100_000_000, MovingPictures(), speech_with_pauses, line,
        lambda: computer.found, is_magnifier, assistive=lambda: computer.helping, download=lambda: computer.file,
        opens=lambda data: data == b"the exam package", encoder=lambda: computer.times, window=(1_000, 9_000),
        wall_ms=lambda: 5_000,
    )  # fmt: skip
