"""The languages a candidate can choose: own names, direction, plural rules and numbers, for what Python shows. Pure.

The page has the same from its engine (Intl); rules and signs are those of Unicode CLDR. To add a language: a row in
each table here, a catalogue in `assets/locales/`, and `python -m candidate_agent.ui.missing_texts` for what is missing.
"""

import re

NAMES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "ar": "العربية"}
FALLBACK = "en"
CATEGORIES = {
    "en": ("one", "other"),
    "es": ("one", "many", "other"),
    "fr": ("one", "many", "other"),
    "de": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
_RIGHT_TO_LEFT = frozenset({"ar"})
_SIGNS = {"en": (",", "."), "es": (".", ","), "fr": ("\u202f", ","), "de": (".", ","), "ar": (",", ".")}
_ENDS = re.compile(r"[-_.@ ]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # what turns words round
_LETTERS_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MILLION = 1_000_000


def known(wish: str) -> str:
    """`de-AT`, `de_AT.UTF-8` and `DE` are "de"; "" where there are no texts."""
    name = _ENDS.split(wish.strip(), maxsplit=1)[0].lower()
    return name if name in NAMES else ""


def best(*wishes: str) -> str:
    """The first wish that can be granted, else English."""
    return next(filter(None, map(known, wishes)), FALLBACK)


def direction(language: str) -> str:
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def plural(language: str, count: float) -> str:
    """The CLDR category of `count`."""
    count = abs(count)
    if language == "ar":
        return _arabic(count)
    is_one = count < 2 if language == "fr" else count == 1
    if is_one:
        return "one"
    has_many = "many" in CATEGORIES[language]
    return "many" if has_many and count and count % _MILLION == 0 else "other"


def _arabic(count: float) -> str:
    if count in (0, 1, 2):
        return ("zero", "one", "two")[int(count)]
    if count != int(count):
        return "other"
    rest = count % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def number(language: str, value: float) -> str:
    """Grouped, with the language's signs, as the page writes it; at most two decimals."""
    shortest = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    if language == "es" and abs(value) < 10_000:
        shortest = shortest.replace(",", "")
    group, decimal = _SIGNS[language]
    signs = {",": group, ".": decimal}
    return "".join(signs.get(sign, sign) for sign in shortest)


def isolated(language: str, value: str) -> str:
    """A name or a path within a sentence keeps its own direction and leaves the sentence its own."""
    straight = _TURNS.sub("", value)
    if straight != value or direction(language) == "rtl" or _LETTERS_FROM_RIGHT.search(value):
        return f"\u2068{straight}\u2069"
    return value
