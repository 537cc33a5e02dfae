"""Codes are stable and unique, the table in the documents is current, and every place that raises uses a known code."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from candidate_agent.base import errors
from candidate_agent.ui import error_table

ROOT = Path(__file__).parents[3]
KINDS = {kind.__name__: kind for kind in errors.KINDS}


def raised() -> Iterator[tuple[str, str, str]]:
    """(place, class, code) of every `SomeError("code", ...)` of the agent."""
    for path in sorted((ROOT / "candidate_agent").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in (*KINDS, "AgentError")
            ):
                code = node.args[0] if node.args else None
                if isinstance(code, ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.func.id, str(code.value)


def test_the_document_is_current() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == error_table.markdown()


def test_every_kind_is_in_the_table() -> None:
    assert set(errors.KINDS) == set(errors.AgentError.__subclasses__())


def test_a_code_belongs_to_one_kind_and_so_to_one_exit_status() -> None:
    codes = Counter(code for kind in errors.KINDS for code in kind.codes)
    assert [code for code, times in codes.items() if times > 1] == []


def test_every_place_that_raises_uses_a_code_of_its_kind() -> None:
    found = list(raised())
    assert len(found) > 30
    assert [entry for entry in found if entry[1] not in KINDS or entry[2] not in KINDS[entry[1]].codes] == []


def test_a_code_of_the_servers_own_ends_with_1() -> None:
    assert (errors.status_of("disk_full"), errors.status_of("never_heard_of")) == (14, 1)
