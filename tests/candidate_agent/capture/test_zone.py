"""Reading the zone in a picture: what is asked of the port, and what is made of its answer."""

import cv2
import numpy as np
import pytest

from candidate_agent.capture import zone
from candidate_agent.capture.card_judge import GOOD, Judgement
from candidate_agent.platforms.ports import Unsupported
from tests.candidate_agent.capture.test_mrz import td3

WHOLE = Judgement(GOOD, ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))
PAGE = np.full((600, 800, 3), 200, np.uint8)


class Letters:
    """Answers what it was told to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shapes: list[tuple[int, ...]] = []

    def read(self, png: bytes, within_s: float) -> str:
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        assert picture is not None
        self.shapes.append(picture.shape)
        return self.text


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("\n".join(td3()), "right"),
        ("\n".join(td3()).replace("UTO74", "UTO75"), "wrong"),
        ("Passport", "none"),
        ("", "none"),
    ],
)
def test_what_the_port_reads_is_judged_by_its_check_digits(text: str, outcome: str) -> None:
    letters = Letters(text)
    assert zone.read(PAGE, WHOLE, letters).outcome == outcome
    assert letters.shapes == [(round(1050 * 0.42), 1400)], "the foot of the document alone, laid flat"


def test_without_a_port_or_a_document_nothing_is_read() -> None:
    assert zone.read(PAGE, WHOLE, Unsupported("no program")) == zone.ZoneRead("unsupported", detail="no program")
    letters = Letters("x")
    assert zone.read(PAGE, Judgement("no_card"), letters).outcome == "none" and letters.shapes == []


def test_what_is_noted_for_the_record_names_nobody() -> None:
    read = zone.read(PAGE, WHOLE, Letters("\n".join(td3())))
    assert read.mrz is not None and "ERIKSSON" not in read.outcome + read.detail
