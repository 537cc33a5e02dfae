"""What a screen reader is given: Chromium's own accessibility tree of a page, and what is wrong with it."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.screens.browser import ASSETS

_UNNAMED = {"none", "generic", "ignored", ""}
_PICTURES = {"image", "img", "canvas", "SvgRoot", "graphics-document"}
_GAUGES = {"progressbar", "meter"}
_HIDDEN = """() => [...document.querySelectorAll('[aria-hidden=true], [aria-hidden=true] *')]
  .filter(e => e.tabIndex >= 0 && e.checkVisibility()).map(e => e.id || e.outerHTML.slice(0, 60))"""
_SILENT = """() => [...document.querySelectorAll('[role=progressbar], [role=meter]')]
  .filter(e => !e.getAttribute('aria-valuetext')).map(e => e.getAttribute('aria-label'))"""


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    role: str
    name: str
    description: str
    facts: dict[str, Any]
    text: str  # of everything in it


def tree(opened: Page) -> list[Node]:
    """All nodes that are not ignored, in the order of reading."""
    session = opened.context.new_cdp_session(opened)
    raw = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in raw}
    return [_node(node, by_id) for node in raw if not node["ignored"] and _value(node, "role") != "InlineTextBox"]


def _node(raw: dict[str, Any], by_id: dict[str, Any]) -> Node:
    facts = {entry["name"]: entry["value"].get("value") for entry in raw.get("properties", ())}
    id_ = str(raw.get("backendDOMNodeId", ""))
    return Node(id_, _value(raw, "role"), _value(raw, "name"), _value(raw, "description"), facts, _text(raw, by_id))


def _value(raw: dict[str, Any], name: str) -> str:
    return str(raw.get(name, {}).get("value", "")).strip()


def _text(raw: dict[str, Any], by_id: dict[str, Any]) -> str:
    if _value(raw, "role") == "StaticText":
        return "" if raw["ignored"] else _value(raw, "name")
    return " ".join(filter(None, (_text(by_id[child], by_id) for child in raw["childIds"] if child in by_id)))


def of_role(nodes: list[Node], *roles: str) -> list[Node]:
    return [node for node in nodes if node.role in roles]


def live(nodes: list[Node]) -> dict[str, str]:
    """The words in each live region, by its node."""
    return {node.id: node.text for node in nodes if node.facts.get("live")}


def faults(opened: Page, nodes: list[Node], language: str) -> list[str]:
    """One line for each thing that a screen reader could not say, or would say wrongly."""
    return [
        *_nameless(nodes),
        *_counted(nodes),
        *(f"{node.role} is said in English: {node.name}" for node in nodes if node.name in _foreign(language)),
        *(f"can have the focus although it is hidden: {name}" for name in opened.evaluate(_HIDDEN)),
        *(f"a gauge says no value: {name}" for name in opened.evaluate(_SILENT)),  # CDP leaves the value's text empty
    ]


def _nameless(nodes: list[Node]) -> list[str]:
    wanted = {*_PICTURES, *_GAUGES, "dialog", "alertdialog", "navigation", "region"}
    return [
        f"{node.role} {node.id} has no name or no role: {node.text[:40]}"
        for node in nodes
        if (node.facts.get("focusable") and (not node.name or node.role in _UNNAMED))
        or (node.role in wanted and not node.name)
    ]


def _counted(nodes: list[Node]) -> list[str]:
    """One heading of the screen, one main part, one head, one place where news is told."""
    counts = {
        "heading": sum(node.facts.get("level") == 1 for node in of_role(nodes, "heading")),
        "main": len(of_role(nodes, "main")),
        "banner": len(of_role(nodes, "banner")),
        "page": len([node for node in of_role(nodes, "RootWebArea") if node.name]),
    }
    polite = [node for node in nodes if node.role == "status" and node.facts.get("live") == "polite"]
    return [f"{count} x {name}" for name, count in counts.items() if count != 1] + ([] if polite else ["no status"])


@cache
def _foreign(language: str) -> frozenset[str]:
    """Words of ours in English that are others in `language`."""
    english, own = (_words(name) for name in ("en", language))
    return frozenset(english - own)


def _words(language: str) -> set[str]:
    texts = json.loads((ASSETS / "locales" / f"{language}.json").read_text("utf-8"))
    ours = {key: text for key, text in texts.items() if not key.startswith("advice.")}  # samples have them as they are
    return {text for text in ours.values() if "{{" not in text}
