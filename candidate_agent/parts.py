"""What `app` builds and gives to those who carry out orders: `hands` and the modules under it. No behaviour."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from candidate_agent.base.clock import Clock
from candidate_agent.base.logs import Log
from candidate_agent.capture.analysis.observations import Observation
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.events import CaptureEvent
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.sound_clock import Samples
from candidate_agent.diary import Diary
from candidate_agent.joining import Join
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.monitor.running import RunningPrograms
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms.ports import LetterPort, Unsupported
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.tryout import Tryout
from candidate_agent.uplink.sender import Uplink
from exam_protocol.policy import ExamAccess


class Stage(Protocol):
    """What the hands ask of the window; `ui.windows.Windows` fits."""

    def show_exam(self, access: ExamAccess, on_blocked: Callable[[str, str], None]) -> None: ...

    def cover_exam(self) -> None: ...

    def hide_exam(self) -> None: ...

    def enter_exam(self) -> None: ...

    def leave_exam(self) -> None: ...

    def preview(self, name: str, jpeg: bytes) -> None: ...


class Looker(Protocol):
    """What `looking` asks of who looks and listens; `capture.analysis.analyst.Analyst` fits."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def rest(self) -> None: ...

    def resume(self) -> None: ...

    def hear(self, samples: Samples, taken_us: int) -> None: ...

    def note(self, event: CaptureEvent) -> None: ...

    def stats(self) -> dict[str, float]: ...


def nobody_looks(observe: Callable[[Observation], None]) -> Looker | None:
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """Factories make what must be new each time, or what is known only after joining."""

    join: Join
    clock: Clock
    log: Log
    spool: Spool
    recorder: Recorder
    booth: Booth
    stage: Stage
    tryout: Tryout
    lockdown: Lockdown
    machine_name: str
    zone: str
    make_uplink: Callable[[], Uplink]
    make_pipeline: Callable[[], Pipeline]
    make_monitor: Callable[[], Monitor]
    make_running: Callable[[], RunningPrograms]
    run_checks: Callable[[str], Awaitable[object]]
    close_window: Callable[[], None]
    blocked: Callable[[str, str], None]  # (kind, origin) of a request the exam page was denied
    screenshot: Callable[[], bytes]  # JPEG of the exam screen; raises DeviceError
    play_cue: Callable[[], bool]  # returns when it was played; False: it could not be
    open_receipt: Callable[[], None]
    save_own_data: Callable[[Diary], None]  # blocks; raises StorageError
    open_report: Callable[[], object] = field(default=lambda: None, kw_only=True)  # of a practice; may block
    make_looker: Callable[[Callable[[Observation], None]], Looker | None] = nobody_looks
    opted_in: Callable[[], frozenset[str]] = frozenset  # codes for which face or voice may be compared
    letters: Callable[[], LetterPort | Unsupported] = lambda: Unsupported("Nothing here reads letters.")
