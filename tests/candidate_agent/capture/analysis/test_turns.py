"""Objects are looked for in the whole picture and around the person by turns, and nothing is forgotten in between."""

import numpy as np

from candidate_agent.capture.analysis.observations import ObjectSeen
from candidate_agent.capture.analysis.sight import Turns
from candidate_agent.capture.shape import Image

PIXELS = np.zeros((48, 64, 3), np.uint8)
PERSON = ObjectSeen("person", 0.8, 0.3, 0.2, 0.4, 0.8)
BOOK = ObjectSeen("book", 0.6, 0.8, 0.8, 0.1, 0.1)
PHONE = ObjectSeen("phone", 0.5, 0.4, 0.5, 0.05, 0.1)


class Model:
    """Sees a person and a book in the whole, a phone only from near."""

    def __init__(self, whole: tuple[ObjectSeen, ...] = (PERSON, BOOK)) -> None:
        self.whole, self.near = whole, (PHONE,)
        self.asked: list[str] = []

    def find(self, pixels: Image) -> tuple[ObjectSeen, ...]:
        self.asked.append("whole")
        return self.whole

    def closer(self, pixels: Image, person: ObjectSeen) -> tuple[ObjectSeen, ...]:
        self.asked.append("near")
        return self.near


def labels(seen: tuple[ObjectSeen, ...]) -> set[str]:
    return {each.label for each in seen}


def test_one_look_is_at_the_whole_the_next_at_the_person_and_both_are_told() -> None:
    model, turns = Model(), Turns()
    looks = [labels(turns.look(model, PIXELS)) for _ in range(4)]
    assert model.asked == ["whole", "near", "whole", "near"]
    assert looks == [{"person", "book"}, *[{"person", "book", "phone"}] * 3]


def test_what_is_put_away_is_gone_with_the_next_look_of_its_kind() -> None:
    model, turns = Model(), Turns()
    for _ in range(2):
        turns.look(model, PIXELS)
    model.near = ()
    assert "phone" in labels(turns.look(model, PIXELS)) and "phone" not in labels(turns.look(model, PIXELS))


def test_without_a_person_every_look_is_at_the_whole_and_nothing_near_is_kept() -> None:
    model, turns = Model(), Turns()
    for _ in range(2):
        turns.look(model, PIXELS)
    model.whole = (BOOK,)
    assert [labels(turns.look(model, PIXELS)) for _ in range(3)] == [{"book"}] * 3
    assert model.asked == ["whole", "near", "whole", "whole", "whole"]


def test_whoever_fills_the_picture_is_not_looked_at_again() -> None:
    model, turns = Model((ObjectSeen("person", 0.9, 0.0, 0.0, 1.0, 0.9),)), Turns()
    for _ in range(3):
        turns.look(model, PIXELS)
    assert model.asked == ["whole"] * 3
