"""Every language says all that English says. After a merge: `python -m candidate_agent.ui.missing_texts` prints what is
missing, and with `--add FILE` takes the translations.
"""

import json
import re
from importlib import resources

import pytest

from candidate_agent.ui import languages, missing_texts
from candidate_agent.ui.texts import catalogue, placeholders

FOLDER = resources.files("candidate_agent.ui") / "assets" / "locales"
ENGLISH = catalogue("en")
OTHERS = [name for name in languages.NAMES if name != "en"]
# Words that are the same in the other language. Add one here only after looking at it.
SAME = {
    "es": {"chat.proctor", "action.speaker-not-heard"},
    "fr": {
        "app.messages", "strip.messages", "chat.title", "consent.version", "problem.code", "help.contact",
        "receipt.track.control", "measure.notifications", "consent.events.name", "consent.chat.name",
    },
    "de": {"problem.code", "dialog.yes", "measure.computer"},
    "ar": set(),
}  # fmt: skip
BARE = {"zone.until.on", "readiness.seconds"}  # a value, and no word
# The number is in the word itself: one, two, none.
WITHOUT_COUNT = {"zero", "one", "two"}
ACCUSING = {
    "en": "cheat|suspicio|violat|misconduct|fraud",
    "es": "trampa|sospech|infracci|fraude|copiarse",
    "fr": "trich|suspect|infraction|fraud",
    "de": "betrug|betrüg|täusch|verdächt|verstoß|schummel",
    "ar": "غشّ|الغش|مشبوه|مخالف|احتيال",
}


def pairs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    json.loads(text, object_pairs_hook=lambda entries: found.extend(entries))
    return found


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {entry.name for entry in FOLDER.iterdir()} == {f"{name}.json" for name in languages.NAMES}


@pytest.mark.parametrize("language", languages.NAMES)
def test_no_key_is_there_twice_and_no_text_is_empty(language: str) -> None:
    entries = pairs((FOLDER / f"{language}.json").read_text("utf-8"))
    keys = [key for key, _ in entries]
    assert sorted(keys) == sorted(set(keys))
    assert [key for key, text in entries if not text.strip() or text != text.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_exactly_the_keys_of_english_with_its_own_plurals(language: str) -> None:
    assert missing_texts.missing(language) == {}
    assert missing_texts.surplus(language) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_has_the_placeholders_of_the_english_one(language: str) -> None:
    own, wanted = catalogue(language), missing_texts.expected(ENGLISH, language)
    wrong = []
    for key, text in own.items():
        there, here = placeholders(wanted.get(key, "")), placeholders(text)
        spared = {"count", "value"} if key.rpartition("_")[2] in WITHOUT_COUNT else set()
        if not there - spared <= here <= there:
            wrong.append((key, sorted(there), sorted(here)))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_was_left_over(language: str) -> None:
    own, wanted = catalogue(language), missing_texts.expected(ENGLISH, language)
    assert [key for key, text in own.items() if text == wanted.get(key) and key not in SAME[language] | BARE] == []


@pytest.mark.parametrize("language", languages.NAMES)
def test_no_text_accuses_anybody(language: str) -> None:
    accusing = re.compile(ACCUSING[language], re.IGNORECASE)
    assert [key for key, text in catalogue(language).items() if accusing.search(text)] == []


def test_an_english_plural_has_both_its_forms_and_the_others_all_of_theirs() -> None:
    stems = {key.removesuffix("_other") for key in ENGLISH if key.endswith("_other")}
    assert stems and all(f"{stem}_one" in ENGLISH for stem in stems)
    arabic = catalogue("ar")
    assert all(f"{stem}_{kind}" in arabic for stem in stems for kind in languages.CATEGORIES["ar"])


def test_the_tool_for_translators_finds_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    english = {**ENGLISH, "new.word": "New", "new.thing_one": "{{count}} thing", "new.thing_other": "{{count}} things"}
    german = catalogue("de")
    monkeypatch.setattr(missing_texts, "catalogue", lambda name: english if name == "en" else german)
    assert missing_texts.missing("de") == {
        "new.word": "New", "new.thing_one": "{{count}} thing", "new.thing_other": "{{count}} things",
    }  # fmt: skip
    assert list(missing_texts.expected(english, "ar"))[-6:] == [
        f"new.thing_{kind}" for kind in languages.CATEGORIES["ar"]
    ]
