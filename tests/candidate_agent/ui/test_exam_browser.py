"""The real exam browser in the real window, against the tricks of pages and of people: see `browse.py`."""

import hashlib
from typing import Any

import pytest

from candidate_agent.ui import seb
from tests.candidate_agent.ui.browse import CLIENT_KEY, CONFIG_KEY
from tests.candidate_agent.ui.play import CODE
from tests.escape.pages import RIGHTS, TRICKS, WINDOWS

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(240)]  # the first one plays all scenes


def scene(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("found", [name], indirect=True, ids=[name])


@scene("tricks")
@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_a_page_does_not_get_out(found: Any, trick: Any) -> None:
    assert found["tried"][trick.name] == trick.expectation


@scene("tricks_with_a_click")
@pytest.mark.parametrize("trick", (*WINDOWS, *RIGHTS), ids=lambda trick: trick.name)
def test_a_page_does_not_get_out_with_the_help_of_a_click_either(found: Any, trick: Any) -> None:
    assert found["tried"][trick.name] == trick.expectation


@scene("tricks_with_a_click")
def test_clicks_count_for_the_page_and_yet_nothing_reaches_a_clipboard(found: Any) -> None:
    assert found["control"] == "missed: the page got it"
    assert found["snooped"] == []


@scene("tricks")
def test_what_is_allowed_is_seen_to_be_got(found: Any) -> None:
    assert found["control"] == "missed: the page got it"
    assert set(found["blocked"]) >= {"address", "download", "navigation", "request"}


@scene("headers")
def test_the_exams_headers_go_to_its_addresses_with_the_proof_of_each(found: Any) -> None:
    for path in ("/start", "/data", "/hop", "/hopped"):
        url = found["exam"] + path
        assert found["heard"][url]["X-Room"] == "Hall 2"
        assert found["heard"][url][seb.CONFIG_HEADER] == hashlib.sha256((url + CONFIG_KEY).encode()).hexdigest()
        assert found["heard"][url][seb.CLIENT_HEADER] == hashlib.sha256((url + CLIENT_KEY).encode()).hexdigest()
        assert found["heard"][url]["User-Agent"].endswith(" ExamHall/1.0")


@scene("headers")
@pytest.mark.parametrize("way", ["fetch", "image", "frame", "top"])
def test_the_access_code_does_not_follow_a_redirect_to_another_address(found: Any, way: str) -> None:
    names = found["heard"][f"{found['friend']}/near-{way}"]
    assert names.get("X-Exam-Access-Code", "") == "" and CODE not in str(names)


@scene("headers")
def test_a_page_is_told_the_proofs_of_its_own_address_and_never_the_keys(found: Any) -> None:
    assert len(found["proofs"]) == 3  # the start, one after a redirect, one of another address
    for url, (config, client, version, agent) in found["proofs"].items():
        assert (config, client) == (seb.proof(url, CONFIG_KEY), seb.proof(url, CLIENT_KEY))
        assert version == seb.VERSION and agent.endswith(" ExamHall/1.0")
    assert CONFIG_KEY not in str(found) and CLIENT_KEY not in str(found)


@scene("camera_by_policy")
def test_a_page_gets_the_camera_where_the_policy_gives_it_and_nothing_more(found: Any) -> None:
    assert found == {"video": "video", "audio": "AbortError"}


@scene("inside_clipboard")
def test_copy_and_paste_work_within_the_exam_over_its_pages(found: Any) -> None:
    assert found["doubled"] == "canary canary "
    assert found["other_page"] == "canary canary end", "what is typed after a paste stands behind it"
    assert found["rich"].startswith("rich") and found["rich"].count("canary") == 2
    assert "<" not in found["rich"].replace("&nbsp;", ""), "pasted as plain text"


@scene("inside_clipboard")
def test_what_is_copied_inside_never_reaches_the_systems_clipboard(found: Any) -> None:
    assert found["owners"] == 0, "the clipboard never changed hands"
    assert found["clipboard"] == "from outside"
    assert found["snooped"] == []


@scene("inside_clipboard")
def test_what_was_copied_before_cannot_be_pasted_and_a_password_not_copied(found: Any) -> None:
    assert "from outside" not in str([found["doubled"], found["other_page"], found["rich"], found["fresh"]])
    assert "hidden-word" not in found["rich"]


@scene("inside_clipboard")
def test_the_inside_clipboard_is_empty_in_the_next_exam(found: Any) -> None:
    assert found["after"] == "?"


@scene("selecting_offers_nothing")
def test_selected_text_is_offered_to_no_program(found: Any) -> None:
    assert found["selected"] == "canary paragraph"
    assert set(found["snooped"]) <= {"from outside"}
    assert found["drops"] == 0


@scene("selecting_offers_nothing")
def test_the_middle_button_and_clicks_with_modifiers_open_and_paste_nothing(found: Any) -> None:
    assert found["answer"].replace("!", "") == "canary answer"
    assert (found["path"], found["linked"], found["windows"]) == ("/paragraph", False, 1)


@scene("dragging_out")
def test_a_drag_that_the_page_keeps_from_the_guard_still_reaches_nobody(found: Any) -> None:
    assert found["started"] == 1, "the page did start one"
    assert found["drops"] == 0


@scene("browser_keys")
def test_the_keys_of_a_browser_do_nothing(found: Any) -> None:
    assert found["kept"] and found["search"] == "?2", "neither loaded again nor gone back"
    assert found["answer"].startswith("before") and found["answer"].endswith("after")
    assert found["windows"] == 1 and found["no_menu"]


@scene("questions")
def test_a_page_asks_over_the_page_and_the_strip_stays_alive(found: Any) -> None:
    answers = {name: entry[0] for name, entry in found.items()}
    assert answers == {"agreed": True, "refused": False, "typed": "12", "read": "undefined"}
    assert found["agreed"][1] == "The exam page says: Hand in? | Cancel | OK"
    assert found["read"][1] == "The exam page says: <b>Ten minutes</b> | OK"
    assert all(entry[2:] == [1, True] for entry in found.values()), "no other window, and our page answered"


@scene("questions_against_the_pages_own_rules")
def test_a_page_that_forbids_all_requests_can_ask_too(found: Any) -> None:
    assert found == [True]


@scene("over_tls")
def test_an_exam_over_tls_works_and_one_that_nobody_vouches_for_gets_nothing(found: Any) -> None:
    assert found["got"] == ["200", "refused"] and found["said"] == [True] and found["impostor"] == []
    assert found["code"] == [CODE] and found["proof"] == seb.proof(found["url"] + "/start", CONFIG_KEY)


@scene("a_dead_page_is_loaded_again")
def test_an_exam_page_that_died_comes_back_with_our_scripts_in_it(found: Any) -> None:
    assert found == ["undefined", "undefined", True]


@scene("leaving_anyway")
@pytest.mark.parametrize("page", ["waits", "asks", "hangs", "holds"])
def test_no_page_keeps_the_candidate(found: Any, page: str) -> None:
    assert found[page]


@scene("nothing_is_kept")
def test_a_second_opening_finds_nothing_of_the_first(found: Any) -> None:
    assert found["had"] == "all"
    assert found["found"] == ["looked"]


def test_nothing_of_the_exam_is_in_any_file(browsed: dict[str, Any]) -> None:
    words = (b"canary", CODE.encode(), CONFIG_KEY.encode(), CLIENT_KEY.encode())
    assert [name for name, data in browsed["files"].items() if any(word in data for word in words)] == []
    assert "Expect troubles" not in browsed["log"]
