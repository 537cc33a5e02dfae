"""Steps 6 to 9: lockdown and the exam page, live picture and sound, a second display, a cut line."""

import statistics
import time

from demo import reading, time_code
from demo.failure import need, wait_for
from demo.page_view import targets
from demo.proctor import SCREEN_CANVAS, WEBCAM_CANVAS
from demo.reading import Picture
from demo.stage import Stage

ANSWER = "An eigenvalue of zero means that A maps a nonzero vector to zero"
OFFLINE_ANSWER = " so the kernel is not trivial"
TONE_HZ = 880.0
TONE_TOLERANCE_HZ = 25.0
CUT_S = 20.0
REMINDER = "Please do not look away from the screen."


def lockdown(stage: Stage) -> str:
    """Verified: keyboard and window by the X server, the undo log on disk, the answer by the exam's own server."""
    stage.agent.wait_phase("running", timeout_s=60)
    stage.facts.exam_began_s = time.monotonic()
    wait_for("the exam page is loaded", lambda: _is_loaded(stage), 20)
    need(stage.site.turned_away == 0, "the exam page was asked for without its access code")
    wait_for("the keyboard is held", lambda: not stage.machine.snapshot().keyboard_free, 10)
    logs = [path for path in stage.agent.home_dir.rglob("*undo*") if path.is_file() and path.stat().st_size]
    need(logs, f"there is no undo log under {stage.agent.home_dir}")
    need(stage.person.exam_has_no_bridge(), "the exam page has a bridge")
    stage.person.answers(ANSWER)
    stage.facts.answer = ANSWER
    wait_for("the exam's server has the answer", lambda: _saved(stage), 15)
    need(stage.site.access_code not in stage.person.own.text(), "the access code is shown")
    stage.pictures(6, "exam")
    return f"keyboard held, undo log of {logs[0].stat().st_size} bytes, {len(ANSWER)} letters typed and saved"


def _is_loaded(stage: Stage) -> bool:
    pages = [page["url"] for page in targets(stage.agent.debug_port)]
    need(stage.site.visits, f"the page was served 0 times, turned away {stage.site.turned_away} times; pages: {pages}")
    return True


def _saved(stage: Stage) -> bool:
    need(stage.site.answer == stage.facts.answer, f"it has '{stage.site.answer}'")
    return True


def live(stage: Stage) -> str:
    """Verified: letters and time code are read from the console's canvas, the tone from the sound it decoded."""
    ages_s = wait_for("the time code is on the console's canvas", lambda: _ages_s(stage), 30)
    (picture,) = wait_for(
        "the typed text is on the console's canvas", lambda: _legible(stage, stage.facts.answer), 45, every_s=1
    )
    reading.write_png(picture, stage.output_dir / "07-canvas.png")
    first = stage.proctor.canvas(WEBCAM_CANVAS)
    need(not reading.is_blank(first), "the webcam's canvas is blank")
    wait_for("the webcam's picture moves", lambda: (stage.proctor.canvas(WEBCAM_CANVAS) != first).any(), 10)
    heard_hz = _hear(stage)
    stage.figures["time_code_age_p50_s"] = round(statistics.median(ages_s), 2)
    latencies_ms = sorted(stage.proctor.metrics()["latency_ms"])
    stage.figures["capture_to_canvas_p50_ms"] = _at(latencies_ms, 0.50)
    stage.figures["capture_to_canvas_p95_ms"] = _at(latencies_ms, 0.95)
    stage.pictures(7, "live")
    return f"text read from the canvas, time code at most {max(ages_s):.1f} s old, {heard_hz:.0f} Hz heard"


def _ages_s(stage: Stage) -> list[float]:
    """Ten looks at the time code; none may be older than five seconds."""
    ages_s = []
    for _ in range(10):
        picture = stage.proctor.canvas(SCREEN_CANVAS)
        age_s = time_code.age_s(time_code.read(picture), time.time())
        need(-1 < age_s < 5, f"the time code is {age_s:.1f} s old")
        ages_s.append(age_s)
        stage.proctor.page.wait_for_timeout(150)
    return ages_s


def _legible(stage: Stage, text: str) -> tuple[Picture]:
    """The canvas, once all words can be read from it; in a tuple, because arrays are neither true nor false."""
    picture = stage.proctor.canvas(SCREEN_CANVAS)
    read = reading.words(picture, stage.processes, stage.work_dir)
    need(reading.contains_words(read, text), f"read: {' '.join(read.split())[:200]!r}")
    return (picture,)


def _hear(stage: Stage) -> float:
    stage.machine.microphone.play_tone(TONE_HZ, 15.0)
    try:
        return wait_for("the console hears the tone", lambda: _tone_hz(stage), 15)
    finally:
        stage.machine.microphone.silence()


def _tone_hz(stage: Stage) -> float:
    heard_hz = float(stage.proctor.metrics()["tone_hz"])
    need(abs(heard_hz - TONE_HZ) < TONE_TOLERANCE_HZ, f"{heard_hz:.0f} Hz")
    return heard_hz


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else -1.0


def second_display(stage: Stage) -> str:
    """Verified: the X server has two displays, the console has the flag and later the acknowledgement."""
    need(stage.machine.displays() == 1, "there is more than one display already")
    stage.machine.plug_display()
    plugged_s = time.monotonic()
    need(stage.machine.displays() == 2, "the second display did not light up")
    flag = stage.proctor.flag("DISPLAY_ADDED")
    stage.figures["display_flag_s"] = round(time.monotonic() - plugged_s, 2)
    stage.proctor.screenshot(stage.output_dir / "08-flag-proctor.png")
    stage.machine.unplug_display()
    said_s = time.monotonic()
    intervene(stage, "LOOK_AT_SCREEN", "reminder", REMINDER)
    stage.figures["reminder_acknowledged_s"] = round(time.monotonic() - said_s, 2)
    stage.pictures(8, "acknowledged")
    return (
        f"flag in {stage.figures['display_flag_s']} s: {' '.join(flag.split())[:80]!r}; the reminder was acknowledged"
    )


def intervene(stage: Stage, code: str, level: str, text: str) -> None:
    """The proctor says it, the candidate acknowledges it, the console's log shows that."""
    stage.proctor.intervenes(code, level, text)
    stage.person.sees(text)
    stage.machine.picture(stage.output_dir / f"{8 if level == 'reminder' else 10:02d}-{level}-candidate.png")
    stage.person.acknowledges(text)

    def acknowledged() -> bool:
        status = stage.proctor.given(text)
        need(status == "acknowledged", f"status '{status}'")
        return True

    wait_for("the intervention log shows the acknowledgement", acknowledged, 15)


def cut_line(stage: Stage) -> str:
    """Verified: an answer typed while the line is cut is saved, and read from the console's canvas afterwards."""
    stage.line.cut()
    cut_s = time.monotonic()
    stage.proctor.waits_pane("link", "lost", "down", timeout_s=CUT_S - 2)
    seen_s = time.monotonic() - cut_s
    stage.proctor.sees("link lost", timeout_s=5)
    stage.agent.wait_phase("offline", timeout_s=CUT_S)
    stage.person.answers(OFFLINE_ANSWER)
    stage.pictures(9, "link-lost")
    stage.facts.answer += OFFLINE_ANSWER
    wait_for("the exam goes on", lambda: _saved(stage), 15)
    stage.proctor.page.wait_for_timeout(max(0.0, CUT_S - (time.monotonic() - cut_s)) * 1000)
    stage.line.mend()
    mended_s = time.monotonic()
    stage.agent.wait_phase("running", timeout_s=20)
    stage.proctor.waits_pane("link", "good", "up", timeout_s=20)
    stage.figures["link_back_s"] = round(time.monotonic() - mended_s, 2)
    wait_for("what was typed offline is on the canvas", lambda: _legible(stage, OFFLINE_ANSWER), 60, every_s=1)
    stage.figures["link_lost_seen_s"] = round(seen_s, 2)
    stage.figures["connections_turned_away"] = stage.line.turned_away
    stage.pictures(9, "link-back")
    return f"'link lost' after {seen_s:.1f} s, up {stage.figures['link_back_s']} s after the mend, the exam went on"
