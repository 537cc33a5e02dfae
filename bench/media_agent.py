"""The agent's media path without window: devices, pipeline, sealing, spool. A child of bench/media.py.

Records until its stdin closes, then prints the pipeline's figures as JSON. Seals and spools by the recorder. With
`findings` as its second word it looks for what the models find as well; a path there gets the screen's stream in clear.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.analysis.analyst import Analyst
from candidate_agent.capture.analysis.models.files import MODELS_DIR
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.pipeline import MediaSink, Pipeline
from candidate_agent.capture.sources import CameraSource
from candidate_agent.platforms.linux.screen import X11Screen
from candidate_agent.platforms.low_priority import stand_back
from candidate_agent.platforms.portable import devices
from candidate_agent.platforms.ports import Display
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from exam_protocol.keys import WrapKey
from exam_protocol.records import Media, Track
from exam_protocol.signing import SigningKey


def opened(spool: Spool) -> Recorder:
    clock = SystemClock()
    recorder = Recorder(spool, SigningKey.generate(), clock, bytes(16))
    wrap_key = WrapKey.generate().public_key
    recorder.open_session(
        ticket_hash=bytes(32), wrap_key=wrap_key, build="bench", machine="linux/x11", package_hash=bytes(32),
        roster_version=1, zone="UTC", wall_ms=clock.wall_ms(),
    )  # fmt: skip
    recorder.new_epoch({"proctor": wrap_key}, 1, bytes(32))
    return recorder


class Kept:
    """A sink before the sink: what the screen's packets hold is written into a file."""

    def __init__(self, sink: MediaSink, stream: BinaryIO) -> None:
        self._sink, self._stream = sink, stream

    def media(self, track: int, media: Media, *, key_frame: bool, taken_us: int) -> None:
        if track == Track.SCREEN:
            self._stream.write(media.data)
        self._sink.media(track, media, key_frame=key_frame, taken_us=taken_us)


def record(sink: MediaSink, profile: str, *, looks: bool) -> dict[str, float]:
    events: list[CaptureEvent] = []
    cameras, microphones = devices.camera_port(), devices.microphone_port()
    camera = CameraSource(cameras, cameras.cameras()[0], emit=events.append)
    analyst = Analyst(camera, MODELS_DIR, SystemClock(), lambda observation: None, events.append, settle=stand_back)
    pipeline = Pipeline(
        screen=X11Screen(devices.screen_port()), display=Display("screen", 0, 0, 0, 0, True), camera=camera,
        microphone=(microphones, microphones.microphones()[0]), sink=sink, profile=profile,
        emit=events.append, clock=SystemClock(), tap=analyst.hear,
    )  # fmt: skip
    camera.start()
    pipeline.start()
    if looks:
        analyst.start()
    sys.stdin.read()
    analyst.stop()
    pipeline.stop()
    camera.stop()
    return {**pipeline.stats(), **analyst.stats(), "events": len(events)}


def main() -> None:
    more = sys.argv[2] if len(sys.argv) > 2 else os.devnull
    looks, stream_path = more == "findings", os.devnull if more == "findings" else more
    with tempfile.TemporaryDirectory() as directory, Path(stream_path).open("wb") as stream:
        spool = Spool(Path(directory) / "spool")
        spool.open()
        figures = record(Kept(opened(spool), stream), sys.argv[1], looks=looks)
        spool.close()
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
