"""The candidate's texts for what is not drawn by the page: the receipt, the export. Same catalogues, same {{names}}.

Texts used here have no plural forms: numbers stand in cells of their own.
"""

import json
import re
from importlib import resources

_PLACE = re.compile(r"\{\{(\w+)\}\}")
FALLBACK = "en"


def _load(language: str) -> dict[str, str]:
    name = f"{language}.json"
    folder = resources.files("candidate_agent.ui") / "assets" / "locales"
    known = {entry.name for entry in folder.iterdir()}
    loaded: dict[str, str] = json.loads((folder / name).read_text("utf-8")) if name in known else {}
    return loaded


class Phrases:
    """A text that a language lacks is said in English."""

    def __init__(self, language: str) -> None:
        own = _load(language)
        self.language = language if own else FALLBACK
        self._texts = {**_load(FALLBACK), **own}

    def word(self, key: str, **values: object) -> str:
        pattern = self._texts.get(key, key)
        return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), pattern)

    def has(self, key: str) -> bool:
        return key in self._texts

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in ("ar", "fa", "he", "ur") else "ltr"
