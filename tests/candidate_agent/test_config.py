"""Start links and where sessions are kept."""

from pathlib import Path

import pytest

from candidate_agent.base.errors import UsageError
from candidate_agent.config import Config, parse_link

LINK = "exam-agent://start?server=https%3A%2F%2Fexams.example.edu&exam=algebra&root=aaaa-bbbb#ABCD-EFGH"


def test_a_link_names_server_exam_root_and_code() -> None:
    launch = parse_link(LINK)
    assert (launch.server_url, launch.exam_id, launch.root, launch.code) == (
        "https://exams.example.edu", "algebra", "aaaa-bbbb", "ABCD-EFGH",
    )  # fmt: skip


@pytest.mark.parametrize(
    "link",
    ["", "https://example.edu", LINK.split("#")[0], LINK.replace("root", "tree"), "exam-agent://", "exam-agent://[::1"],
)
def test_an_incomplete_link_is_refused_with_a_code(link: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_link(link)
    assert refused.value.code == "link_damaged"


def test_the_same_exam_and_code_are_the_same_session(tmp_path: Path) -> None:
    config = Config(tmp_path)
    assert config.session_dir("aaaa-bbbb", b"b" * 32) == config.session_dir("aaaa-bbbb", b"b" * 32)
    assert config.session_dir("aaaa-bbbb", b"b" * 32) != config.session_dir("aaaa-bbbb", b"c" * 32)
