"""`python -m bench.evidence [MINUTES]`: what `exam-evidence open` takes for a sitting of three hours, and whether it is
right.

The sitting is simulated: real records, seals, H.264 and Opus, but small and mostly still pictures with the number of
the minute in them (`tests/exam_evidence/long_sitting.py`). Lengths, pictures sought, sound and pictures at the end
and the flags' places are looked at; a wrong one ends the benchmark. No part of `make bench`: on a busy machine it
takes long."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.results import Figure, tell
from exam_evidence.export import Opened
from exam_evidence.marks import Mark
from exam_protocol import codec, keyfile
from tests.exam_evidence import long_checks as checks
from tests.exam_evidence.long_sitting import LongSitting, Plan

MINUTES, SHORT_MINUTES = 180, 20
FRAME_S = 0.06
TOGETHER_S = 0.04
PASSPHRASE = "long enough"


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    processor_s: float
    peak_mb: float


def run(*command: object) -> Run:
    """A program to its end: time on the clock, of the processor, and its peak of resident memory."""
    began = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}")
    return Run(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class Room:
    """A folder with one long sitting's bundle and a key that opens it."""

    def __init__(self, directory: Path, plan: Plan) -> None:
        directory.mkdir()
        self.directory, self.plan, self.out = directory, plan, directory / "opened"
        sitting = LongSitting(plan).record()
        self.bundle_mb = sitting.write(directory / "bundle.zip").stat().st_size / 1e6
        office = sitting.institution
        secret = keyfile.SecretKeys(office.proctor.seed, office.proctor_wrap.raw)
        key = keyfile.lock(
            secret, PASSPHRASE, kind="proctor", id="proctor-a", name="Ada", salt=os.urandom(16), nonce=os.urandom(12),
            iterations=100_000,
        )  # fmt: skip
        (directory / "key.json").write_bytes(codec.encode(key))
        (directory / "passphrase").write_text(PASSPHRASE + "\n")

    def open(self, out: Path, *more: str) -> Run:
        key, passphrase = self.directory / "key.json", self.directory / "passphrase"
        return run(
            sys.executable, "-m", "exam_evidence.cli", "open", self.directory / "bundle.zip", "--key", key,
            "--passphrase-file", passphrase, "--out", out, *more,
        )  # fmt: skip

    def opened(self) -> Opened:
        opened: Opened = msgspec.json.decode((self.out / "opened.json").read_bytes(), type=Opened)
        return opened

    def copied(self) -> Run:
        """The peer of the tracks' films: ffmpeg copies their frames into files of its own."""
        films = [self.out / movie.file for movie in self.opened().movies]
        runs = [
            run("ffmpeg", "-v", "error", "-i", one, "-c", "copy", self.directory / f"copy-{one.name}") for one in films
        ]
        seconds, processor_s = (sum(getattr(one, name) for one in runs) for name in ("seconds", "processor_s"))
        return Run(seconds, processor_s, max(one.peak_mb for one in runs))

    def beside(self) -> Run:
        """The peer of the one film: ffmpeg scales, stacks and encodes the same, without clock, words, 2nd display."""
        inputs = [part for name in ("screen", "webcam", "audio") for part in ("-i", self.out / f"{name}.mp4")]
        scaled = "fps=5,scale={0}:{1}:force_original_aspect_ratio=decrease,pad={0}:{1}"
        panes = ((960, 680), (320, 680))
        chains = [f"[{n}:v]{scaled.format(*pane)}[p{n}]" for n, pane in enumerate(panes)]
        stack = "[p0][p1]hstack=inputs=2[v]"
        return run(
            "ffmpeg", "-v", "error", *inputs, "-filter_complex", ";".join([*chains, stack]),
            "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26",
            "-c:a", "aac", "-b:a", "64k", "-ac", "1", self.directory / "beside.mp4",
        )  # fmt: skip


def looked_at(room: Room) -> tuple[float, float]:
    """Largest error of a length, and how far sound and pictures are apart at the end. Raises AssertionError."""
    opened = room.opened()
    marks = msgspec.json.decode((room.out / "flags.json").read_bytes(), type=list[Mark])
    wrong = checks.wrong_pictures(room.out, opened, room.plan) + checks.wrong_marks(room.out, marks, opened, room.plan)
    assert not wrong, wrong
    lengths, apart = checks.length_errors_s(room.out, opened), checks.apart_at_end_s(room.out, opened, room.plan)
    return max(lengths.values()), max(apart.values())


def measure(minutes: int = MINUTES) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="exam-evidence-") as folder:
        short = Room(Path(folder) / "short", Plan(SHORT_MINUTES))
        long = Room(Path(folder) / "long", Plan(minutes))
        before = short.open(short.out)
        whole = long.open(long.out)
        films = long.open(long.directory / "films", "--no-side-by-side")
        copied, beside = long.copied(), long.beside()
        length_s, apart_s = looked_at(long)
        return _figures(minutes, long.bundle_mb, before, whole, films, copied, beside, length_s, apart_s)


def _figures(
    minutes: int, bundle_mb: float, before: Run, whole: Run, films: Run, copied: Run, beside: Run, length_s: float,
    apart_s: float,
) -> list[Figure]:  # fmt: skip
    short = f"{SHORT_MINUTES} minutes, and 20 %"
    return [
        Figure("evidence.minutes", minutes, "minutes"),
        Figure("evidence.bundle", round(bundle_mb, 1), "MB"),
        Figure("evidence.films", round(films.processor_s, 1), "s", "ffmpeg copies them", round(copied.processor_s, 1)),
        Figure("evidence.whole", round(whole.processor_s, 1), "s", "ffmpeg stacks them", round(beside.processor_s, 1)),
        Figure("evidence.whole_clock", round(whole.seconds, 1), "s", "ffmpeg stacks them", round(beside.seconds, 1)),
        Figure("evidence.memory", round(whole.peak_mb, 1), "MB", short, round(before.peak_mb * 1.2, 1), has_bar=True),
        Figure("evidence.length", round(length_s * 1000, 1), "ms", "the bar, a frame", FRAME_S * 1000, has_bar=True),
        Figure("evidence.apart", round(apart_s * 1000, 1), "ms", "the bar", TOGETHER_S * 1000, has_bar=True),
        Figure("evidence.load", round(os.getloadavg()[0], 2), "processes"),
    ]


if __name__ == "__main__":
    tell(measure(int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
