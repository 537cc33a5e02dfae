"""A live sitting, timed: the real server, the agent in its window, the console in Chromium, on one computer and clock.

How old a picture is when the console draws it, and how long a proctor's word takes from her click to the candidate's
screen. `python -m bench.live` measures this alone; `bench/__main__.py` calls `measure`. The sitting is the demo's.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from bench.results import Figure, tell
from demo.failure import need, wait_for
from demo.processes import MARK
from demo.scripted import put_away
from demo.stage import Stage, build
from demo.steps import check_in, exam, institution

TYPING = "an eigenvalue of zero means that the matrix maps a nonzero vector to zero so its kernel is not trivial "
KEY_EVERY_MS, TYPING_S = 125, 130
SETTLING_S, PICTURES_S = 5.0, 32.0
WORDS, WORD_EVERY_S = 60, 0.5
PICTURES_BAR_MS, WORD_BAR_MS = 400, 200

_CHECK_AGAIN = '[id^="check-again-"]'
_NOTE_CLICKS = """() => { window.bench_sent = [];
  document.getElementById('chat-send').addEventListener('click', () => window.bench_sent.push(Date.now()), true); }"""
# Seen means drawn: a task that is queued in the animation frame after the change runs when the page has painted it.
_NOTE_WORDS = """(() => { window.bench_seen = {};
  const drawn = word => { const after = new MessageChannel();
    after.port1.onmessage = () => { window.bench_seen[word] = Date.now(); };
    requestAnimationFrame(() => after.port2.postMessage(0)); };
  const look = () => { for (const node of document.querySelectorAll('.theirs .said')) {
    const word = node.textContent;
    if (!(word in window.bench_seen)) { window.bench_seen[word] = null; drawn(word); }
  } };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
  return true; })()"""


def measure() -> list[Figure]:
    """About 90 s. Raises StepFailed where the sitting does not come about."""
    with tempfile.TemporaryDirectory(prefix="exam-bench-") as directory:
        stage = build(Path(directory))
        os.environ[MARK] = stage.processes.run_id  # so that everything started from here can be found again
        try:
            admit(stage)
            return observe(stage)
        finally:
            stage.clear()
            del os.environ[MARK]
            put_away(stage, False, lambda _: None)


def admit(stage: Stage) -> None:
    """From nothing to a candidate who sees the exam, with a proctor who looks at her."""
    institution.play(stage)
    check_in.start(stage)
    stage.person.consents()
    _pass_checks(stage)
    for step in ("id_card", "room"):
        stage.person.captures(step)
    stage.agent.wait_phase("waiting")
    stage.machine.put_card_away()
    stage.proctor.admits()
    exam.lockdown(stage)


def _pass_checks(stage: Stage) -> None:
    """A busy machine fails the check of its processor, a word spoken too early that of the microphone: then again."""
    page, microphone = stage.person.own, stage.machine.microphone
    microphone.speak(check_in.SENTENCE)

    def passed() -> bool:
        ready = page.place("#checks-continue").state not in ("missing", "disabled")
        if not ready and page.place(_CHECK_AGAIN).state not in ("missing", "hidden", "disabled"):
            microphone.speak(check_in.SENTENCE)
            page.click(_CHECK_AGAIN)
        return ready

    wait_for("the checks are passed", passed, 90, every_s=1)
    page.click("#checks-continue")
    microphone.silence()
    stage.agent.wait_phase("identifying", timeout_s=20)


def observe(stage: Stage) -> list[Figure]:
    """While somebody types: first the pictures alone, then words as well."""
    wait_for("pictures reach the console", lambda: stage.proctor.metrics()["latency_ms"], 30)
    _open_chat(stage)
    typing = stage.processes.start("typing", _typing(), {"DISPLAY": stage.machine.display})
    time.sleep(SETTLING_S)
    pictures_ms = _pictures_ms(stage)
    memory_bytes = _memory_bytes(stage)
    words_ms = _words_ms(stage)
    need(typing.alive, "the typing ended too early")
    stage.processes.end(typing)
    return [
        *_pair("live.capture_to_canvas", pictures_ms, 95, PICTURES_BAR_MS),
        *_pair("live.word_to_screen", words_ms, 99, WORD_BAR_MS),
        Figure("live.memory", round(memory_bytes / 1e6, 1), "MB"),
    ]


def _open_chat(stage: Stage) -> None:
    """On both sides; the keys go to the exam page again afterwards."""
    stage.proctor.tab("chat")
    stage.person.own.click("#chat-open")
    wait_for("the messages are open", lambda: stage.person.own.place("#chat-lines").state == "there", 10)
    stage.person.exam.click("#answer")


def _typing() -> list[str]:
    characters = TYPING_S * 1000 // KEY_EVERY_MS
    text = TYPING * (characters // len(TYPING) + 1)
    return ["xdotool", "type", "--delay", str(2 * KEY_EVERY_MS), "--", text[:characters]]  # it waits half of that


def _pictures_ms(stage: Stage) -> list[float]:
    """Ages at drawing, all picture tracks of the candidate, as the console itself counts them."""
    stage.proctor.page.evaluate("() => { window.console_metrics.latency_ms.length = 0; }")
    stage.proctor.page.wait_for_timeout(PICTURES_S * 1000)
    ages_ms: list[float] = stage.proctor.metrics()["latency_ms"]
    need(len(ages_ms) >= PICTURES_S * 5, f"the console drew only {len(ages_ms)} pictures in {PICTURES_S:.0f} s")
    return ages_ms


def _words_ms(stage: Stage) -> list[float]:
    """Click in the console to paint in the agent's window, at uneven distances so that no beat is kept."""
    stage.proctor.page.evaluate(_NOTE_CLICKS)
    stage.person.own.evaluate(_NOTE_WORDS)
    for number in range(WORDS):
        stage.proctor.says(_word(number))
        stage.proctor.page.wait_for_timeout(1000 * WORD_EVERY_S + number * 37 % 100)
    seen = wait_for("the last word is on the candidate's screen", lambda: _seen(stage), 15)
    sent: list[float] = stage.proctor.page.evaluate("() => window.bench_sent")
    need(len(sent) == WORDS, f"{len(sent)} clicks were counted instead of {WORDS}")
    return [seen[_word(number)] - at_ms for number, at_ms in enumerate(sent)]


def _word(number: int) -> str:
    return f"Word {number} for you."


def _seen(stage: Stage) -> dict[str, float] | None:
    """When each word was painted, once all are."""
    seen: dict[str, Any] = stage.person.own.evaluate("window.bench_seen")
    missing = [number for number in range(WORDS) if seen.get(_word(number)) is None]
    need(not missing, f"words {missing} are not on the candidate's screen")
    return seen


def _memory_bytes(stage: Stage) -> int:
    """The agent with its window and keeper: each page counted once, shared ones by their share."""
    agent = stage.agent.running
    if agent is None:
        return 0
    family = psutil.Process(agent.process.pid)
    return sum(process.memory_full_info().pss for process in (family, *family.children(recursive=True)))


def _pair(name: str, values_ms: Sequence[float], high: int, bar_ms: int) -> list[Figure]:
    """The median alone, the high percentile against its bar."""
    percentiles = statistics.quantiles(values_ms, n=100, method="inclusive")
    return [
        Figure(f"{name}_p50", round(percentiles[49], 1), "ms"),
        Figure(f"{name}_p{high}", round(percentiles[high - 1], 1), "ms", "the bar", bar_ms, has_bar=True),
    ]


def main() -> None:
    tell(measure())


if __name__ == "__main__":
    main()
