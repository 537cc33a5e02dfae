"""The English sentences of all checks, as the page's catalogue has them:
`python -m candidate_agent.checks.texts` writes them into candidate_agent/ui/assets/locales/en.json.

Each check's module holds its own; a test says when the catalogue is out of date.
"""

import importlib
import json
import re
from pathlib import Path
from types import ModuleType

from candidate_agent.checks import base
from exam_protocol.catalogue import CHECKS

CATALOGUE_PATH = Path(__file__).parent.parent / "ui" / "assets" / "locales" / "en.json"


def texts() -> dict[str, str]:
    found = {f"advice.any.{name}": sentence for name, sentence in base.ADVICE.items()}
    found |= {f"advice.lacking.{name}": sentence for name, sentence in base.LACKING.items()}
    for code in CHECKS:
        found |= _of(code, importlib.import_module(f"candidate_agent.checks.{code}"))
    return {key: re.sub(r"\{(\w+)\}", r"{{\1}}", sentence) for key, sentence in found.items()}


def _of(code: str, module: ModuleType) -> dict[str, str]:
    found = {f"advice.{code}.{name}": sentence for name, sentence in getattr(module, "ADVICE", {}).items()}
    found |= {f"word.{code}.{name}": word for name, word in getattr(module, "WORDS", {}).items()}
    found |= {f"value.{code}.{words.replace(' ', '_')}": words for words in getattr(module, "VALUES", ())}
    for name in ("threshold", "value"):
        pattern = getattr(module, name.upper(), "")
        if re.sub(r"\{\w+\}", "", pattern):  # a lone figure or name is the same in all languages
            found[f"{name}.{code}"] = pattern
    return found


def merged(catalogue: dict[str, str]) -> dict[str, str]:
    """`catalogue` with the sentences of today: in the old ones' place, else at the end of the checks' block."""
    ours = texts()
    kinds = ("advice.", "threshold.", "value.", "word.")
    rest = {key: text for key, text in catalogue.items() if not key.startswith(kinds)}
    made: dict[str, str] = {}
    for key, text in rest.items():
        made[key] = text
        if key == "verdict.waiting":
            made |= ours
    return made | ours


def main() -> None:
    catalogue = json.loads(CATALOGUE_PATH.read_text("utf-8"))
    CATALOGUE_PATH.write_text(json.dumps(merged(catalogue), indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
