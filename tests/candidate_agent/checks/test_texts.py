"""The sentences of the checks: the page's catalogue has them all, and none is said with a hole in it."""

import importlib
import json
import re
from pathlib import Path

import pytest

from candidate_agent.checks import base, texts
from candidate_agent.checks.base import row
from exam_protocol import codec
from exam_protocol.catalogue import CHECKS
from exam_protocol.records import CheckRow

CATALOGUE: dict[str, str] = json.loads(texts.CATALOGUE_PATH.read_text("utf-8"))


def test_the_english_catalogue_has_the_sentences_of_today() -> None:
    """`python -m candidate_agent.checks.texts` writes it."""
    assert texts.merged(CATALOGUE) == CATALOGUE
    assert list(texts.merged(CATALOGUE)) == list(CATALOGUE)


@pytest.mark.parametrize("code", CHECKS)
def test_each_code_of_a_sentence_in_a_check_is_known(code: str) -> None:
    """Every quoted word that stands where `row` takes an advice."""
    module = importlib.import_module(f"candidate_agent.checks.{code}")
    source = Path(str(module.__file__)).read_text("utf-8")
    shared = re.findall(r'"(?:[a-z_]+ )?any\.(\w+)"', source)
    assert set(shared) <= set(base.ADVICE)
    spoken = set(re.findall(r'"(\w+)"', source.split("async def measure")[-1]))
    assert set(getattr(module, "ADVICE", {})) <= spoken | set(re.findall(r'"(\w+) (?:any|problem)', source)), "unused"


def test_a_row_says_its_sentence_with_its_values_and_keeps_both() -> None:
    said = row("programs", "fail", 2.0, "none", "close stays", names=("Zoom", "OBS"), staying=("AnyDesk",))
    assert said.remedy == (
        "Please close: Zoom, OBS. Does not close: AnyDesk. Please save your work and close it yourself."
    )
    assert (said.advice, said.advice_values["names"]) == ("close stays", ("Zoom", "OBS"))


def test_braces_in_what_a_device_calls_itself_are_only_braces() -> None:
    said = row("camera", "fail", "no camera", "", "only_virtual", name="{0} {name}")
    assert "“{0} {name}”" in said.remedy


def test_rows_of_older_records_are_still_read_and_new_ones_leave_out_what_is_empty() -> None:
    old = b'{"code":"disk","outcome":"pass","value":5.0,"unit":"GB","threshold":"2","remedy":""}'
    assert codec.decode(old, CheckRow) == CheckRow("disk", "pass", 5.0, "GB", "2", "")
    assert b"advice" not in codec.encode(CheckRow("disk", "pass", 5.0, "GB", "2", ""))
    full = row("displays", "fail", 2.0, "at most {most}", "too_many", most=1)
    assert codec.decode(codec.encode(full), CheckRow) == full
