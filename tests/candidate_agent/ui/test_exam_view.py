"""The real exam page in the real window: no bridge, no way out, nothing left."""

from typing import Any

import pytest

from tests.candidate_agent.ui.play import CODE
from tests.candidate_agent.ui.test_windows import scene

pytestmark = [pytest.mark.real, pytest.mark.slow]


@scene("no_bridge")
def test_the_exam_page_has_no_bridge_and_no_uninspected_way_to_the_network(seen: Any) -> None:
    assert set(seen.values()) == {"undefined"}


@scene("access_code")
def test_the_exam_gets_the_access_code_with_each_page_and_each_fetch(seen: Any) -> None:
    codes = dict(seen["exam"])
    assert [codes[path] for path in ("/start", "/data", "/hop", "/hopped")] == [CODE] * 4


@scene("access_code")
def test_nobody_else_gets_the_access_code_not_even_after_a_redirect(seen: Any) -> None:
    assert {path for path, _ in seen["friend"]} == {"/style", "/back", "/landed"}
    assert {code or "" for _, code in seen["friend"]} == {""}
    assert not seen["shown"]
    assert all(CODE not in path for path, _ in (*seen["exam"], *seen["friend"]))


@scene("foreign_ways")
def test_a_foreign_address_is_never_reached(seen: Any) -> None:
    assert seen["foreign"] == []
    beacon = seen["tried"].pop("beacon")
    assert beacon in ("queued", "blocked")
    assert set(seen["tried"].values()) == {"blocked"}
    assert len(seen["tried"]) >= 8


@scene("foreign_ways")
def test_the_exam_stays_where_it_is_and_opens_no_window(seen: Any) -> None:
    assert seen["address"].endswith("/start")
    assert seen["top_windows"] == 1
    assert {kind for kind, _ in seen["blocked"]} >= {"request", "navigation"}


@scene("no_copy_no_paste")
def test_nothing_is_copied_out_or_pasted_in(seen: Any) -> None:
    assert seen["clipboard"] == "from outside"
    assert seen["after"] == seen["before"] + "?"


@scene("forgetting")
def test_nothing_of_the_exam_is_left_once_it_is_forgotten(seen: Any, played: dict[str, Any]) -> None:
    assert seen["had"] == "keptcanary=kept"
    assert seen["left"] == ""
    assert seen["profiles"] == 1
    assert [name for name, data in played["files"].items() if b"canary" in data or CODE.encode() in data] == []


def test_the_log_names_neither_the_code_nor_what_was_typed(played: dict[str, Any]) -> None:
    assert "Expect troubles" not in played["log"]
    programs_own_lines = [
        line
        for line in played["log"].splitlines()
        if not line.startswith(("access_code", "typing", "a_notice", "f6", "no_copy"))
    ]
    assert not any(CODE in line or "second" in line for line in programs_own_lines if "screens" not in line)
