"""No text stands in the catalogue that no screen asks for: every key is named by a source, whole or with a part that is
computed there.
"""

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from candidate_agent.ui.texts import catalogue

PACKAGE_DIR = Path(str(resources.files("candidate_agent")))
SCRIPTS = sorted((PACKAGE_DIR / "ui" / "assets").rglob("*.js"))
SOURCES = sorted(PACKAGE_DIR.rglob("*.py"))
_LITERAL = re.compile(r'"([^"\n]*)"')
_TEMPLATE = re.compile(r"`([^`\n]+)`")
_HOLE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
HOLE = "\0"


def keys_of_english() -> set[str]:
    """As a source names them: a plural without its category."""
    english = catalogue("en")
    stems = {key.removesuffix("_other") for key in english if key.endswith("_other")}
    return {key for key in english if key.rpartition("_")[0] not in stems} | stems


def named_by_scripts() -> Iterator[str]:
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        yield from _LITERAL.findall(text)
        for template in _TEMPLATE.findall(text):
            yield _HOLE.sub(HOLE, template)
            for hole in _HOLE.findall(template):
                yield from _LITERAL.findall(hole)


def named_by_modules() -> Iterator[str]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)


def patterns(named: set[str]) -> "re.Pattern[str]":
    """A computed part is anything without a blank; a name that is computed altogether proves nothing."""
    computed = [name for name in named if HOLE in name and "." in name and " " not in name]
    wanted = [".+".join(map(re.escape, name.split(HOLE))) for name in computed if not name.startswith(HOLE * 2)]
    return re.compile("|".join(wanted))


def test_every_text_is_asked_for_by_a_source() -> None:
    named = {*named_by_scripts(), *named_by_modules()}
    computed = patterns(named)
    unused = [key for key in keys_of_english() if key not in named and not computed.fullmatch(key)]
    assert sorted(unused) == []


def test_a_key_that_nobody_names_would_be_found() -> None:
    computed = patterns({f"problem.{HOLE}.what", "chat.title"})
    assert computed.fullmatch("problem.disk_full.what")
    assert not computed.fullmatch("problem.disk_full.why")
    assert not computed.fullmatch("chat.nobody")
