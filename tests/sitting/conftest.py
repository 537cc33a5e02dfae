"""One screen, sound server, camera, server and exam for all tests of a module; agents are each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.processes import Processes
from tests.rig.camera import CameraRig
from tests.rig.microphone import MicrophoneRig
from tests.rig.xserver import XServer
from tests.server_stub.client import Office, ServerProcess
from tests.sitting.desk import Desk, publish


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    work_dir: Path = tmp_path_factory.mktemp("desk")
    (work_dir / "logs").mkdir()
    processes, office = Processes(work_dir / "logs"), Office()
    screen, microphone, camera = XServer(), MicrophoneRig(work_dir), CameraRig(work_dir)
    server = ServerProcess(work_dir / "server", office.fingerprint)
    try:
        screen.start()
        microphone.start()
        camera.build()
        server.start()
        server.add_proctor("amal")
        server.add_proctor("bo")
        exam = publish(server, office, work_dir / "exam.exampackage")
        yield Desk(work_dir, processes, screen, camera, microphone, exam)
    finally:
        processes.end_all()
        server.stop()
        microphone.stop()
        screen.stop()


@pytest.fixture
def desk(room: Desk) -> Iterator[Desk]:
    """Whatever goes wrong in a test: afterwards the computer is as it was before."""
    before = room.snapshot()
    yield room
    room.clear()
    room.microphone.silence()
    room.microphone.mute(False)
    room.camera.plug()
    room.camera.release()
    assert before.differences(room.snapshot()) == {}
