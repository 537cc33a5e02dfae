"""Hours of exam on SIMULATED devices (bench/quick.py) through the real media path: sources, lanes, encoders, sealing,
spool. A child of bench/long.py; a line of JSON for each simulated minute, and one with the counts at the end.

Words: `none` or `models` (the search on the device as well), simulated minutes, seconds that it may take, and how many
times as fast as real it should go. It goes slower where the lanes cannot follow: nothing is left out for speed.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bench.quick import Cameras, Gate, Microphones, QuickClock, Screen, quicken
from candidate_agent.capture.events import CaptureEvent, CaptureFailed, FindingsStopped
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.screens import Allowed
from candidate_agent.capture.shape import Image
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms import large_memory
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from exam_protocol.keys import WrapKey
from exam_protocol.records import FlagEntry, Lane, LogEntry, Media, Track
from exam_protocol.signing import SigningKey

SCREEN_SIZE, CAMERA_SIZE = (640, 360), (320, 240)
SLOWEST, SECOND_US = 2.0, 1_000_000
LAG_US = 1_000_000.0  # of the simulated time: more, and the clock goes slower
CYCLE_MIN = 20
OUTAGE_MIN = range(4, 9)  # of each cycle: the line is away, and nothing is freed


@dataclass(slots=True)
class Totals:
    events: int = 0
    written_bytes: int = 0
    packets: int = 0
    flags: int = 0
    dropped: int = 0
    broken: int = 0


class Exam:
    """One sitting."""

    def __init__(self, directory: Path, speed: float, *, looks: bool) -> None:
        """`looks`: with the models."""
        self.directory, self.speed, self.looks = directory, speed, looks
        self.clock = QuickClock(speed)
        self.totals = Totals()
        self.pipeline: Pipeline | None = None
        self.gate = Gate(self.clock)
        self.screen = Screen(self.clock, self.gate, *SCREEN_SIZE)
        self.cameras = Cameras(self.clock, self.gate, pictures(faces=looks))
        self.microphones = Microphones(self.clock, self.gate, voice())
        self.spool = Spool(directory / "spool", write=self._write)
        self.recorder = Recorder(self.spool, SigningKey.generate(), self.clock, bytes(16))
        self.gate.is_shut = self._busy

    def _write(self, handle: int, data: memoryview) -> int:
        self.totals.written_bytes += len(data)
        return os.write(handle, data)

    def open(self) -> None:
        self.spool.open()
        wrap_key = WrapKey.generate().public_key
        self.recorder.open_session(
            ticket_hash=bytes(32), wrap_key=wrap_key, build="bench", machine="simulated", package_hash=bytes(32),
            roster_version=1, zone="UTC", wall_ms=self.clock.wall_ms(),
        )  # fmt: skip
        self.recorder.new_epoch({"proctor": wrap_key}, 1, bytes(32))

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        self.totals.packets += 1
        self.recorder.media(track, media, key_frame=key_frame, taken_us=taken_us)

    def event(self, event: CaptureEvent) -> None:
        """A part that broke is no wear of three hours, and would make every other figure look better."""
        self.totals.events += 1
        if isinstance(event, CaptureFailed | FindingsStopped):
            print(event, file=sys.stderr)
            self.totals.broken += 1

    def begin(self) -> None:
        self.camera = CameraSource(self.cameras, Cameras.CAMERA, emit=self.event)
        self.analyst = _Analyst(self) if self.looks else None
        self.pipeline = Pipeline(
            screen=self.screen, display=Allowed(self.screen.displays()[0], self.screen, 2), camera=self.camera,
            microphone=(self.microphones, Microphones.MICROPHONE), sink=self, profile="standard", emit=self.event,
            clock=self.clock, tap=self.analyst.hear if self.analyst else None,
        )  # fmt: skip
        self.camera.start()
        self.pipeline.start()

    def end(self) -> None:
        """Of the exam, or of what is recorded before a break."""
        if self.pipeline is None:
            return
        self.clock.run_at(SLOWEST)  # nobody steers now, and nothing is left out for speed
        if self.analyst is not None:
            self.analyst.stop()
        self.pipeline.stop()
        self.camera.stop()
        stats = self.pipeline.stats()
        self.totals.dropped += int(sum(value for name, value in stats.items() if name.endswith("_dropped")))
        self.pipeline = None

    def close(self) -> None:
        self.end()
        self.spool.close()

    def flag(self, flag: FlagEntry) -> None:
        self.totals.flags += 1
        self.recorder.entry(Track.FLAGS, flag)

    def turn(self, minute: int) -> None:
        """What happens in this minute of the exam."""
        now_us = self.recorder.media_time_us(self.clock.monotonic_us())
        self.flag(FlagEntry("FACE_ABSENT", "low", "Simulated.", 1, max(0, now_us - 30_000_000), now_us))
        self.recorder.entry(Track.LOG, LogEntry("simulated", str(minute), self.clock.wall_ms()))
        happening = self._plan().get(minute % CYCLE_MIN)
        if happening is not None:
            happening()

    def _plan(self) -> dict[int, Callable[[], None]]:
        pipeline = self.pipeline
        if pipeline is None:
            return {17: self.begin}
        profiles = {3: "low", 5: "standard", 7: "full", 8: "standard"}
        wide, narrow = SCREEN_SIZE, (SCREEN_SIZE[1], SCREEN_SIZE[0])
        return {
            2: self._ask_for_key_frames,
            **{minute: partial(pipeline.set_profile, name) for minute, name in profiles.items()},
            9: partial(setattr, self.cameras, "plugged", False), 10: partial(setattr, self.cameras, "plugged", True),
            11: partial(self.screen.resize, *narrow), 12: partial(self.screen.resize, *wide),
            13: self.screen.plug, 14: self.microphones.switch, 15: self.screen.unplug, 16: self.end,
        }  # fmt: skip

    def _ask_for_key_frames(self) -> None:
        assert self.pipeline is not None, "asked while it is recorded"
        for track in (Track.SCREEN, Track.SCREEN_SMALL, Track.WEBCAM, Track.WEBCAM_SMALL):
            self.pipeline.key_frame(track)

    def second(self, second: int) -> None:
        """What the agent does once a second and once a minute, and a server that acknowledges what it has."""
        minute = second // 60
        self.recorder.tick()
        if second % large_memory.TRIM_EVERY_S == 0:
            large_memory.give_back_rest()
        if minute % CYCLE_MIN not in OUTAGE_MIN:
            for lane in Lane:
                self.spool.free(lane, self.spool.synced_position(lane))

    def _busy(self) -> bool:
        pipeline = self.pipeline
        if pipeline is None:
            return False
        lanes = [pipeline._webcam, *(shot.lane for shot in pipeline._screens._shots.copy().values())]
        return any(len(lane._queue) >= 2 for lane in lanes) or len(pipeline._sound._queue) >= 32


class _Analyst:
    """The search on the device and its rules, as `looking` joins them."""

    def __init__(self, exam: Exam) -> None:
        from candidate_agent.capture.analysis.analyst import Analyst
        from candidate_agent.capture.analysis.models.files import MODELS_DIR
        from candidate_agent.capture.analysis.rules.findings import Findings

        self._exam, self._findings = exam, Findings()
        media_time_us = exam.recorder.media_time_us
        self._analyst = Analyst(
            exam.camera, MODELS_DIR, exam.clock, self._observe, exam.event, media_time_us,
            read=large_memory.in_large_pages,
        )  # fmt: skip
        self.hear = self._analyst.hear
        self._analyst.start()

    def _observe(self, observation: object) -> None:
        now_us = self._exam.recorder.media_time_us(self._exam.clock.monotonic_us())
        for flag in self._findings.take(observation, now_us):  # type: ignore[arg-type]
            self._exam.flag(flag)

    def stop(self) -> None:
        self._analyst.stop()


def pictures(*, faces: bool) -> list[Image]:
    """What the camera looks at: a room in which something moves, or a drawn face that turns."""
    if faces:
        from tests.candidate_agent.capture.analysis.drawn import face

        drawn = [face(turn=turn)[120:420, 120:520] for turn in np.linspace(-1, 1, 8)]
        return [cv2.resize(each, CAMERA_SIZE).astype(np.uint8) for each in drawn]
    shown = []
    for number in range(16):
        room = np.full((CAMERA_SIZE[1], CAMERA_SIZE[0], 3), (150, 170, 160), np.uint8)
        shown.append(cv2.circle(room, (120 + 5 * number, 110), 40, (140, 180, 220), -1).astype(np.uint8))
    return shown


def voice() -> npt.NDArray[np.int16]:
    at = np.arange(48_000 * 6) / 48_000
    return (3000 * np.sin(2 * np.pi * 220 * at) * (np.sin(2 * np.pi * at / 3) > 0)).astype(np.int16)


def memory() -> dict[str, float]:
    """MB resident, and with shared pages by their share."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kb = {line.split()[0]: int(line.split()[1]) for line in lines}
    return {"rss": kb["Rss:"] * 1.024 / 1000, "pss": kb["Pss:"] * 1.024 / 1000}


def sample(exam: Exam) -> dict[str, float]:
    disk_bytes = sum(path.stat().st_size for path in exam.directory.rglob("*") if path.is_file())
    return {
        **memory(), "files": len(list(Path("/proc/self/fd").iterdir())), "threads": threading.active_count(),
        "disk_mb": disk_bytes / 1e6, "speed": exam.clock.speed,
    }  # fmt: skip


def run(exam: Exam, minutes: int, limit_s: float, tell: Callable[[dict[str, float]], None]) -> None:
    """`tell` gets the median of each minute's samples of memory, with everything else as it is at its end."""
    began_s, second, seen = time.monotonic(), 0, []
    exam.begin()
    while second < minutes * 60 and time.monotonic() - began_s < limit_s:
        _steer(exam)
        time.sleep(0.01)
        now = exam.clock.monotonic_us() // SECOND_US
        while second < now:
            second += 1
            exam.second(second)
            if second % 10 == 0:
                seen.append(memory())
            if second % 60 == 0:
                middle = {name: float(np.median([each[name] for each in seen])) for name in seen[0]}
                tell({"minute": second // 60, **sample(exam), **middle})
                seen = []
                exam.turn(second // 60)


def _steer(exam: Exam) -> None:
    """As fast as the lanes can follow."""
    late = exam.gate.take_lag_us() > LAG_US
    exam.clock.run_at(max(SLOWEST, exam.clock.speed * 0.97) if late else min(exam.speed, exam.clock.speed * 1.01))


def main() -> None:
    large_memory.give_back_large()
    mode, minutes, limit_s, speed = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    with tempfile.TemporaryDirectory() as directory:
        exam = Exam(Path(directory), speed, looks=mode == "models")
        undo = quicken(exam.clock)
        exam.open()
        began_s = time.monotonic()
        run(exam, minutes, limit_s, lambda row: print(json.dumps(row), flush=True))
        exam.close()
        undo()
        totals = exam.totals
    hours = exam.clock.monotonic_us() / 3.6e9
    print(json.dumps({
        "hours": hours, "seconds": time.monotonic() - began_s, "events": totals.events, "packets": totals.packets,
        "written_bytes": totals.written_bytes, "flags": totals.flags, "dropped": totals.dropped,
        "broken": totals.broken,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
