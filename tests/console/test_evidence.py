"""A flag's recording, played in the page from the ciphertext that the real server stored: the right seconds of each
track, over another size, another device and holes; and what is said where it has not arrived. The agent is
simulated, its pictures and sound are really encoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET
from playwright.sync_api import Browser, Page

from exam_protocol import codec
from exam_protocol.records import FlagEntry, RecordFlag, RecordSpan, Track, pack_media
from tests.console import pictures
from tests.console.conftest import clean_page, holds, new_context, until
from tests.console.sitting import PASSPHRASE, read_key_file
from tests.console.test_app import BLUE
from tests.console.test_real_server import NEWCOMER, in_thread, make_keys, open_session, publish_roster
from tests.screens.test_accessibility import AXE, violations
from tests.server_stub.client import Agent, Office, ServerProcess

pytestmark = pytest.mark.real

READ = """(track) => {
  const canvas = document.querySelector(`.flag-play canvas[data-track="${track}"]`);
  if (!canvas || canvas.nextElementSibling.hidden === false) return null;
  const context = canvas.getContext("2d");
  let number = 0;
  for (let bit = 0; bit < 16; bit += 1) {
    const [, green] = context.getImageData((bit + 0.5) * canvas.width / 16, canvas.height / 16, 1, 1).data;
    number = number * 2 + (green > 128 ? 1 : 0);
  }
  return [number, canvas.width, canvas.height];
}"""
HEIGHTS = """[...document.querySelectorAll(".flag-play button, .flag-play input")]
  .map((one) => one.getBoundingClientRect().height)"""
GO_TO = """(at) => {
  const range = document.querySelector(".flag-place");
  range.value = String(at * 1000);
  range.dispatchEvent(new Event("input"));
}"""


@dataclass
class Sitting:
    """Media from the first to the hundredth second; each picture shows its time in tenths of a second."""

    agent: Agent
    starts: dict[int, list[tuple[float, int]]] = field(default_factory=dict)  # of key frames: time and number
    newest: dict[int, int] = field(default_factory=dict)

    def media(self, track: int, media: Any, at_s: float, *, key: bool) -> None:
        sequence = self.agent.chains.at(track).next_sequence
        flags = RecordFlag.KEY_FRAME if key else RecordFlag.NONE
        self.agent.seal(track, pack_media(media), flags, round(at_s * 1e6))
        self.newest[track] = sequence
        if key:
            self.starts.setdefault(track, []).append((at_s, sequence))

    def pictures(self, track: int, from_s: int, to_s: int, size: tuple[int, int], per_s: int) -> None:
        """A key frame every five seconds."""
        encoder = pictures.H264(*size)
        for number in range((to_s - from_s) * per_s):
            at_s, key = from_s + number / per_s, number % (5 * per_s) == 0
            picture = pictures.time_code(round(at_s * 10), *size, BLUE)
            self.media(track, encoder.encode(picture, number * 1_000_000 // per_s, key=key), at_s, key=key)

    def sound(self, from_s: int, to_s: int, hertz: float) -> None:
        for number, media in enumerate(pictures.tone(hertz, int((to_s - from_s) / 0.06))):
            self.media(Track.AUDIO, media, from_s + number * 0.06, key=True)

    def span(self, track: int, from_s: float, last: int | None = None) -> RecordSpan:
        first = [number for at_s, number in self.starts[track] if at_s <= from_s][-1]
        return RecordSpan(track, first, self.newest[track] if last is None else last)

    def flag(self, code: str, reason: str, at_s: tuple[float, float], *evidence: RecordSpan, **numbers: float) -> None:
        begin, end = (round(one * 1e6) for one in at_s)
        entry = FlagEntry(code, "medium", reason, 1, begin, end, numbers, evidence or UNSET)
        self.agent.seal(Track.FLAGS, codec.encode_padded(entry))


def film(sitting: Sitting) -> None:
    """The camera is away from 60 to 80 s and comes back as another one; the screen is turned at 70, a second display
    comes at 72; the microphone is away from 66 to 68 and is another one then."""
    sitting.pictures(Track.WEBCAM, 40, 60, (320, 240), 5)
    sitting.pictures(Track.SCREEN, 40, 70, (640, 360), 2)
    sitting.sound(40, 66, 660)
    sitting.sound(68, 100, 440)
    sitting.pictures(Track.SCREEN, 70, 100, (360, 640), 2)
    sitting.pictures(Track.SCREEN_2, 72, 100, (480, 270), 2)
    sitting.pictures(Track.WEBCAM, 80, 100, (176, 144), 5)


@pytest.fixture(scope="module")
def sitting(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sitting, Page, ServerProcess]]:
    """Two flags whose records are stored, one whose records are still to come, one that names none."""
    office, directory = Office(), tmp_path_factory.mktemp("stored")
    server = ServerProcess(Path(directory) / "server", office.fingerprint)
    server.add_proctor(NEWCOMER)
    server.start()
    office.make_roster("amal")
    server.publish(office, "CODE")
    context = new_context(browser)
    with clean_page(context) as page:
        sign, wrap = read_key_file(make_keys(page, server)["nadia.key.json"], PASSPHRASE)
        office.proctors[NEWCOMER] = (sign, wrap, "proctor")
        publish_roster(server, office)
        agent = Agent(office)
        agent.enrol(server, "CODE")
        open_session(agent)
        agent.state("running")
        made = Sitting(agent)
        film(made)
        agent.check()
        made.flag("FACE_ABSENT", "No face for 18 s.", (48, 52), made.span(Track.WEBCAM, 43), seconds=18.0, away_s=4.25)
        made.flag("DISPLAY_CHANGED", "The display was turned.", (70, 71), made.span(Track.SCREEN, 65))
        made.flag("FACE_MULTIPLE", "Two faces.", (98, 99), made.span(Track.WEBCAM, 93, made.newest[Track.WEBCAM] + 10))
        made.flag("AGENT_STOPPED", "The program stood still.", (84, 84))
        in_thread(lambda: agent.bring(server))
        page.wait_for_selector("body[data-phase=console]")
        page.click(".tile[data-trust=verified] .tile-open")
        page.click("#tab-flags")
        yield made, page, server
    context.close()
    server.stop()


@pytest.fixture
def page(sitting: tuple[Sitting, Page, ServerProcess]) -> Page:
    """No recording is open."""
    page = sitting[1]
    for button in page.query_selector_all(".flag-replay[aria-expanded=true]"):
        button.click()
    return page


def play(page: Page, code: str) -> None:
    page.wait_for_selector(f".flag[data-code={code}] .flag-replay:visible")
    page.click(f".flag[data-code={code}] .flag-replay")
    page.wait_for_selector(".flag-play[data-state=playing], .flag-play[data-state=ended]")


def shows(page: Page, track: int, wanted: tuple[int, int, int] | None, at_s: float) -> None:
    """Whether this second shows that picture: its number, width and height."""
    page.evaluate(GO_TO, at_s)
    seen: list[Any] = []

    def fits() -> bool:
        seen[:] = [page.evaluate(READ, int(track))]
        return seen[0] == (list(wanted) if wanted else None)

    try:
        until(fits)
    except AssertionError as error:
        raise AssertionError(f"second {at_s} of track {track} shows {seen}, not {wanted}") from error


def test_a_click_plays_the_seconds_around_a_flag_with_its_reason_and_numbers(page: Page) -> None:
    play(page, "FACE_ABSENT")
    holds(page, "Math.abs((console_metrics.replay?.tone_hz ?? 0) - 660) < 8")
    assert page.evaluate("console_metrics.replay.level_dbfs") > -20
    assert page.inner_text(".flag-why") == "No face for 18 s."
    assert page.inner_text(".flag-numbers").split() == ["away", "4.25", "s", "seconds", "18"]
    page.click(".flag-pause")
    page.wait_for_selector(".flag-play[data-state=paused]")
    assert page.get_attribute(".flag-place", "max") == "14000"  # 43 to 57 s: five before, five after
    shows(page, Track.WEBCAM, (430, 320, 240), 0)
    shows(page, Track.WEBCAM, (512, 320, 240), 8.3)
    shows(page, Track.SCREEN, (510, 640, 360), 8.3)
    shows(page, Track.WEBCAM, (450, 320, 240), 2.1)  # and back again


def test_it_plays_on_over_another_size_a_display_that_comes_and_sound_that_was_away(page: Page) -> None:
    play(page, "DISPLAY_CHANGED")
    page.click(".flag-pause")
    shows(page, Track.SCREEN, (695, 640, 360), 4.7)
    shows(page, Track.SCREEN, (700, 360, 640), 5.2)
    shows(page, Track.SCREEN_2, None, 5.2)
    shows(page, Track.SCREEN_2, (730, 480, 270), 8.1)
    shows(page, Track.WEBCAM, None, 8.1)
    page.evaluate(GO_TO, 3.2)
    page.click(".flag-pause")
    holds(page, "Math.abs((console_metrics.replay?.tone_hz ?? 0) - 440) < 8")


def test_a_flag_that_names_no_records_plays_its_time_and_another_camera_goes_on(page: Page) -> None:
    play(page, "AGENT_STOPPED")
    page.click(".flag-pause")
    shows(page, Track.WEBCAM, None, 0.5)
    assert "Nothing was recorded" in page.inner_text(".flag-pictures .camera")
    shows(page, Track.WEBCAM, (840, 176, 144), 5.1)


def test_the_keyboard_alone_opens_moves_and_closes_it(page: Page) -> None:
    page.focus("#pane-name")
    page.keyboard.press("v")
    page.wait_for_selector(".flag[data-now] .flag-play[data-state=playing]")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.focus(".flag-pause")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flag-play[data-state=paused]")
    page.focus(".flag-place")
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    until(lambda: page.evaluate(READ, int(Track.WEBCAM)) not in (None, [430, 320, 240]))
    assert "before the flag" in (page.get_attribute(".flag-place", "aria-valuetext") or "")
    page.focus("#pane-name")
    page.keyboard.press("v")
    holds(page, "!document.querySelector('.flag-play')")


def test_axe_finds_nothing_while_it_plays_and_at_a_gap(page: Page) -> None:
    page.evaluate(AXE)
    play(page, "AGENT_STOPPED")
    assert violations(page) == []
    page.click(".flag-pause")
    shows(page, Track.WEBCAM, None, 0.5)
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    assert min(page.evaluate(HEIGHTS)) >= 24


def test_what_is_still_on_the_candidates_computer_is_said_and_offered_once_it_has_arrived(
    sitting: tuple[Sitting, Page, ServerProcess], page: Page
) -> None:
    made, _, server = sitting
    flag = ".flag[data-code=FACE_MULTIPLE]"
    page.wait_for_selector(f"{flag} .flag-waits:has-text('still on the candidate')")
    assert page.is_hidden(f"{flag} .flag-replay")
    made.pictures(Track.WEBCAM, 100, 103, (176, 144), 5)
    in_thread(lambda: made.agent.bring(server))
    page.wait_for_selector(f"{flag} .flag-replay:visible")
    assert page.inner_text(f"{flag} .flag-waits") == ""
    play(page, "FACE_MULTIPLE")
    page.click(".flag-pause")
    shows(page, Track.WEBCAM, (1010, 176, 144), 8.1)


def test_a_stored_record_that_was_changed_is_left_out_and_counted(
    sitting: tuple[Sitting, Page, ServerProcess], page: Page
) -> None:
    """Whoever keeps the server's disk can damage a recording, not change it."""
    made, _, server = sitting
    lane = next((server.directory / "lanes").glob("*/lane1.records"))
    data = bytearray(lane.read_bytes())
    wanted = next(one for one in made.agent.lanes[1] if one[2] == Track.WEBCAM and one[8:16] == (40).to_bytes(8, "big"))
    place = bytes(data).find(wanted) + len(wanted) - 3
    data[place] ^= 1
    lane.write_bytes(data)
    try:
        play(page, "FACE_ABSENT")
        page.click(".flag-pause")
        assert page.inner_text(".flag-said") == "1 of its records cannot be opened and are left out."
        shows(page, Track.WEBCAM, (476, 320, 240), 4.7)
        shows(page, Track.WEBCAM, (500, 320, 240), 7.1)
    finally:
        data[place] ^= 1
        lane.write_bytes(data)
