"""A few simulated minutes: what begins with a display, a camera, a profile or a break ends with it as well."""

import gc
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.long_agent import Exam, _steer
from bench.quick import quicken
from tests.candidate_agent.capture.studio import until

pytestmark = pytest.mark.slow  # 3 s on a quiet machine, many times that on a busy one


@pytest.fixture
def exam(tmp_path: Path) -> Iterator[Exam]:
    exam = Exam(tmp_path, 60.0, looks=False)
    undo = quicken(exam.clock)
    exam.open()
    yield exam
    exam.close()
    undo()


def after(exam: Exam, packets: int, also: Callable[[], bool] = lambda: True) -> None:
    """Once so many more packets are sealed."""
    wanted = exam.totals.packets + packets

    def done() -> bool:
        _steer(exam)
        return exam.totals.packets >= wanted and also()

    until(done, 60)


def sit(exam: Exam) -> None:
    """From one break to the next: a second display, another size, another profile, the camera lost and back."""
    exam.begin()
    assert exam.pipeline is not None
    after(exam, 10)
    exam.screen.plug()
    after(exam, 10, lambda: any(name.startswith("screen_2") for name in exam.pipeline.stats()))
    exam.pipeline.set_profile("low")
    exam.cameras.plugged = False
    exam.screen.resize(360, 640)
    after(exam, 10)
    exam.cameras.plugged = True
    exam.screen.unplug()
    exam.screen.resize(640, 360)
    exam.microphones.switch()
    after(exam, 10)
    exam.end()
    exam.clock.run_at(20.0)


def held() -> tuple[int, int, Counter[str]]:
    """Threads, open files, and objects of the media path by their kind."""
    gc.collect()
    kinds = Counter(type(one).__qualname__ for one in gc.get_objects() if _of_media(type(one)))
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir())), kinds


def _of_media(kind: type) -> bool:
    return str(kind.__module__).startswith(("candidate_agent.capture", "candidate_agent.platforms", "av."))


def test_no_break_leaves_a_thread_a_file_or_an_object_behind(exam: Exam) -> None:
    sit(exam)
    first = held()
    for _ in range(2):
        sit(exam)
    assert held() == first
    assert exam.totals.broken == 0
