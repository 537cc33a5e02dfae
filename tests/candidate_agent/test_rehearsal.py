"""Part of an exam before the exam: real encoders and seals on scripted devices, over a small server, kept nowhere."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from candidate_agent.base.clock import SystemClock
from candidate_agent.capture.pipeline import MediaSink, Pipeline
from candidate_agent.capture.sources import CameraSource
from candidate_agent.checks.rehearsal import Rehearsed, judge
from candidate_agent.rehearsal import Rehearsal, Sealing
from candidate_agent.uplink.delivery import Delivery
from exam_protocol import messages as m
from exam_protocol.keys import EPOCH_KEY_BYTES
from exam_protocol.records import Codec, Media, Track, parse_header
from exam_protocol.sealing import EpochSealer
from tests.candidate_agent.capture.studio import CAMERA, DISPLAY, MICROPHONE, ScriptedDevice, ScriptedMicrophone

SECONDS = 1.5  # instead of thirty: what is seen here is the way, not the length


class Server:
    """Answers what it is told to; the rest is silence."""

    def __init__(self, answers: bool = True) -> None:
        self.answers = answers
        self.heard: list[str] = []

    async def __call__(self, make: object) -> m.Pong:
        probe = make(len(self.heard))  # type: ignore[operator]
        self.heard.append(probe.data)
        if not self.answers:
            await asyncio.Event().wait()
        return m.Pong(probe.id, 0)


def moving(channels: int) -> ScriptedDevice:
    noise = np.random.default_rng(1).integers(0, 255, (240, 320, channels), np.uint8)
    return ScriptedDevice(lambda number: np.roll(noise, number, axis=1), per_s=50)


class Room:
    def __init__(self) -> None:
        self.microphone = ScriptedMicrophone()
        self.camera = CameraSource(moving(3), CAMERA)
        self.made: list[Pipeline] = []

    def pipeline(self, sink: MediaSink) -> Pipeline:
        made = Pipeline(
            screen=moving(4), display=DISPLAY, camera=self.camera, microphone=(self.microphone, MICROPHONE),
            sink=sink, profile="low", emit=lambda _: None, clock=SystemClock(),
        )  # fmt: skip
        self.made.append(made)
        return made

    async def rehearse(self, server: Server) -> Rehearsed:
        self.camera.start()
        try:
            return await Rehearsal(self.pipeline, Delivery(server), SystemClock(), SECONDS).run()
        finally:
            await asyncio.to_thread(self.camera.stop)


async def test_screen_camera_and_sound_are_recorded_sealed_sent_and_acknowledged() -> None:
    server = Server()
    done = await Room().rehearse(server)
    assert done.pieces == done.acknowledged == len(server.heard) > 10
    assert done.missing == () and judge(done).outcome == "pass"


async def test_nothing_of_it_is_written_to_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    monkeypatch.setattr(Path, "write_bytes", lambda *given: written.append(given))
    monkeypatch.setattr("builtins.open", lambda *given, **words: written.append(given))
    await Room().rehearse(Server())
    assert written == []


async def test_a_microphone_that_gives_nothing_is_named() -> None:
    room = Room()
    room.microphone.present = False
    done = await room.rehearse(Server())
    assert done.missing == ("sound",) and judge(done).outcome == "person"


async def test_a_rehearsal_that_is_stopped_lets_go_of_everything() -> None:
    room = Room()
    task = asyncio.create_task(Rehearsal(room.pipeline, Delivery(Server()), SystemClock(), 60).run())
    async with asyncio.timeout(10):
        while not room.made:  # noqa: ASYNC110  the pipeline has no event for "made"
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()  # that no thread stays is looked after by conftest


async def test_a_server_that_never_answers_is_a_loss_and_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("candidate_agent.rehearsal.LATE_S", 0.1)
    done = await Room().rehearse(Server(answers=False))
    assert done.acknowledged == 0 and judge(done).outcome == "fail"


def test_a_key_is_made_for_each_rehearsal_and_the_server_gets_only_what_it_seals() -> None:
    sent: list[bytes] = []
    media = Media(Codec.H264, 320, 240, b"a face" * 100)
    keys = iter([bytes(16), b"k" * EPOCH_KEY_BYTES, b"s" * 16, b"l" * EPOCH_KEY_BYTES])
    for _ in range(2):
        Sealing(sent.append, lambda count: next(keys)).media(Track.WEBCAM, media, key_frame=True, taken_us=5)
    assert not any(b"a face" in record for record in sent) and sent[0] != sent[1]
    assert [parse_header(record).session_id for record in sent] == [bytes(16), b"s" * 16]
    _, opened = EpochSealer(bytes(16), 1, b"k" * EPOCH_KEY_BYTES).open(sent[0])
    assert opened.endswith(media.data)


@pytest.mark.parametrize(
    ("done", "outcome", "value"),
    [
        (Rehearsed(200, 200, 0), "pass", 100.0), (Rehearsed(200, 200, 3), "warn", 100.0),
        (Rehearsed(3000, 2999, 3), "fail", 99.9), (Rehearsed(0, 0, 0), "fail", 0.0),
        (Rehearsed(200, 200, 0, ("camera",)), "person", 100.0),
    ],
)  # fmt: skip
def test_a_hundred_per_cent_is_only_said_where_all_arrived(done: Rehearsed, outcome: str, value: float) -> None:
    row = judge(done)
    assert (row.outcome, row.value, row.unit) == (outcome, value, "%")
    assert bool(row.remedy) is (outcome != "pass")
