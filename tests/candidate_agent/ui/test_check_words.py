"""What a check found reaches the page by key, with the English beside it for what no catalogue has."""

from candidate_agent.checks.base import row
from candidate_agent.ui.screens import check_words
from exam_protocol.records import CheckRow


def test_a_sentence_goes_by_its_key_with_its_values() -> None:
    said = check_words.remedy(row("clock", "warn", 30.0, "", "fast", away=30))
    assert (said["key"], said["values"]) == ("advice.clock.fast", {"away": 30})
    assert said["text"].startswith("Your clock is 30 s fast.")


def test_several_sentences_go_together() -> None:
    measured = row("server", "fail", "not reached", "", "problem.server_unreachable.what any.network", reason="No.")
    said = check_words.remedy(measured)
    assert [part["key"] for part in said["all"]] == ["problem.server_unreachable.what", "advice.any.network"]
    assert said["text"].startswith("No. Please check")


def test_lists_are_joined_by_the_page_and_each_word_has_its_own_text() -> None:
    said = check_words.remedy(row("permissions", "fail", "", "", "missing", missing=("screen",)))
    assert said["values"]["missing"] == [{"key": "word.permissions.screen", "values": {}, "text": "screen"}]


def test_a_row_of_an_older_record_is_said_as_it_stands() -> None:
    old = CheckRow("disk", "fail", 0.1, "GB", "2 GB", "Please make room.")
    assert check_words.remedy(old) == {"text": "Please make room."}


def test_values_are_numbers_or_words_with_a_key() -> None:
    assert check_words.value(row("light", "pass", 80.0, "")) == {"as": "number", "value": 80.0}
    assert check_words.value(row("light", "unmeasured", None, "")) is None
    words = check_words.value(row("camera", "fail", "no camera", ""))
    assert words == {"key": "value.camera.no_camera", "values": {}, "text": "no camera"}
    figures = check_words.value(row("memory", "pass", "{total} GiB", "", total=8))
    assert figures == {"key": "value.memory", "values": {"total": 8}, "text": "8 GiB"}


def test_a_threshold_has_a_key_where_there_is_one() -> None:
    wanted = check_words.threshold(row("power", "pass", "mains", "{needed} minutes", needed=150))
    assert wanted == {"key": "threshold.power", "values": {"needed": 150}, "text": "150 minutes"}
    assert check_words.threshold(row("power", "unmeasured", None, "")) is None
