"""A sentence out of a catalogue, as Python shows it."""

import pytest

from candidate_agent.ui.texts import Texts


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts()


def in_(texts: Texts, language: str) -> Texts:
    texts.choose(language)
    return texts


def test_a_plural_is_chosen_by_its_count_and_the_count_written_as_the_language_does(texts: Texts) -> None:
    assert in_(texts, "en").say("consent.keep", count=1) == "1 day, then it is deleted."
    assert in_(texts, "en").say("consent.keep", count=1200) == "1,200 days, then it is deleted."
    assert in_(texts, "de").say("consent.keep", count=1200) == "1.200 Tage, dann wird es gelöscht."
    assert in_(texts, "fr").say("consent.keep", count=0) == "0 jour, puis c’est effacé."
    assert in_(texts, "ar").say("consent.keep", count=2) == "يومان، ثم يُحذف."
    assert in_(texts, "ar").say("consent.keep", count=90) == "90 يومًا، ثم يُحذف."


def test_a_latin_name_in_an_arabic_sentence_is_isolated(texts: Texts) -> None:
    assert "\u2068Zoom\u2069" in in_(texts, "ar").say("program.open", name="Zoom")


def test_what_a_catalogue_lacks_is_said_in_english_and_what_all_lack_by_its_key(texts: Texts) -> None:
    gone = in_(texts, "de")._tables["de"].pop("leave.title")
    assert texts.say("leave.title") == "Leave the exam?"
    texts._tables["de"]["leave.title"] = gone
    assert texts.say("nobody.knows") == "nobody.knows"


def test_an_unknown_language_is_english(texts: Texts) -> None:
    assert in_(texts, "tlh").language == "en"


def test_a_value_that_is_not_given_stays_visible_and_no_value_is_read_as_a_pattern(texts: Texts) -> None:
    assert in_(texts, "en").say("program.asked", name="{{name}} \\1") == (
        "{{name}} \\1 was asked to close. Please wait a moment."
    )
    assert texts.say("over.receipt.path") == "Your receipt: {{path}}"
