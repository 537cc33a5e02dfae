"""The whole console in a real browser: pictures, sound, check-in, words both ways, ending."""

import json
import os

import pytest
from playwright.sync_api import Page

from exam_protocol import messages as m
from exam_protocol import records as r
from tests.console import pictures
from tests.console.conftest import holds, until
from tests.console.relay import Relay
from tests.console.sitting import ACCESS, Candidate

pytestmark = pytest.mark.real

BLUE = (200, 60, 20)  # BGR

READ_CODE = """(id) => {
  const canvas = document.getElementById(id);
  const context = canvas.getContext("2d");
  const light = (x, y) => context.getImageData(x, y, 1, 1).data;
  let number = 0;
  for (let bit = 0; bit < 16; bit += 1) {
    number = number * 2 + (light((bit + 0.5) * canvas.width / 16, canvas.height / 16)[1] > 128 ? 1 : 0);
  }
  return { number, colour: [...light(canvas.width / 2, canvas.height * 0.7)].slice(0, 3), width: canvas.width };
}"""


def next_command(relay: Relay, candidate: Candidate) -> tuple[m.Command, m.CommandBody]:
    return candidate.open_command(relay.commands.get(timeout=10))


def film(candidate: Candidate, track: int, numbers: range, *, width: int = 640, height: int = 360) -> list[bytes]:
    encoder = pictures.H264(width, height)
    start = candidate.now_us()
    sent = []
    for at, number in enumerate(numbers):
        picture = pictures.time_code(number, width, height, BLUE)
        media = encoder.encode(picture, start + at * 200_000, key=at == 0)
        sent.append(candidate.media(track, media, key=at == 0))
    return sent


def test_the_screen_shows_the_colour_and_time_code_that_was_sealed(console: Page, candidate: Candidate) -> None:
    film(candidate, r.Track.SCREEN, range(40_000, 40_010))
    console.wait_for_selector("#screen-canvas[data-frames='10']")
    seen = console.evaluate(READ_CODE, "screen-canvas")
    assert seen["number"] == 40_009
    assert seen["width"] == 640
    assert all(abs(one - other) < 12 for one, other in zip(seen["colour"], (20, 60, 200), strict=True))
    figures = console.evaluate(f"console_metrics.tracks['{candidate.session_hex}:1']")
    assert figures["frames"] == 10
    assert -5000 < figures["last_latency_ms"] < 5000


def test_small_layers_are_drawn_in_the_tile(console: Page, candidate: Candidate) -> None:
    film(candidate, r.Track.SCREEN_SMALL, range(4), width=480, height=270)
    film(candidate, r.Track.WEBCAM_SMALL, range(4), width=240, height=180)
    tile = f".tile[data-session='{candidate.session_hex}']"
    console.wait_for_selector(f"{tile} canvas[data-track='8'][data-frames='4']")
    console.wait_for_selector(f"{tile} canvas[data-track='9'][data-frames='4']")


def test_the_microphones_tone_is_read_back_from_the_decoded_sound(console: Page, candidate: Candidate) -> None:
    for media in pictures.tone(660, 12):
        candidate.media(r.Track.AUDIO, media)
    holds(console, "console_metrics.audio_packets >= 10")
    assert abs(console.evaluate("console_metrics.tone_hz") - 660) < 5
    assert -18 < console.evaluate("console_metrics.level_dbfs") < -12
    console.click("#listen-button")
    console.wait_for_selector("#listen-button[aria-pressed=true]")


def test_the_identity_picture_is_asked_again_then_the_candidate_is_admitted(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    now = relay.institution.now_ms
    card = pictures.jpeg(pictures.id_card())
    candidate.entry(r.Track.IDENTITY, r.PictureEntry("id_card", 1, 0, 1, "image/jpeg", card, now()))
    for index in range(3):
        room = pictures.jpeg(pictures.face(320, 240, 0, index))
        candidate.entry(r.Track.IDENTITY, r.PictureEntry("room", 1, index, 3, "image/jpeg", room, now()))
    console.wait_for_selector("#pictures-room .picture:nth-child(3) img")
    console.click("#ask-id-card-button")
    assert console.is_disabled("#reason-ok")
    console.fill("#reason-text", "Please tilt the card a little.")
    console.click("#reason-ok")
    command, body = next_command(relay, candidate)
    assert body == m.AskAgainBody("id_card", "Please tilt the card a little.")
    assert command.kind == "ask_again"
    assert command.expires_ms - command.issued_ms == m.COMMAND_LIFETIME_MS
    console.wait_for_selector("#asked-id_card:visible")
    assert console.is_disabled("#admit-button")
    candidate.entry(r.Track.CONTROL, _echo(command, "ask_again", "Please tilt the card a little.", "id_card", now()))
    candidate.answer(command, "delivered")
    candidate.entry(r.Track.IDENTITY, r.PictureEntry("id_card", 2, 0, 1, "image/jpeg", card, now() + 1))
    holds(console, "document.querySelector('#attempt-id_card').textContent.startsWith('attempt 2')")
    console.click("#admit-button")
    later, admitted = next_command(relay, candidate)
    assert admitted == m.AdmitBody(ACCESS)
    assert later.counter > command.counter
    assert ACCESS.access_code not in console.content()


def test_admission_can_be_refused_with_a_reason(console: Page, relay: Relay, candidate: Candidate) -> None:
    console.click("#refuse-button")
    console.fill("#reason-text", "The room cannot be used for this exam.")
    console.click("#reason-ok")
    command, body = next_command(relay, candidate)
    assert body == m.RefuseBody("The room cannot be used for this exam.")
    candidate.answer(command, "delivered")
    holds(console, "document.querySelector('#admit-button').disabled")
    candidate.state("ended", "admission_refused")
    console.wait_for_selector("#grid-over .tile[data-state=ended]")
    assert console.inner_text("#pane-state") == "Not admitted"
    assert "admission was refused" in console.inner_text("#pane-facts")
    assert console.is_hidden("#evidence-link")


def test_chat_goes_both_ways_and_hostile_text_stays_text(console: Page, relay: Relay, candidate: Candidate) -> None:
    hostile = "<img src=x onerror=alert(1)> & <b>bold</b>"
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", hostile, "m1", relay.institution.now_ms()))
    console.wait_for_selector("#queue-chat .queue-item")
    console.click("#queue-chat .queue-item")
    console.wait_for_selector(".line[data-message=m1]")
    assert console.inner_text(".line[data-message=m1] p") == hostile
    console.fill("#chat-text", "Good morning, I am here.")
    console.press("#chat-text", "Enter")
    command, body = next_command(relay, candidate)
    assert body == m.ChatBody("Good morning, I am here.")
    console.wait_for_selector(f".line[data-message='{command.command_id}'][data-status=sent]")
    candidate.entry(r.Track.CONTROL, _echo(command, "chat", "Good morning, I am here.", "", relay.institution.now_ms()))
    for outcome in ("delivered", "read"):
        candidate.answer(command, outcome)
        console.wait_for_selector(f".line[data-message='{command.command_id}'][data-status={outcome}]")
    assert console.locator(".line").count() == 2


def test_an_intervention_shows_sent_delivered_acknowledged(console: Page, relay: Relay, candidate: Candidate) -> None:
    candidate.state("running")
    console.click("#tab-interventions")
    assert console.locator(".template").count() == 6
    console.click(".template[data-code=LOOK_AT_SCREEN]")
    console.click("#level-warning")
    console.fill("#intervention-text", "Please look at your screen, thank you.")
    console.click("#intervention-send")
    command, body = next_command(relay, candidate)
    assert body == m.InterventionBody("LOOK_AT_SCREEN", "warning", "Please look at your screen, thank you.")
    given = f"#given .given[data-command='{command.command_id}']"
    for outcome in ("delivered", "acknowledged"):
        candidate.answer(command, outcome)
        console.wait_for_selector(f"{given}[data-status={outcome}]")
    assert "1 of 2 warnings delivered, 1 acknowledged" in console.inner_text("#warnings-count")


def test_a_held_command_says_that_it_waits_for_the_line(console: Page, relay: Relay, candidate: Candidate) -> None:
    relay.outcome = "held"
    console.click("#tab-chat")
    console.fill("#chat-text", "Are you there?")
    console.click("#chat-send")
    command, _ = next_command(relay, candidate)
    console.wait_for_selector(f".line[data-message='{command.command_id}'][data-status=held]")


def test_the_exam_is_paused_and_resumed(console: Page, relay: Relay, candidate: Candidate) -> None:
    candidate.state("running")
    console.click("#pause-button")
    console.fill("#reason-text", "One moment please.")
    console.click("#reason-ok")
    assert next_command(relay, candidate)[1] == m.PauseBody("One moment please.")
    candidate.state("paused")
    console.click("#resume-button")
    console.click("#reason-ok")
    assert next_command(relay, candidate)[1] == m.ResumeBody("")


def _warn(console: Page, relay: Relay, candidate: Candidate, outcome: str) -> None:
    console.click("#level-warning")
    console.click("#intervention-send")
    command, _ = next_command(relay, candidate)
    candidate.answer(command, outcome)
    console.wait_for_selector(f"#given .given[data-command='{command.command_id}'][data-status={outcome}]")


def test_ending_early_needs_a_reason_an_override_and_a_second_look(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("running")
    console.click("#tab-interventions")
    _warn(console, relay, candidate, "acknowledged")
    console.click("#end-button")
    assert "1 delivered, 1 acknowledged" in console.inner_text("#end-warnings")
    console.click("#end-next")
    assert "what happened" in console.inner_text("#end-missing")
    console.fill("#end-reason", "A second person types.")
    console.click("#end-next")
    assert "cannot wait" in console.inner_text("#end-missing")
    console.fill("#end-override", "They do not leave.")
    console.click("#end-next")
    assert console.get_attribute("#end-dialog", "data-step") == "look"
    assert console.is_disabled("#end-confirm")
    assert relay.commands.empty()
    console.click("#end-confirm")
    assert next_command(relay, candidate)[1] == m.EndBody("A second person types.", "They do not leave.")


def test_after_two_delivered_warnings_no_override_is_asked(console: Page, relay: Relay, candidate: Candidate) -> None:
    candidate.state("running")
    console.click("#tab-interventions")
    _warn(console, relay, candidate, "delivered")
    _warn(console, relay, candidate, "acknowledged")
    console.click("#end-button")
    assert console.is_hidden("#end-override")
    assert "1 not yet acknowledged" in console.inner_text("#end-warnings")
    console.fill("#end-reason", "It went on.")
    console.click("#end-next")
    console.click("#end-confirm")
    assert next_command(relay, candidate)[1] == m.EndBody("It went on.", "")
    candidate.state("ended", "ended_by_proctor")
    console.wait_for_selector("#grid-over .tile")
    assert console.is_disabled("#end-button")


def test_flags_read_as_sentences_and_are_decided_with_one_key(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("running")
    for at, (code, severity) in enumerate((("DISPLAY_ADDED", "high"), ("LINK_SLOW", "technical"))):
        reason = f"Reason number {at}"
        candidate.entry(r.Track.FLAGS, r.FlagEntry(code, severity, reason, 2, at * 10, at * 10 + 5))
    tile = f".tile[data-session='{candidate.session_hex}']"
    console.wait_for_selector(f"{tile} .word:has-text('Another display was connected')")
    assert console.locator(f"{tile} .word:has-text('line is slow')").count() == 0
    console.click("#queue-flags .queue-item")
    assert console.inner_text(".flag[data-code=DISPLAY_ADDED] p") == "Reason number 0 (2 times)"
    console.focus("#pane-name")
    console.keyboard.press("k")
    confirmed, body = next_command(relay, candidate)
    assert body == m.FlagDecisionBody(0, "confirmed", "")
    console.wait_for_selector(".flag[data-code=DISPLAY_ADDED][data-decision=confirmed]")
    console.keyboard.press("d")
    dismissed, body = next_command(relay, candidate)
    assert body == m.FlagDecisionBody(1, "dismissed", "Looked at; nothing to note.")
    for command, level in ((confirmed, "confirmed"), (dismissed, "dismissed")):
        candidate.answer(command, "delivered")
        console.wait_for_selector(f".flag[data-decision={level}][data-status=delivered]")
    assert console.inner_text(".flag[data-code=LINK_SLOW] .flag-decision") == (
        "Dismissed by you: Looked at; nothing to note."
    )
    holds(console, "document.querySelector('#count-flags').textContent === '0'")


def test_a_decision_on_a_flag_can_have_an_own_reason_and_be_changed(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("running")
    candidate.entry(r.Track.FLAGS, r.FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 10, 15))
    console.click("#tab-flags")
    console.wait_for_selector(".flag[data-now]")
    console.focus("#pane-name")
    console.keyboard.press("Shift+D")
    assert console.is_disabled("#reason-ok")
    console.fill("#reason-text", "The screen reader's own window.")
    console.click("#reason-ok")
    assert next_command(relay, candidate)[1] == m.FlagDecisionBody(0, "dismissed", "The screen reader's own window.")
    console.click(".flag-change")
    console.check("[name=reason-choice][value=confirmed]")
    console.click("#reason-ok")
    assert next_command(relay, candidate)[1] == m.FlagDecisionBody(0, "confirmed", "")
    console.wait_for_selector(".flag[data-decision=confirmed]")


def test_a_decision_that_was_not_recorded_says_so_and_the_flag_is_open_again(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("running")
    candidate.entry(r.Track.FLAGS, r.FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 10, 15))
    console.click("#tab-flags")
    console.click(".flag-dismiss")
    candidate.answer(next_command(relay, candidate)[0], "refused", "not_now")
    console.wait_for_selector(".flag[data-status=refused][data-now]:not([data-decision])")
    assert "was not recorded" in console.inner_text(".flag-decision")


def test_another_proctors_decision_is_shown_with_their_name(console: Page, relay: Relay, candidate: Candidate) -> None:
    candidate.entry(r.Track.FLAGS, r.FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 10, 15))
    now = relay.institution.now_ms()
    entry = r.CommandEntry("o-1", "flag_decision", "p.other", "Seen before.", "0", "dismissed", b"h" * 32, now)
    candidate.entry(r.Track.CONTROL, entry)
    candidate.entry(r.Track.CONTROL, r.ResultEntry("o-1", "delivered", "", now))
    console.click("#tab-flags")
    console.wait_for_selector(".flag[data-decision=dismissed]")
    assert console.inner_text(".flag-decision") == "Dismissed by p.other: Seen before."


def test_a_proctor_raises_a_flag_of_their_own_until_the_session_has_ended(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("running")
    console.focus("#pane-name")
    console.keyboard.press("r")
    console.fill("#reason-text", "Somebody spoke in the room.")
    console.check("[name=reason-choice][value=medium]")
    console.click("#reason-ok")
    assert next_command(relay, candidate)[1] == m.RaiseFlagBody("Somebody spoke in the room.", "medium")
    flag = r.FlagEntry("PROCTOR_RAISED", "medium", "Somebody spoke in the room.", 1, 10, 10)
    candidate.entry(r.Track.FLAGS, flag)
    console.click("#tab-flags")
    console.wait_for_selector(".flag[data-code=PROCTOR_RAISED]")
    assert console.is_hidden(".flag-confirm")
    candidate.state("ended", "finished")
    console.wait_for_selector("#flags-closed:visible")
    assert console.is_disabled("#raise-flag-button")
    assert console.is_hidden(".flag-dismiss")


def test_a_lost_link_is_grey_and_hatched_and_says_so(console: Page, candidate: Candidate) -> None:
    candidate.state("running")
    candidate.link(False, lost_s=12)
    tile = f".tile[data-session='{candidate.session_hex}'][data-link=down]"
    console.wait_for_selector(f"{tile} .tile-cover.lost")
    assert "Link lost for 1" in console.inner_text(f"{tile} .tile-cover")
    assert "exam goes on" in console.inner_text("#queue-link")
    candidate.link(True)
    console.wait_for_selector(f".tile[data-session='{candidate.session_hex}'][data-link=up]")


def test_a_report_is_a_line_with_its_number_and_hostile_text_in_it_stays_text(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e {{number}}"
    number, now_ms = r.report_number(candidate.session_id, "r1"), relay.institution.now_ms()
    report = r.ReportEntry(number, "r1", "problem", now_ms, hostile, True, picture=b"\xff\xd8")
    candidate.entry(r.Track.LOG, report)
    candidate.entry(r.Track.LOG, r.ReportEntry("R-0000-00", "r2", "<b>noise</b>", now_ms + 1))
    console.wait_for_selector("#queue-chat .queue-item")
    console.click("#queue-chat .queue-item")
    console.wait_for_selector(".line[data-message=report-r2]")
    said = console.locator(".line[data-message=report-r1] p").text_content()
    assert said is not None and said.startswith(
        f"Report {number} (a problem with the program; cannot go on; with a picture"
    )
    assert said.endswith(hostile.replace("\u202e", ""))
    assert console.locator("#chat img, #chat b").count() == 0


def test_a_break_is_told_as_one_and_only_the_candidate_ends_it(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.state("paused", "break")
    console.wait_for_selector("#pane-state:has-text('On a break')")
    assert console.is_hidden("#resume-button")
    candidate.state("paused", "paused_by_proctor")
    console.wait_for_selector("#pane-state:has-text('Paused')")
    assert console.is_visible("#resume-button")


def test_sheets_of_paper_are_shown_with_their_numbers_after_the_exam_which_nobody_resumes(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    assert console.is_hidden("#paper")
    candidate.state("paused", "after_exam")
    console.wait_for_selector("#pane-state:has-text('After the exam')")
    assert console.is_hidden("#resume-button")
    console.click("#tab-checkin")
    console.wait_for_selector("#paper:visible")
    for sheet in (2, 1):
        data = pictures.jpeg(pictures.face(320, 240, 0, sheet))
        now_ms = relay.institution.now_ms()
        candidate.entry(r.Track.IDENTITY, r.PictureEntry("paper", sheet, 0, 1, "image/jpeg", data, now_ms))
    console.wait_for_selector("#pictures-paper .picture:nth-child(2) img")
    names = [picture.get_attribute("aria-label") or "" for picture in console.locator("#pictures-paper .picture").all()]
    assert [name.split(",")[0] for name in names] == ["Sheet 1", "Sheet 2"]
    assert console.text_content("#sheets-paper") == "2 so far"
    console.click("#pictures-paper .picture >> nth=0")
    assert (console.get_attribute("#picture-large", "alt") or "").startswith("Sheet 1")
    console.click("#picture-close")
    candidate.entry(r.Track.LOG, r.LogEntry("scratch_paper", "2 sent, no more", 1))
    console.wait_for_selector("#sheets-paper:has-text('2 sent, no more')")


def test_after_the_consoles_own_line_broke_everything_goes_on_without_doubles(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "before", "m1", 1))
    console.click("#tab-chat")
    console.wait_for_selector(".line[data-message=m1]")
    relay.drop_consoles()
    candidate.entry(r.Track.CONTROL, r.ChatEntry("candidate", "meanwhile", "m2", 2))
    console.wait_for_selector(".line[data-message=m2]")
    console.wait_for_selector("body[data-link=up]")
    assert console.locator(".line").count() == 2
    assert console.is_hidden("#pane-trust")
    film(candidate, r.Track.SCREEN, range(2))
    console.wait_for_selector("#screen-canvas[data-frames='2']")


def test_the_open_candidate_is_watched_in_full_and_the_others_small(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    small, full = {0, 4, 5, 7, 255, 8, 9}, {1, 2, 3}
    until(lambda: relay.watches and set(relay.watches[-1].tracks) == small | full)
    other = Candidate(relay.institution, "Boris with a very long name " + "x" * 40)
    relay.add(other)
    other.start()
    console.click(f".tile[data-session='{other.session_hex}'] .tile-open")
    until(lambda: {w.session_id: set(w.tracks) for w in relay.watches} == {
        candidate.session_hex: small, other.session_hex: small | full,
    })  # fmt: skip


def test_everything_can_be_reached_by_keyboard(console: Page, relay: Relay, candidate: Candidate) -> None:
    reached: set[str] = set()
    console.evaluate("document.activeElement.blur()")
    for _ in range(40):
        console.keyboard.press("Tab")
        reached.add(console.evaluate("document.activeElement.id || document.activeElement.className"))
    wanted = {"tile-open", "queue-item", "listen-button", "tab-checkin", "ask-id-card-button", "refuse-button",
              "admit-button", "end-button", "shortcuts-button", "grow-button"}  # fmt: skip
    assert wanted <= reached
    assert min(json.loads(console.evaluate(TARGETS))) >= 24


TARGETS = """JSON.stringify([...document.querySelectorAll("button, summary, a")]
  .filter((one) => one.getClientRects().length).map((one) => Math.round(one.getBoundingClientRect().height)))"""


def _echo(command: m.Command, kind: str, text: str, code: str, at_ms: int) -> r.CommandEntry:
    return r.CommandEntry(command.command_id, kind, command.proctor, text, code, "", os.urandom(32), at_ms)


def test_what_the_server_refuses_is_said(console: Page, relay: Relay, candidate: Candidate) -> None:
    relay.outcome = "refused"
    console.click("#tab-interventions")
    console.click("#intervention-send")
    command, _ = next_command(relay, candidate)
    console.wait_for_selector(f".given[data-command='{command.command_id}'][data-status=refused]")
    assert "not accepted" in console.inner_text("#last-word")


def test_checks_say_what_was_measured_and_what_the_computer_cannot_protect(console: Page, candidate: Candidate) -> None:
    lacks = "Not here: sees keyboards that are connected."
    rows = (
        r.CheckRow("displays", "pass", 1.0, "displays", "at most 1", ""),
        r.CheckRow("protection", "person", "12 of 14", "", "all that an exam rests on", lacks),
    )
    candidate.entry(r.Track.LOG, r.ChecksEntry(rows, candidate.institution.now_ms()))
    holds(console, "document.getElementById('checks-rows').children.length === 2")
    assert console.text_content("#checks-summary") == "Checks: 1 of 2 to look at"
    assert "12 of 14" in str(console.text_content("#checks-rows")) and lacks in str(
        console.text_content("#checks-rows")
    )


def test_a_further_display_is_offered_once_it_is_recorded_and_drawn_when_it_is_chosen(
    console: Page, relay: Relay, candidate: Candidate
) -> None:
    film(candidate, r.Track.SCREEN, range(3))
    console.wait_for_selector("#screen-canvas[data-frames='3']")
    assert console.is_hidden("#displays")
    film(candidate, r.Track.SCREEN_2, range(500, 502))
    candidate.check()
    console.wait_for_selector("#displays:visible")
    console.focus("#display-1")
    console.keyboard.press("ArrowDown")
    holds(console, "document.querySelector('#display-2').checked")
    console.wait_for_selector("#screen-canvas[data-frames='0']")
    film(candidate, r.Track.SCREEN_2, range(600, 604))
    console.wait_for_selector("#screen-canvas[data-frames='4']")
    assert console.evaluate(READ_CODE, "screen-canvas")["number"] == 603


def test_another_size_in_the_middle_is_played_on(console: Page, candidate: Candidate) -> None:
    film(candidate, r.Track.SCREEN, range(3))
    film(candidate, r.Track.SCREEN, range(70, 73), width=360, height=640)
    console.wait_for_selector("#screen-canvas[data-frames='6']")
    seen = console.evaluate(READ_CODE, "screen-canvas")
    assert (seen["number"], seen["width"]) == (72, 360)


def test_how_fine_is_recorded_is_among_the_facts(console: Page, candidate: Candidate) -> None:
    why = "from standard to low: the oldest record that waits is 18 s old"
    candidate.entry(r.Track.LOG, r.LogEntry("profile", why, candidate.institution.now_ms()))
    holds(
        console, "document.querySelector('#pane-facts').textContent.includes('smaller pictures, fewer of them since')"
    )
