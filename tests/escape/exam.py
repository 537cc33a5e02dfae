"""A locked exam without a server, in a process of its own: the real agent, from the moment a proctor would admit.

`python -m tests.escape.exam HOME ADDRESS [bare]` is started by `room`. It writes what a joined session leaves on the
disk and runs the real `App` on it: window, lockdown, keeper, monitor, upkeep and session machine, wired by `app`. Two
things differ: nothing is recorded (no camera is needed), and the wall clock can be bent, because the machine's own must
not be. Prints one JSON line per fact, takes one JSON line per question.
"""

import asyncio
import json
import os
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from candidate_agent.base.clock import SystemClock
from candidate_agent.platforms.private_memory import keep_off_disk
from candidate_agent.ui.environment import DEMO, draw_by_processor, preloaded, strip_environment

keep_off_disk()
os.environ.pop(DEMO, None)
PRELOADED = preloaded(os.environ)
STRIPPED = strip_environment(os.environ)  # as `cli` does, before anything of Qt
os.environ[DEMO] = "1"  # from here on: tests run as root, where the browser has no sandbox
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox --disable-gpu"
draw_by_processor(os.environ)

from PySide6.QtCore import QUrl  # noqa: E402

from candidate_agent import app  # noqa: E402
from candidate_agent.base.logs import Log  # noqa: E402
from candidate_agent.capture.pipeline import Pipeline  # noqa: E402
from candidate_agent.config import Config, Launch  # noqa: E402
from candidate_agent.driver import Driver  # noqa: E402
from candidate_agent.opening import Opening  # noqa: E402
from candidate_agent.session import events as ev  # noqa: E402
from candidate_agent.session.effects import ApplyLockdown, Effect, RestoreComputer  # noqa: E402
from candidate_agent.session.states import Kept, Phase  # noqa: E402
from candidate_agent.spool import session_file  # noqa: E402
from exam_protocol import messages as m  # noqa: E402
from exam_protocol.policy import ExamAccess, Policy, code_hash  # noqa: E402
from tests.candidate_agent.ui.stage import run_script  # noqa: E402
from tests.escape import records  # noqa: E402
from tests.server_stub.client import Office  # noqa: E402

CODE = "SEAT-0001"
LEASE_S = 7200


def say(event: str, **facts: Any) -> None:
    """Times are those of the machine's steady clock, which every process shares."""
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **facts}) + "\n")
    sys.stdout.flush()


class BentClock(SystemClock):
    bent_ms = 0

    def wall_ms(self) -> int:
        return super().wall_ms() + self.bent_ms


class Told(Driver):
    """The real driver; what it is told of flags and phases is passed on."""

    def post(self, event: ev.Event) -> None:
        if isinstance(event, ev.FlagRaised):
            say("flag", code=event.flag.code, reason=event.flag.reason, count=event.flag.count)
        super().post(event)


class NothingRecorded:
    """In the place of the pipeline: recording has tests of its own."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def stats(self) -> dict[str, float]:
        return {}

    def key_frame(self, _track: int) -> None: ...

    def set_profile(self, _name: str) -> None: ...


class Exam(app.App):
    def __init__(self, office: Office, address: str, bare: bool, *opened: Any) -> None:
        """`opened`: what `opening` brings to the app."""
        origin = address.rsplit("/", 1)[0]
        self._bare = bare
        self._access = ExamAccess(address, "S3CRETCODE", (origin,))
        self._office = office
        super().__init__(*opened, preloads=PRELOADED)
        self._clock = BentClock()
        self._exam_clock = app.SleeplessClock(self._clock, app.asleep_us)

    async def _perform(self, effect: Effect) -> None:
        """`bare`: the same window, as large, and nothing held or watched. The peer of a benchmark."""
        if self._bare and isinstance(effect, ApplyLockdown):
            self._windows._post(lambda: self._windows._native.showFullScreen())
            self._driver.post(ev.LockdownApplied())
        elif not (self._bare and isinstance(effect, RestoreComputer)):
            await super()._perform(effect)

    def _make_pipeline(self) -> Pipeline:
        return NothingRecorded()  # type: ignore[return-value]

    def _publish(self, session: Any) -> None:
        super()._publish(session)
        if session.phase is not getattr(self, "_told_phase", None):
            self._told_phase = session.phase
            say("phase", phase=session.phase.value, reason=session.reason)
            if session.phase is Phase.WAITING:
                self._admit()

    def _admit(self) -> None:
        self._driver.post(ev.LeaseRenewed(LEASE_S))
        self._driver.post(ev.CommandArrived("admit", "amal", "Amal", m.AdmitBody(access=self._access), b""))

    def run(self) -> None:
        threading.Thread(target=self._listen, name="questions", daemon=True).start()
        super().run()

    # --- questions from outside ---------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                answer: Any = getattr(self, f"ask_{asked['ask']}")(*asked["with"])
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            say("answer", number=asked["number"], answer=answer)

    def ask_state(self) -> dict[str, Any]:
        session = self._driver.session
        return {
            "phase": session.phase.value,
            "held": session.lockdown_held,
            "window": self._windows.window_id(),
            "visible": self._windows.exam_visible(),
            "slipped": list(self._lockdown.verify()),
        }

    def ask_script(self, source: str) -> Any:
        return run_script(self._windows, source, exam=True)

    def ask_load(self, address: str) -> bool:
        """The exam page goes somewhere, whatever it shows now."""
        view = self._windows._exam.view if self._windows._exam else None
        assert view is not None
        self._windows._post(lambda: view.page().load(QUrl(address)))
        return True

    def ask_fresh(self) -> bool:
        """A monitor that remembers nothing: flags of the last minute are folded no more."""
        loop = self._driver._loop
        assert loop is not None
        asyncio.run_coroutine_threadsafe(self._renew_monitor(), loop).result(10)
        return True

    async def _renew_monitor(self) -> None:
        hands = self._hands
        await hands.locking.stop_monitor()
        monitor = hands.locking.monitor = hands.parts.make_monitor()
        await asyncio.to_thread(monitor.start)

    def ask_records(self) -> list[str]:
        """Everything that was recorded, opened with the key of the institution's archive."""
        return [text.decode("latin-1") for text in records.opened(self._hands.parts.spool, self._join, self._office)]

    def ask_bend(self, by_ms: int) -> int:
        self._clock.bent_ms += by_ms  # type: ignore[attr-defined]
        return by_ms

    def ask_finish(self) -> bool:
        self._driver.post(ev.ExamFinished())
        return True

    def ask_close(self) -> bool:
        self._driver.post(ev.WindowClosed())
        return True


def _leave_joined_session(directory: Path, office: Office) -> None:
    """What `joining` finds after a restart: a session that waits to be admitted."""
    policy = Policy(id_card=False, room_scan=False)
    package = office.make_package(bytes(32), policy=policy)
    made = session_file.SessionFile(
        bytes(16),
        session_file.SigningKey.generate().seed,
        session_file.WrapKey.generate().raw,
        package,
        token="none",
        ticket=office.make_ticket(CODE),
        roster=office.make_roster("amal"),
        kept=Kept(Phase.WAITING),
    )
    session_file.save(directory, made)


def main() -> int:
    home_dir, address, *words = sys.argv[1:]
    app.Driver = Told  # type: ignore[misc]
    say("stripped", names=list(STRIPPED))
    if "bare" in words:
        app.Housekeeping._look_after_lockdown = _nothing_held  # type: ignore[method-assign]
    config, office = Config(Path(home_dir), demo=True), Office()  # tests run as root
    _leave_joined_session(config.session_dir(office.fingerprint, code_hash(CODE)), office)
    load = partial(Exam, office, address, "bare" in words)
    return Opening(config, Launch(office.fingerprint, CODE), Log(sys.stderr), load).run()


async def _nothing_held(_house: object) -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
