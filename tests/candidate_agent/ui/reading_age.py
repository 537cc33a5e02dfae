"""How old a reader must be for each screen: `python -m tests.candidate_agent.ui.reading_age`.

Flesch-Kincaid grade + 5, over all sentences of one screen, panel or problem together, by textstat. Labels of one to
three words are left out: they would make every screen look easier than it is. Placeholders are read as a plain word.
"""

import re
from collections import defaultdict

import textstat

from candidate_agent.ui.texts import Catalogue, catalogue

OLDEST = 13.0
GRADE_TO_AGE = 5.0
LABEL_WORDS = 3
_PLACEHOLDER = re.compile(r"\{\{\w+\}\}")


def group(key: str) -> str:
    """What is read together: a problem with its advice, one reason of an end, else all of one screen."""
    parts = key.split(".")
    return ".".join(parts[:2]) if parts[0] == "problem" else parts[0]


def sentences(texts: Catalogue) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, text in texts.items():
        plain = _PLACEHOLDER.sub("name", text).replace("…", ".").strip()
        if len(plain.split()) > LABEL_WORDS:
            found[group(key)].append(plain if plain[-1] in ".?!" else f"{plain}.")
    return dict(found)


def ages() -> dict[str, float]:
    """Group -> years."""
    return {name: age(" ".join(texts)) for name, texts in sentences(catalogue("en")).items()}


def age(text: str) -> float:
    return float(round(textstat.flesch_kincaid_grade(text) + GRADE_TO_AGE, 1))


if __name__ == "__main__":
    for name, years in sorted(ages().items(), key=lambda item: -item[1]):
        print(f"{years:5.1f}  {name}")
