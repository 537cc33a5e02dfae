"""Our pages as files: one language with all its words, a strict policy, no way to write markup."""

import json
import re
from importlib import resources

ASSETS = resources.files("candidate_agent.ui") / "assets"
_FOLDERS = (ASSETS, ASSETS / "screens")
SCRIPTS = {entry.name: entry.read_text() for at in _FOLDERS for entry in at.iterdir() if entry.name.endswith(".js")}
TEXTS = json.loads((ASSETS / "locales/en.json").read_text())
KEYS = set(TEXTS) | {key.removesuffix("_other") for key in TEXTS}  # a plural is asked for without its ending


def test_each_word_that_a_script_names_exists() -> None:
    named = {key for source in SCRIPTS.values() for key in re.findall(r'word\("([a-z_.0-9]+)"', source)}
    assert len(named) > 50
    assert named - KEYS == set()


def test_no_script_writes_markup_or_evaluates_text() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser")
    assert [name for name, source in SCRIPTS.items() if forbidden.search(source)] == []


def test_the_page_has_a_policy_without_exceptions() -> None:
    page = (ASSETS / "index.html").read_text()
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page
    assert "unsafe" not in page
    assert not re.search(r"<script(?![^>]*src=)|style=\"|https?://", page)


def test_no_style_reaches_out_and_none_relies_on_motion() -> None:
    style = "".join(entry.read_text() for entry in ASSETS.iterdir() if entry.name.endswith(".css"))
    assert not re.search(r"url\(|@import|https?://", style)
    assert (
        "prefers-reduced-motion: reduce" in style
        and "prefers-contrast: more" in style
        and "prefers-color-scheme: dark" in style
    )


def test_texts_are_neutral_and_each_plural_has_both_forms() -> None:
    assert not re.search(r"cheat|suspicio|violat|misconduct", json.dumps(TEXTS), re.IGNORECASE)
    plurals = [key.removesuffix("_other") for key in TEXTS if key.endswith("_other")]
    assert plurals and all(f"{key}_one" in TEXTS for key in plurals)
