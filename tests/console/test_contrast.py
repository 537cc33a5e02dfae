"""Colours of the console, read from tokens.css: words are legible and borders are seen (WCAG 2.2)."""

import re

import pytest

from tests.console.relay import CONSOLE_DIR

TOKENS = (CONSOLE_DIR / "style" / "tokens.css").read_text(encoding="utf-8")
TEXT, PART = 4.5, 3.0  # least contrast of text, and of what is not text
WORDS = [
    ("ink", "ground"), ("ink", "surface"), ("ink", "raised"), ("ink-quiet", "ground"), ("ink-quiet", "surface"),
    ("ink-quiet", "raised"), ("ink", "accent-soft"), ("accent", "surface"), ("accent", "raised"),
    ("accent-strong", "accent-soft"), ("on-accent", "accent"), ("fine", "fine-soft"), ("look", "look-soft"),
    ("stop", "stop-soft"), ("stop", "surface"), ("surface", "stop"), ("ink", "stop-soft"), ("ink", "look-soft"),
    ("ink", "hatch"), ("ink-quiet", "accent-soft"),
]  # fmt: skip
PARTS = [("line-strong", "surface"), ("focus", "surface"), ("focus", "ground"), ("accent", "ground")]


def colours(block: int) -> dict[str, str]:
    """Custom properties of light (0), dark (1); what dark does not name is as in light."""
    blocks = re.findall(r":root\s*\{(.*?)\}", TOKENS, re.S)
    found: dict[str, str] = {}
    for text in blocks[: block + 1]:
        found |= dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})\b", text))
    return found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    values = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast("#000", "#ffffff"), 2) == 21.0


@pytest.mark.parametrize("block", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_has_enough_contrast(block: int) -> None:
    shade = colours(block)
    pairs = [(pair, TEXT) for pair in WORDS] + [(pair, PART) for pair in PARTS]
    measured = {pair: round(contrast(shade[pair[0]], shade[pair[1]]), 2) for pair, _ in pairs}
    assert {pair: measured[pair] for pair, least in pairs if measured[pair] < least} == {}
