"""The real window on a real X server: our own page, the keyboard, the strip."""

from typing import Any

import pytest

from tests.candidate_agent.ui.states import STATES

pytestmark = [pytest.mark.real, pytest.mark.slow]


def scene(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seen", [name], indirect=True, ids=[name])


@scene("screens")
def test_every_state_is_drawn_with_a_heading(seen: Any) -> None:
    assert set(seen) == set(STATES)
    assert all(entry["title"] for entry in seen.values())


@scene("screens")
@pytest.mark.parametrize(
    ("state", "ids"),
    [
        ("early", {"early", "close"}),
        ("consent", {"consent-next", "consent-refuse", "chat-input", "chat-send"}),
        ("consent-webcam", {"consent-next", "consent-back", "consent-to-screen", "consent-refuse"}),
        ("consent-statement", {"consent-accept", "consent-back", "consent-refuse"}),
        ("reread", {"reread-back"}),
        ("waiting-place", {"place", "texts"}),
        ("checks-stop", {"checks-again", "checks-continue", "check-displays", "check-again-displays"}),
        ("checks-programs", {"check-programs", "close-program-0", "close-program-1", "close-program-2"}),
        ("exam-programs", {"program-0", "close-program-0", "program-2", "close-program-2"}),
        ("paused-programs", {"program-0", "close-program-0"}),
        ("identity", {"capture-id_card", "preview", "chat-input"}),
        ("identity-look", {"retake-id_card", "confirm-id_card", "preview"}),
        ("identity-hint-good", {"hint", "capture-id_card"}),
        ("room", {"capture-room", "way-desk", "desk-room", "way-decline", "decline-room"}),
        ("room-turning", {"hint", "next-room", "stop-room"}),
        ("room-by-hand", {"hint", "next-room-picture", "stop-room"}),
        ("waiting-declined", {"reopen-room"}),
        ("room-look", {"retake-room", "confirm-room"}),
        ("exam", {"recording", "link", "clock", "chat-open", "hand", "help", "finish", "leave"}),
        ("exam-leave", {"leave-confirm", "leave-stay"}),
        ("exam-warning", {"notice-c-warning", "ack-c-warning"}),
        ("exam-offline", {"banner-offline"}),
        ("paused", {"leave"}),
        ("break", {"leave", "break-back", "countdown"}),
        ("exam-report", {"report", "more", "leave"}),
        ("over-done", {"over-restored", "over-upload", "close"}),
        ("problem", {"close"}),
    ],
)
def test_the_ids_that_scripts_press_are_there(seen: Any, state: str, ids: set[str]) -> None:
    assert ids <= set(seen[state]["ids"])


@scene("screens")
def test_no_id_is_there_twice(seen: Any) -> None:
    assert [name for name, entry in seen.items() if len(entry["ids"]) != len(set(entry["ids"]))] == []


@scene("languages")
def test_a_language_is_chosen_at_once_and_nothing_typed_is_lost(seen: Any) -> None:
    assert seen["chosen"] == ["LanguageChosen(language='ar')"]
    arabic, german, unknown, english = (seen["drawn"][name] for name in ("ar", "de", "tlh", "en"))
    assert (arabic["dir"], german["dir"], english["dir"]) == ("rtl", "ltr", "ltr")
    assert arabic["title"] == "أظهروا أنفسكم مع وثيقة الهوية"
    assert "00:30:00" in arabic["clock"] and arabic["clock"] != german["clock"]
    assert unknown["title"] == english["title"] == "Show yourself with your identity document"
    assert {(drawn["typed"], drawn["focus"]) for drawn in seen["drawn"].values()} == {("half", "chat-input")}
    assert (arabic["list"], german["list"]) == ("ar", "de")


@scene("languages_of_the_strip")
def test_the_strip_offers_the_languages_in_its_help(seen: Any) -> None:
    assert seen == {"chosen": ["LanguageChosen(language='de')"], "pressed": ["language-en"]}


@scene("hostile_text")
def test_hostile_text_stays_text(seen: Any) -> None:
    assert seen["made"] == 0
    assert "<script>alert(1)</script>" in seen["text"]


@scene("hostile_everywhere")
def test_hostile_text_in_every_place_makes_nothing_and_pushes_nothing_out_of_the_window(seen: Any) -> None:
    assert set(seen) == set(STATES)
    harmless = {"made": 0, "wide": False, "out": [], "far": []}
    assert {name: entry for name, entry in seen.items() if entry != harmless} == {}


@scene("own_page_stays_home")
def test_our_own_page_reaches_nobody(seen: Any) -> None:
    assert seen["tried"] == ["blocked"] * 3
    assert seen["foreign"] == []
    assert seen["address"] == "exam-client://app/index.html?language=en&direction=ltr"  # of the first words


@scene("own_page_stays_home")
def test_our_own_page_cannot_evaluate_text_and_lacks_the_generic_bridge(seen: Any) -> None:
    assert seen["eval"] == "EvalError"
    assert seen["pywebview"] == "undefined"


@scene("enter_goes_on")
def test_enter_goes_on_from_stage_to_stage_and_never_agrees(seen: Any) -> None:
    """A key that is held down goes on once; in a field it belongs to the field."""
    assert seen == {"focus": "title", "went": [["ConsentRead", "webcam"]], "last": ["ConsentTurned"]}


@scene("clicks_become_events")
def test_a_click_becomes_one_event(seen: Any) -> None:
    assert seen == ["ConsentGiven"]


@scene("typed_text_survives")
def test_half_a_sentence_survives_new_views_and_is_sent_once(seen: Any) -> None:
    assert (seen["value"], seen["focus"]) == ("half a sen", "chat-input")
    assert (seen["said"], seen["left"]) == (["half a sen"], "")


@scene("newest_view_wins")
def test_only_the_newest_of_300_views_is_drawn(seen: Any) -> None:
    assert seen["superseded"] > 200


@scene("a_dead_page_comes_back")
def test_a_page_that_died_comes_back_with_the_newest_view(seen: Any) -> None:
    assert seen == "waiting"


@scene("close_is_only_asked")
def test_closing_the_window_asks_and_does_not_close(seen: Any) -> None:
    assert seen == {"asked": 1, "still_there": True}


@scene("entering")
def test_the_exam_fills_the_screen_under_a_strip_of_48_pixels(seen: Any) -> None:
    assert seen["full"] == ["0", "0", *seen["screen"]]
    assert seen["strip"] == 48


@scene("typing_stays_in")
def test_typing_and_switching_keys_stay_in_the_exam(seen: Any) -> None:
    assert seen["answer"].startswith("first") and seen["answer"].endswith("second")
    assert seen["visible"]


@scene("a_notice_takes_no_keys")
def test_a_warning_grows_the_strip_takes_no_keys_and_is_acknowledged(seen: Any) -> None:
    assert seen["tall"] > 60
    assert seen["answer"].endswith(" third")
    assert seen["event"] == "NoticeAcknowledged"


@scene("f6_moves_between")
def test_f6_moves_between_exam_and_strip(seen: Any) -> None:
    assert seen.endswith("third!")


@scene("pause_keeps_the_page")
def test_a_pause_hides_the_exam_and_keeps_what_was_typed(seen: Any) -> None:
    assert seen["same"] and seen["loads"] == 0
    assert seen["tall"] > 400


@scene("leaving")
def test_leaving_gives_back_the_keyboard_the_size_and_the_place(seen: Any) -> None:
    assert seen["after"] == seen["before"]
    assert seen["z"] and seen["heard"] == 1, "the other window heard only the key after the exam"


@scene("keyboard_of_another")
def test_a_keyboard_that_another_program_holds_is_said_plainly(seen: Any) -> None:
    assert seen == "keyboard_not_held"
