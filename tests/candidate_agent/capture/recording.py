"""A child for the tests with real devices: runs the pipeline, obeys stdin (`key 1`, `profile low`, `stop`).

On stdout: one line of JSON for each packet, event and answer. Started by test_pipeline_real.py.
"""

import base64
import json
import sys
import threading
from typing import Any

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from exam_protocol.records import Media


class Reporter:
    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, **words: Any) -> None:
        with self._lock:
            sys.stdout.write(json.dumps(words) + "\n")
            sys.stdout.flush()

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        data = base64.b64encode(media.data).decode()
        self.say(
            kind="packet",
            track=int(track),
            key=key_frame,
            us=taken_us,
            data=data,
            width=media.width,
            height=media.height,
        )

    def event(self, event: CaptureEvent) -> None:
        self.say(kind="event", name=type(event).__name__)


def main() -> None:
    reporter, clock = Reporter(), SystemClock()
    cameras, microphones = devices.camera_port(), devices.microphone_port()
    camera = CameraSource(cameras, cameras.cameras()[0], emit=reporter.event)
    pipeline = Pipeline(
        screen=devices.screen_port(), display=Display("screen", 0, 0, 0, 0, True), camera=camera,
        microphone=(microphones, microphones.microphones()[0]), sink=reporter, profile="standard",
        emit=reporter.event, clock=clock,
    )  # fmt: skip
    camera.start()
    pipeline.start()
    for line in sys.stdin:
        order, _, word = line.strip().partition(" ")
        if order == "stop":
            break
        reporter.say(kind="answer", order=order, us=clock.monotonic_us())
        if order == "key":
            pipeline.key_frame(int(word))
        elif order == "profile":
            pipeline.set_profile(word)
    pipeline.stop()
    camera.stop()
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("capture")]
    reporter.say(kind="end", threads=left, stats=pipeline.stats())


if __name__ == "__main__":
    main()
