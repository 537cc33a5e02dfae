"""Plural rules and numbers of five languages against known counts, and what a wish for a language comes to."""

import pytest

from candidate_agent.ui import languages

COUNTS = {
    "en": {"one": [1], "other": [0, 2, 5, 11, 21, 100, 1_000_000, 1.5]},
    "de": {"one": [1], "other": [0, 2, 5, 11, 21, 100, 1_000_000, 1.5]},
    "es": {"one": [1], "many": [1_000_000, 3_000_000], "other": [0, 2, 16, 100, 1_000, 1_000_001, 1.5]},
    "fr": {"one": [0, 1, 1.5], "many": [1_000_000, 2_000_000], "other": [2, 3, 100, 1_000, 1_500_000]},
    "ar": {
        "zero": [0],
        "one": [1],
        "two": [2],
        "few": [3, 10, 103, 110, 1_003],
        "many": [11, 26, 99, 111, 1_011],
        "other": [100, 101, 102, 200, 1_000, 1_000_000, 1.5],
    },
}
CASES = [(name, kind, n) for name, kinds in COUNTS.items() for kind, many in kinds.items() for n in many]


@pytest.mark.parametrize(("language", "category", "count"), CASES)
def test_each_count_has_the_category_that_cldr_gives_it(language: str, category: str, count: float) -> None:
    assert languages.plural(language, count) == category


def test_every_language_has_its_name_and_all_its_categories_occur() -> None:
    assert set(languages.NAMES) == set(languages.CATEGORIES) == set(COUNTS)
    assert {name: tuple(kinds) for name, kinds in COUNTS.items()} == languages.CATEGORIES


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("de",), "de"),
        (("de-AT",), "de"),
        (("fr_CA.UTF-8",), "fr"),
        (("ES",), "es"),
        (("ar-EG", "en"), "ar"),
        (("", "fr"), "fr"),
        (("tlh", "zh-Hans-CN", "de"), "de"),
        (("C",), "en"),
        (("../../etc/passwd",), "en"),
        ((), "en"),
    ],
)
def test_the_first_wish_that_there_are_texts_for_is_granted_and_else_english(
    wishes: tuple[str, ...], language: str
) -> None:
    assert languages.best(*wishes) == language


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("en", 1234567, "1,234,567"),
        ("en", 1234.5, "1,234.5"),
        ("en", 3.0, "3"),
        ("de", 1234567, "1.234.567"),
        ("de", 0.25, "0,25"),
        ("es", 1234, "1234"),
        ("es", 12345, "12.345"),
        ("fr", 12345.5, "12\u202f345,5"),
        ("ar", 12345.5, "12,345.5"),
    ],
)
def test_numbers_have_the_signs_of_the_language(language: str, value: float, text: str) -> None:
    assert languages.number(language, value) == text


def test_only_arabic_runs_from_right_to_left() -> None:
    assert [name for name in languages.NAMES if languages.direction(name) == "rtl"] == ["ar"]


def test_a_name_keeps_its_own_direction_where_the_two_could_mix() -> None:
    assert languages.isolated("en", "Zoom") == "Zoom"
    assert languages.isolated("ar", "Zoom") == "\u2068Zoom\u2069"
    assert languages.isolated("en", "ليلى") == "\u2068ليلى\u2069"
