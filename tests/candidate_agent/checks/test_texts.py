"""The sentences of the checks: the page's catalogue has them all, and none is said with a hole in it."""

import dataclasses
import importlib
import json
import re
from pathlib import Path

import pytest

from candidate_agent.checks import base, texts, virtual_machine
from candidate_agent.checks.base import row
from candidate_agent.platforms.linux.backend import without_x11
from candidate_agent.platforms.linux.system import vm_signals
from candidate_agent.platforms.ports import NO_PERMISSIONS, Platform, Unsupported
from candidate_agent.ui.screens import check_words
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


@pytest.mark.parametrize("kind", ["wayland", "none"])
def test_why_a_system_cannot_be_asked_is_told_in_the_candidates_language(kind: str) -> None:
    lacking = {answer.code for answer in vars_of(without_x11(kind)) if isinstance(answer, Unsupported)}
    assert lacking - {""} <= set(base.LACKING) and NO_PERMISSIONS.code in base.LACKING
    port = without_x11(kind).cameras
    assert isinstance(port, Unsupported)
    made = base.absent("camera", port)
    assert made.remedy == port.reason, "the record has the port's own sentence"
    assert check_words.remedy(made)["key"] in texts.texts()


def vars_of(platform: Platform) -> tuple[object, ...]:
    return tuple(getattr(platform, field.name) for field in dataclasses.fields(platform))


def test_signs_of_a_virtual_machine_are_named_by_kind_to_the_candidate_and_each_to_the_proctor() -> None:
    signs = ("firmware sys_vendor: QEMU", "firmware bios_vendor: SeaBIOS", "processor reports a hypervisor", "odd")
    made = virtual_machine.judge(signs, "person")
    assert made.advice_values["signs"] == ("firmware", "processor", "odd")
    assert all(sign in made.remedy for sign in signs)
    assert {f"word.virtual_machine.{kind}" for kind in virtual_machine.KINDS.values()} <= set(texts.texts())


def test_every_sign_that_linux_gives_is_of_a_known_kind(tmp_path: Path) -> None:
    (tmp_path / "sys/class/dmi/id").mkdir(parents=True)
    (tmp_path / "sys/class/dmi/id/sys_vendor").write_text("QEMU")
    (tmp_path / "sys/hypervisor").mkdir()
    (tmp_path / "sys/hypervisor/type").write_text("xen")
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("flags : fpu hypervisor sse")
    signs = vm_signals(tmp_path, ("52:54:00:12:34:56",))
    assert set(virtual_machine.kinds(signs)) == {"firmware", "processor", "kernel", "network_card"}
