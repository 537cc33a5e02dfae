"""An exam's configuration: everything has a default, nothing unknown is accepted, windows are in local time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import exam_office
from exam_office import config
from exam_office.errors import OfficeError
from exam_protocol.policy import Policy

MINIMAL = 'exam_id = "BIO"\ntitle = "Biology"\ncontact = "us"\ntime_zone = "Europe/Berlin"\n'


def utc(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%m-%d %H:%M")


def code_of(text: str) -> str:
    with pytest.raises(OfficeError) as caught:
        config.window_ms(config.parse(text.encode()), date(2026, 3, 25))
    return caught.value.code


def test_four_lines_are_enough() -> None:
    exam = config.parse(MINIMAL.encode())
    assert exam.policy == Policy() and exam.integrity.version == "2026-1"
    assert "myself" in exam.integrity.statement and "Nothing is recorded" in exam.alternative


def test_the_window_is_seven_days_of_local_time_even_over_a_clock_change() -> None:
    opens, closes, expires = config.window_ms(config.parse(MINIMAL.encode()), date(2026, 3, 25))
    assert [utc(ms) for ms in (opens, closes, expires)] == ["03-24 23:01", "03-31 21:59", "04-01 21:59"]


def test_a_window_can_be_given_with_and_without_an_offset() -> None:
    text = MINIMAL + "[window]\nopens = 2026-12-01T08:00:00\ncloses = 2026-12-01T12:00:00Z\n"
    opens, closes, _ = config.window_ms(config.parse(text.encode()), date(2026, 3, 25))
    assert (utc(opens), utc(closes)) == ("12-01 07:00", "12-01 12:00")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "config_damaged"),
        ("not toml", "config_damaged"),
        (MINIMAL + 'colour = "blue"', "config_damaged"),
        (MINIMAL + "[policy]\nduration = 5", "config_damaged"),
        (MINIMAL + "[policy]\nduration_s = 0", "config_damaged"),
        (MINIMAL + '[policy]\nclipboard = "on"', "config_damaged"),
        (MINIMAL + '[policy]\npage_camera = "yes"', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X-Room"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X Room", "2"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X-Room", "2\\r\\nCookie: x"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X-Room", "2\\n"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["Cookie", "x"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X-Exam-Access-Code", "x"]]', "config_damaged"),
        (MINIMAL + '[policy]\nheaders = [["X-Room", "1"], ["x-room", "2"]]', "config_damaged"),
        (MINIMAL + '[policy]\nuser_agent_suffix = "SEB\\r\\nX: 1"', "config_damaged"),
        (MINIMAL.replace("BIO", "../BIO"), "config_damaged"),
        (MINIMAL.replace("Europe/Berlin", "Atlantis/Capital"), "config_damaged"),
        (MINIMAL.replace("Europe/Berlin", "../../etc/passwd"), "config_damaged"),
        (MINIMAL + "[window]\nopens = 2026-12-02T00:00:00\ncloses = 2026-12-01T00:00:00", "window_wrong"),
        (MINIMAL + "[window]\nopens = 2026-12-01T00:00:00\nexpires = 2026-12-01T00:00:00", "window_wrong"),
        (MINIMAL + "[window]\nopens = 2026-12-01", "config_damaged"),
    ],
)
def test_a_wrong_configuration_is_refused(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_example_says_what_the_defaults_are() -> None:
    text = (Path(exam_office.__file__).parent / "example.toml").read_bytes()
    assert config.parse(text).policy == Policy()
    assert all(field in text.decode() for field in Policy.__struct_fields__)


def test_the_exam_browser_is_described() -> None:
    text = MINIMAL + '[policy]\nclipboard = "inside"\nheaders = [["X-Room", "Hall 2"]]\nuser_agent_suffix = "SEB/3.8"\n'
    policy = config.parse(text.encode()).policy
    assert (policy.clipboard, policy.headers, policy.user_agent_suffix) == (
        "inside",
        (("X-Room", "Hall 2"),),
        "SEB/3.8",
    )


def test_a_refused_header_is_named() -> None:
    with pytest.raises(OfficeError) as caught:
        config.parse((MINIMAL + '[policy]\nheaders = [["Sec-Fetch-Mode", "x"]]').encode())
    assert "sec-fetch-mode" in str(caught.value)


def test_a_further_archive_key_can_be_named() -> None:
    key = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    exam = config.parse((MINIMAL + f'[[archive]]\nid = "archive-2"\nwrap_key = "{key}"').encode())
    assert exam.archive[0].wrap_key == b"A" * 32
