"""A sitting through everything that happens to a recording, opened: each film seekable and of the right length, gaps as
gaps, sound and pictures together at the end, and flags that lead to their seconds. `python -m bench.evidence` does
the same with three hours."""

from pathlib import Path

import msgspec
import pytest

from exam_evidence.bundle import BundleReader
from exam_evidence.export import Opened, export
from exam_evidence.marks import Mark
from exam_evidence.opening import Reader
from exam_evidence.verify import verify
from tests.exam_evidence import long_checks as checks
from tests.exam_evidence.long_sitting import LongSitting, Plan

PLAN = Plan(20, 6_000_000)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, Path]:
    directory = tmp_path_factory.mktemp("long")
    sitting = LongSitting(PLAN).record()
    with BundleReader(sitting.write(directory / "bundle.zip")) as reader:
        assert verify(reader, sitting.institution.fingerprint).whole
        who = Reader("proctor-a", sitting.institution.proctor_wrap)
        return export(reader, who, directory / "out", lambda share: None), directory / "out"


def gaps(opened: Opened, track: str) -> list[tuple[float, float, str]]:
    """In minutes of the sitting, to a tenth."""

    def minute(us: int) -> float:
        return round((us - PLAN.start_us) / PLAN.minute_us, 1)

    return [(minute(gap.from_us), minute(gap.to_us), gap.reason) for gap in checks.film(opened, track).gaps]


def test_every_film_is_as_long_as_its_recording_to_a_frame(opened: tuple[Opened, Path]) -> None:
    errors = checks.length_errors_s(opened[1], opened[0])
    assert set(errors) == {"screen.mp4", "screen_2.mp4", "webcam.mp4", "audio.mp4", "side-by-side.mp4"}
    assert max(errors.values()) <= 0.06, errors


def test_sought_anywhere_a_film_shows_the_picture_of_that_minute(opened: tuple[Opened, Path]) -> None:
    """Before and after a turned display, another camera, a full disk, another display, another profile."""
    assert checks.wrong_pictures(opened[1], opened[0], PLAN) == []


def test_what_was_not_recorded_is_a_gap_with_its_reason(opened: tuple[Opened, Path]) -> None:
    lost = (PLAN.disk_full + 0.5, PLAN.disk_full + 1.0, "disk_full")
    assert gaps(opened[0], "audio") == [(*map(float, PLAN.silent), "nothing_recorded"), lost]
    holds = 5_000_000 / PLAN.minute_us - 1 / 12  # the last picture stands for five seconds
    away = (round(PLAN.camera_away[0] + holds, 1), float(PLAN.camera_away[1]), "nothing_recorded")
    assert gaps(opened[0], "webcam") == [away, lost]


def test_sound_and_pictures_are_together_at_the_end(opened: tuple[Opened, Path]) -> None:
    apart = checks.apart_at_end_s(opened[1], opened[0], PLAN)
    assert max(apart.values()) <= 0.04, apart


def test_each_flag_leads_to_its_seconds_in_the_films(opened: tuple[Opened, Path]) -> None:
    marks = msgspec.json.decode((opened[1] / "flags.json").read_bytes(), type=list[Mark])
    assert [mark.code for mark in marks] == ["DISPLAY_CHANGED", "CAMERA_LOST", "DISPLAY_ADDED", "FACE_ABSENT"]
    assert checks.wrong_marks(opened[1], marks, opened[0], PLAN) == []
    absent = marks[-1]
    assert (absent.numbers, absent.films[0].file) == ({"seconds": 18.0}, "webcam.mp4")
    text = (opened[1] / "flags.txt").read_text()
    assert "No face for 18 s." in text and "a pointer and not a verdict" in text
