"""What the other languages still lack, for translators: `python -m candidate_agent.ui.missing_texts` prints
{language: {key: English text}}. With `--add FILE`, a JSON of the same form with translations, it writes them into the
catalogues, in the order of the English keys, and takes out keys that English no longer has. For those who work on the
program; no part of it runs on a candidate's computer.
"""

import json
import sys
from pathlib import Path

from candidate_agent.ui import languages
from candidate_agent.ui.texts import Catalogue, catalogue

LOCALES_DIR = Path(__file__).parent / "assets" / "locales"
_OTHER = "_other"


def expected(english: Catalogue, language: str) -> Catalogue:
    """All keys of `language`, in order, each with its English text: a plural has one key for each category."""
    wanted: Catalogue = {}
    for key, text in english.items():
        stem = _stem(english, key)
        if stem is None:
            wanted[key] = text
        elif key.endswith("_one"):
            categories = languages.CATEGORIES[language]
            wanted.update(
                {f"{stem}_{name}": english.get(f"{stem}_{name}", english[stem + _OTHER]) for name in categories}
            )
    return wanted


def _stem(english: Catalogue, key: str) -> str | None:
    """The name of the plural that `key` belongs to."""
    stem, _, category = key.rpartition("_")
    return stem if category in ("one", "other") and {f"{stem}_one", stem + _OTHER} <= english.keys() else None


def missing(language: str) -> Catalogue:
    own = catalogue(language)
    return {key: text for key, text in expected(catalogue(languages.FALLBACK), language).items() if key not in own}


def surplus(language: str) -> set[str]:
    return set(catalogue(language)) - set(expected(catalogue(languages.FALLBACK), language))


def add(translated: dict[str, Catalogue]) -> None:
    for language, texts in translated.items():
        known = {**(catalogue(language) if (LOCALES_DIR / f"{language}.json").exists() else {}), **texts}
        wanted = expected(catalogue(languages.FALLBACK), language)
        write(language, {key: known[key] for key in wanted if key in known})


def write(language: str, table: Catalogue) -> None:
    text = json.dumps(table, ensure_ascii=False, indent=2)
    (LOCALES_DIR / f"{language}.json").write_text(text + "\n", "utf-8")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--add"]:
        add(json.loads(Path(arguments[1]).read_text("utf-8")))
    others = [name for name in languages.NAMES if name != languages.FALLBACK]
    left = {name: texts for name in others if (texts := missing(name))}
    json.dump(left, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
