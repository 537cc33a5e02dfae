"""A candidate with the whole media path: screen, camera, microphone, encoders; no window, nothing looked for.

A child of bench/canvas/measure.py. Words beside those of `candidate`: `keep`, then `write PATH`.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.canvas.candidate import Candidate, take_part
from bench.canvas.packets import VIDEO, Keeping
from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display


def _nothing(_: CaptureEvent) -> None:
    pass


@contextmanager
def recording(candidate: Candidate) -> Iterator[Callable[[str], None]]:
    keeping = Keeping(candidate)
    cameras, microphones = devices.camera_port(), devices.microphone_port()
    camera = CameraSource(cameras, cameras.cameras()[0], emit=_nothing)
    pipeline = Pipeline(
        screen=X11Screen(devices.screen_port()), display=Display("screen", 0, 0, 0, 0, True), camera=camera,
        microphone=(microphones, microphones.microphones()[0]), sink=keeping, profile="standard", emit=_nothing,
        clock=SystemClock(),
    )  # fmt: skip

    def hear(word: str) -> None:
        if word == "keep":
            keeping.begin()
            for track in VIDEO:
                pipeline.key_frame(track)
        elif word.startswith("write "):
            keeping.write(Path(word.removeprefix("write ")))

    candidate.ask_key = pipeline.key_frame
    camera.start()
    pipeline.start()
    try:
        yield hear
    finally:
        pipeline.stop()
        camera.stop()


if __name__ == "__main__":
    asyncio.run(take_part(sys.argv[1:], "linux/x11 (benchmark)", recording))
