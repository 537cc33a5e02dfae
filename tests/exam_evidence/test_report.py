"""The report says what happened in plain words, decides nothing, and stands alone."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exam_evidence.bundle import BundleReader
from exam_evidence.facts import gather
from exam_evidence.opening import Reader
from exam_evidence.report import render
from exam_evidence.verify import verify
from exam_protocol import records as r
from exam_protocol.records import Track
from tests.exam_evidence.sample import ZERO_MS, Institution, Sitting, short_sitting

TEMPLATE = Path(__file__).parents[2] / "exam_evidence" / "report.html"


def page_of(sitting: Sitting, tmp_path: Path) -> str:
    institution = sitting.institution
    with BundleReader(sitting.write(tmp_path / "b")) as reader:
        verdict = verify(reader, institution.fingerprint)
        return render(gather(reader, Reader("proctor-a", institution.proctor_wrap), verdict))


class Outline(HTMLParser):
    """Tags, attributes and what is open at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(short_sitting(Institution()), tmp_path_factory.mktemp("report"))


def test_it_tells_who_when_where_and_how_it_ended(page: str) -> None:
    for words in ("Cleo &lt;Candidate&gt;", "Biology", "Test University", "Europe/Berlin", "linux/x11", "CEST"):
        assert words in page
    assert "ended by proctor" in page and "The computer was restored." in page


def test_it_names_every_stage_that_was_agreed_to(page: str) -> None:
    assert "language en. Agreed to: screen, id card, statement." in page


def test_it_says_what_the_computer_could_and_could_not_protect(page: str) -> None:
    assert "Protection of the exam" in page and "Not here: sees keyboards that are connected." in page


def test_it_shows_flags_as_pointers_with_their_reason(page: str) -> None:
    assert "A second display was connected." in page and "0:00:03 .. 0:00:04" in page
    assert "not verdicts" in page and "decided by people" in page


def test_it_shows_beside_a_flag_what_the_proctor_decided_and_why(page: str) -> None:
    row = re.search(r"<tr>(?:(?!</tr>).)*A second display was connected.*?</tr>", page, re.S)
    assert row and "dismissed by proctor-a at 22:26:44: It is the institution&#x27;s own projector." in row[0]


def test_the_last_of_several_decisions_counts(tmp_path: Path) -> None:
    sitting = Sitting(Institution())
    sitting.open()
    sitting.new_epoch()
    sitting.entry(Track.FLAGS, r.FlagEntry("FOCUS_LOST", "low", "Another window.", 1, 0, 0), 0)
    for number, level in enumerate(("dismissed", "confirmed")):
        entry = r.CommandEntry(f"c{number}", "flag_decision", "proctor-a", "", "0", level, b"h" * 32, ZERO_MS)
        sitting.entry(Track.CONTROL, entry, 100_000)
    stray = r.CommandEntry("c9", "flag_decision", "proctor-a", "", "99", "confirmed", b"h" * 32, ZERO_MS)
    sitting.entry(Track.CONTROL, stray, 100_000)
    sitting.end(200_000)
    page = page_of(sitting, tmp_path)
    assert "confirmed by proctor-a at 22:26:40 (changed, 1 before)" in page
    assert "Decisions about flags that are not in this record: 1." in page


def test_it_shows_an_intervention_with_delivery_and_acknowledgement(page: str) -> None:
    row = re.search(r"<tr>(?:(?!</tr>).)*Please do not look away.*?</tr>", page, re.S)
    assert row and "22:26:40" in row[0] and "22:26:42" in row[0] and "not recorded" not in row[0]


def test_it_names_the_document_but_shows_no_picture_and_no_chat(page: str) -> None:
    assert "identity document, 1 picture taken" in page
    assert "<img" not in page and "data:" not in page and "hear me" not in page


def test_it_loads_nothing_and_runs_nothing(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert not outline.open
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in outline.tags}
    assert not any(name in ("src", "href") or name.startswith("on") for _, attrs in outline.tags for name in attrs)
    assert "default-src 'none'" in page and "url(" not in page and "@import" not in page


def test_it_can_be_read_by_a_screen_reader(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("h1") == 1 and ("html", {"lang": "en"}) in outline.tags
    assert tags.count("table") == tags.count("caption")
    assert all(attrs.get("scope") == "col" for tag, attrs in outline.tags if tag == "th")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_colour_has_the_contrast_of_wcag_aa_in_light_and_dark() -> None:
    blocks = re.findall(r":root \{.*?\}", TEMPLATE.read_text())
    themes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in blocks]
    assert len(themes) == 2
    for theme in themes:
        for ink in ("ink", "soft", "good", "attention"):
            assert min(contrast(theme[ink], theme["page"]), contrast(theme[ink], theme["panel"])) >= 4.5, (ink, theme)


def test_what_a_candidate_wrote_stays_text(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    evil = "<script>alert(1)</script>$title ${body}"
    sitting.entry(Track.FLAGS, r.FlagEntry("DISPLAY_ADDED", evil, evil, 1, 0, 1), 12_000_000)
    sitting.entry(Track.LOG, r.ConsentEntry(True, evil, evil, ZERO_MS, (evil,)), 12_000_000)
    page = page_of(sitting, tmp_path)
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;$title ${body}" in page


def test_what_a_candidate_wrote_turns_no_word_of_the_report_round(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    sitting.entry(Track.FLAGS, r.FlagEntry("DISPLAY_ADDED", "x", "one\u202e\u2067 two\x1b", 1, 0, 1), 12_000_000)
    page = page_of(sitting, tmp_path)
    assert "one\\u202e\\u2067 two\\u001b" in page and not set("\u202e\u2067\x1b") & set(page)


def test_a_cut_off_record_says_so_calmly(institution: Institution, tmp_path: Path) -> None:
    page = page_of(short_sitting(institution, end=False), tmp_path)
    assert "The record is cut off" in page and "no signed end" in page


def test_damage_is_listed_in_the_report(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution)
    record = bytearray(sitting.lanes[1][30])
    record[70] ^= 1
    sitting.lanes[1][30] = bytes(record)
    page = page_of(sitting, tmp_path)
    assert "The record is not whole" in page and "record_changed" in page and "position 31" in page


def test_a_command_that_the_server_never_relayed_is_pointed_out(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution)
    sitting.commands.clear()
    assert "Not among the commands that the server kept: cmd-1." in page_of(sitting, tmp_path)


def test_absurd_times_do_not_break_the_page(institution: Institution, tmp_path: Path) -> None:
    sitting = short_sitting(institution, end=False)
    sitting.entry(Track.LOG, r.ConsentEntry(True, "1", "en", 1 << 60), 12_000_000)
    assert f"{1 << 60} ms" in page_of(sitting, tmp_path)


def test_sheets_of_paper_are_counted_and_answers_to_questions_are_in_no_report(tmp_path: Path) -> None:
    sitting = Sitting(Institution())
    sitting.open()
    sitting.new_epoch()
    for sheet in (1, 2):
        sitting.entry(Track.IDENTITY, r.PictureEntry("paper", sheet, 0, 1, "image/jpeg", b"\xff\xd8", ZERO_MS), 0)
    sitting.entry(Track.LOG, r.SurveyEntry(1, 2, "It was hard to get here.", ZERO_MS), 100_000)
    sitting.end(200_000)
    page = page_of(sitting, tmp_path)
    assert "Scratch paper" in page and "2 sheets" in page
    assert "hard to get here" not in page


def test_it_says_what_the_program_lost_itself_and_when_it_recorded_less(tmp_path: Path) -> None:
    sitting = Sitting(Institution())
    sitting.open()
    sitting.new_epoch()
    why = "from standard to low: the oldest record that waits is 18 s old"
    for event, detail in (("profile", why), ("recording", "screen: 9 pictures, 2 unchanged, 0 lost"), ("phase", "x")):
        sitting.entry(Track.LOG, r.LogEntry(event, detail, ZERO_MS + 3_000), 3_000_000)
    sitting.end(200_000)
    page = page_of(sitting, tmp_path)
    assert why in page and "0 lost" in page and "As the program counted" in page
