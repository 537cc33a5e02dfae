"""Hostile text in names, titles, words and statements, on every screen: it stays text, in its own direction, in its own
place. In Chromium, drawn as the pictures are.
"""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.candidate_agent.ui import hostile
from tests.candidate_agent.ui.states import STATES
from tests.screens import browser

pytestmark = pytest.mark.real

PARTS = 2  # so that none takes long
MARK = "Mallory"
TURNS = "\u202e\u2067\u202a"  # overrides, isolates and embeddings that nobody ends
TEXT = (
    f"{MARK} {TURNS}<b id={hostile.MADE}>x</b><script>{hostile.MADE}=1</script>{{{{name}}}} $& "
    f"\u200b\u2060\ufeff\0\r\n\t🙂{'W' * 200}"
)
# Characters that turn words round, and names that share a line's direction with words of ours.
_TURNED = r"""() => {
  const turns = /[\u202a-\u202e\u2066\u2067]/, own = (text) => /Mallory|W{40}/.test(text) || /^[\s·:–-]*$/.test(text);
  const each = (root) => { const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode); return found; };
  const apart = (style) => /isolate|plaintext/.test(style.unicodeBidi) || !/^(inline|contents)$/.test(style.display);
  const said = [];
  for (const node of each(document.body)) {
    if (turns.test(node.data)) said.push(`turns: ${node.data.slice(0, 60)}`);
    if (!/Mallory/.test(node.data) || /\u2068Mallory/.test(node.data)) continue;
    let at = node.parentElement;
    while (!apart(getComputedStyle(at))) at = at.parentElement;
    const mixed = each(at).map((other) => other.data).filter((data) => !own(data));
    const before = node.data.split("Mallory")[0].slice(3);
    for (const ours of [...mixed, before].filter(Boolean))
      said.push(`beside a name in ${at.tagName} ${at.id || at.className}: ${ours.slice(0, 40)}`);
  }
  return said;
}"""
_LOOK = """made => ({made: document.querySelectorAll(`#${made}`).length + Number(made in window),
  wide: document.documentElement.scrollWidth > innerWidth + 1,
  hole: document.body.innerText.includes("{{") && !document.body.innerText.includes("{{name}}")})"""


@pytest.fixture
def hostile_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "text", lambda mark: TEXT)
    made = {}
    for name, state in STATES.items():
        zone = state.live.zone and replace(state.live.zone, name=TEXT)
        made[name] = replace(state, session=hostile.hostile(state.session, MARK), live=replace(state.live, zone=zone))
    monkeypatch.setattr(browser, "STATES", made)


@pytest.mark.usefixtures("hostile_states")
@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_text_turns_no_word_of_ours_round_and_makes_nothing(running: Browser, part: int) -> None:
    found: list[Any] = []
    with browser.page(running, 1024, 600) as opened:
        for name, state in list(STATES.items())[part::PARTS]:
            if state.panel:
                browser.shut(opened)
            browser.draw(opened, name)
            seen = opened.evaluate(_LOOK, hostile.MADE)
            found += [f"{name}: {what}" for what, value in seen.items() if value]
            found += [f"{name}: turned round: {what}" for what in opened.evaluate(_TURNED)]
    assert found == []


@pytest.mark.usefixtures("hostile_states")
def test_it_would_find_a_name_beside_words_of_ours(running: Browser) -> None:
    with browser.page(running) as opened:
        browser.draw(opened, "consent")
        opened.evaluate("document.querySelector('main').append(`Candidate: Mallory`)")
        assert any("didate: " in line for line in opened.evaluate(_TURNED))
        opened.evaluate("document.querySelector('main').append('\u202ex')")
        assert any(line.startswith("turns") for line in opened.evaluate(_TURNED))
