"""The candidate's texts for what is not drawn by our page: the readiness report, the words of a practice room.

The same catalogues as the page reads; a key that a language lacks is said in English.
"""

import json
import re
from importlib import resources

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_LOCALES = resources.files("candidate_agent.ui") / "assets" / "locales"
_PARAMETER = re.compile(r"\{\{(\w+)\}\}")


class Texts:
    """One language. Plurals know one and other, which is what the report needs."""

    def __init__(self, language: str) -> None:
        self.language = language if (_LOCALES / f"{language}.json").is_file() else "en"
        self._table = {**_read("en"), **_read(self.language)}

    @property
    def direction(self) -> str:
        return "rtl" if self.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"

    def has(self, key: str) -> bool:
        return key in self._table or f"{key}_other" in self._table

    def say(self, key: str, **values: object) -> str:
        """The key itself where nobody wrote a text for it."""
        form = "one" if values.get("count") == 1 else "other"
        pattern = self._table.get(key, self._table.get(f"{key}_{form}", self._table.get(f"{key}_other", key)))
        return _PARAMETER.sub(lambda found: str(values.get(found[1], found[0])), pattern)


def _read(language: str) -> dict[str, str]:
    table: dict[str, str] = json.loads((_LOCALES / f"{language}.json").read_text("utf-8"))
    return table
