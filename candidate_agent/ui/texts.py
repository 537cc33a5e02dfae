"""The catalogues, and a sentence out of them, for what Python itself shows: emergency exit, questions of the exam page,
problem box, receipt. Same form and same rules as `assets/texts.js` ("i18next JSON v4"); English lies beneath.
"""

import json
import re
from importlib import resources
from importlib.resources.abc import Traversable

from candidate_agent.ui import languages

Catalogue = dict[str, str]
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def catalogue(language: str) -> Catalogue:
    table: Catalogue = json.loads((_folder() / f"{language}.json").read_text("utf-8"))
    return table


def _folder() -> Traversable:
    return resources.files("candidate_agent.ui") / "assets" / "locales"


class Texts:
    """Read once, while the disk is known to answer. `language` is the one spoken now, and always one that there is."""

    def __init__(self, language: str = languages.FALLBACK) -> None:
        self._tables = {name: catalogue(name) for name in languages.NAMES}
        self.language = languages.best(language)

    def choose(self, language: str) -> None:
        self.language = languages.best(language)

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    def has(self, key: str) -> bool:
        return self._found(key, 0) is not None

    def pattern(self, key: str, count: float | None = None) -> str:
        """With its placeholders; the key itself where no catalogue has it."""
        found = self._found(key, count)
        return key if found is None else found

    def _found(self, key: str, count: float | None) -> str | None:
        for language in dict.fromkeys((self.language, languages.FALLBACK)):
            table = self._tables[language]
            category = "other" if count is None else languages.plural(language, count)
            for name in (key, f"{key}_{category}", f"{key}_other"):
                if name in table:
                    return table[name]
        return None

    def number(self, value: float) -> str:
        return languages.number(self.language, value)

    def say(self, key: str, **values: str | float) -> str:
        count = values.get("count")
        pattern = self.pattern(key, None if isinstance(count, str) else count)
        return _PLACEHOLDER.sub(lambda match: self._filled(match, values), pattern)

    def _filled(self, match: "re.Match[str]", values: dict[str, str | float]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        if isinstance(value, str):
            return languages.isolated(self.language, value)
        return self.number(value)


def placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))
