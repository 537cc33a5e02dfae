"""One screen, sound server, camera, server and exam for all tests of a module; agents are each test's own."""

from collections.abc import Iterator

import pytest

from tests.sitting.desk import Desk, standing


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with standing(tmp_path_factory.mktemp("desk")) as made:
        made.exam.server.add_proctor("amal")
        made.exam.server.add_proctor("bo")
        yield made


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
