"""What a check found, as texts by key with the English of the record as `text`: the page says the key where its
catalogue has it, and the English else. Pure; used by `checks`.

Keys: `advice.<check>.<code>`, `threshold.<check>`, `value.<check>` for a value made of figures and
`value.<check>.<words>` for one of words alone. `candidate_agent/checks/texts.py` writes them into the catalogue.
"""

import re

from candidate_agent.ui.words import Json, number, verbatim
from exam_protocol.records import CheckRow, CheckWord

_WORDS_ALONE = re.compile(r"[a-z][a-z ]*")


def remedy(row: CheckRow) -> Json:
    codes = row.advice.split()
    if not codes:
        return verbatim(row.remedy)
    values = _values(row)
    if len(codes) == 1:
        return {"key": _advice_key(row.code, codes[0]), "values": values, "text": row.remedy}
    parts = [{"key": _advice_key(row.code, code), "values": values} for code in codes]
    return {"all": parts, "text": row.remedy}


def threshold(row: CheckRow) -> Json | None:
    if not row.threshold:
        return None
    return {"key": f"threshold.{row.code}", "values": _values(row), "text": row.threshold}


def value(row: CheckRow) -> Json | None:
    if row.value is None:
        return None
    if not isinstance(row.value, str):
        return number(row.value)
    if not _WORDS_ALONE.fullmatch(row.value):
        return {"key": f"value.{row.code}", "values": _values(row), "text": row.value}
    return {"key": f"value.{row.code}.{row.value.replace(' ', '_')}", "values": {}, "text": row.value}


def _advice_key(check: str, code: str) -> str:
    """A code with a point says itself where it stands: `any.…` beside all checks, `problem.…` with the errors."""
    if code.startswith("problem."):
        return code
    return f"advice.{code}" if "." in code else f"advice.{check}.{code}"


def _values(row: CheckRow) -> Json:
    return {name: _value(row.code, given) for name, given in row.advice_values.items()}


def _value(check: str, given: CheckWord) -> object:
    """Lists are joined by the page, as its language joins them; each of their words may have a text of its own."""
    if not isinstance(given, tuple):
        return given
    return [{"key": f"word.{check}.{each}", "values": {}, "text": each} for each in given]
