"""The real agent is killed, or its window closed, in each step of check-in: the next start shows that step again, of
the same session, with what was sent. (That a kill at any moment costs no record: tests/demo/test_kills.py.)
"""

import json
import os
import signal
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from demo.failure import wait_for
from tests.sitting.desk import START_S, Desk, SeatedAgent, read_session
from tests.sitting.short_way import SWITCHES

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(280)]

SENT = "id_card=sent"
ENDS = (0, 13)  # the latter where the camera of a busy test machine was not there yet
DATA = "JSON.stringify({...document.getElementById('screen')?.dataset})"


@dataclass(frozen=True)
class Stop:
    """`be`: as `short_way` takes it; `screen`: what the next start shows."""

    be: str
    screen: str
    closes: bool = False
    part: str = ""


STOPS = (
    Stop("consenting consent_at=webcam", "consent", part="webcam"),
    Stop("checking", "checks"),
    Stop("identifying id_card=taken", "identity"),
    Stop(f"identifying {SENT} room=asked_again", "room", closes=True),
    Stop(f"waiting {SENT} room=sent", "waiting"),
)
"""A window that is closed in the consent and in the checks: test_bad_input."""


def begins(desk: Desk, code: str, home_dir: Path, switches: Path) -> SeatedAgent:
    agent = desk.agent(home_dir)
    agent.module = "tests.sitting.short_way"
    switches.unlink(missing_ok=True)
    words = [*desk.exam.words(code), "--no-window"]
    agent.begin(words, desk.environment({SWITCHES: str(switches)}))
    return agent


def shown(desk: Desk, agent: SeatedAgent) -> tuple[str, str]:
    """Screen, and the stage of the consent."""
    data = json.loads(desk.candidate(agent).own.evaluate(DATA))
    return data.get("screen", ""), data.get("part", "") if data.get("screen") == "consent" else ""


def ends(desk: Desk, agent: SeatedAgent, *, closes: bool) -> None:
    """By the window manager, or in the middle of everything."""
    if closes:
        assert desk.closes(agent) in ENDS
        return
    assert agent.running is not None
    os.kill(agent.running.process.pid, signal.SIGKILL)
    agent.running.process.wait(10)


def test_each_step_of_check_in_is_shown_again_after_a_kill_and_after_closing_the_window(
    desk: Desk, tmp_path: Path
) -> None:
    code, home_dir, switches = desk.exam.ticket(), tmp_path / "home", tmp_path / "switches"
    agent = begins(desk, code, home_dir, switches)
    agent.wait_phase("consenting", timeout_s=START_S)
    session_id = read_session(agent)["session_id"]
    for stop in STOPS:
        switches.write_text(f"be {stop.be}\n")
        wait_for("it is kept", partial(is_kept, agent, stop), 20)
        ends(desk, agent, closes=stop.closes)
        agent = begins(desk, code, home_dir, switches)
        comes_back(desk, agent, stop)
        assert read_session(agent)["session_id"] == session_id
        if SENT in stop.be:
            assert (kept(agent)["id_card"]["status"], kept(agent)["id_card"]["attempt"]) == ("sent", 1)
    assert desk.closes(agent) in ENDS


def comes_back(desk: Desk, agent: SeatedAgent, stop: Stop) -> None:
    phase = stop.be.split()[0]
    agent.wait_phase(phase, timeout_s=START_S)
    seen = [line["phase"] for line in agent.events("phase")]
    assert seen[-1] == phase and not set(seen) - {"joining", "idle", phase}, (stop, seen)
    wait_for(f"{stop}", lambda: shown(desk, agent) == (stop.screen, stop.part), 20)
    assert "Welcome back" in desk.candidate(agent).own.text(), stop


def kept(agent: SeatedAgent) -> dict[str, Any]:
    found = read_session(agent)["kept"]
    assert isinstance(found, dict)
    return found


def is_kept(agent: SeatedAgent, stop: Stop) -> bool:
    now, (phase, *_) = kept(agent), stop.be.split()
    sent = SENT not in stop.be or now["id_card"]["status"] == "sent"
    return sent and now["phase"] == phase and (not stop.part or now["consent_at"] == stop.part)
