"""A model is the file this program was made for, or it is not used."""

import hashlib
from pathlib import Path

import pytest

from candidate_agent.base.errors import ModelError
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.files import ModelFile

MODEL = ModelFile("small.model", hashlib.sha256(b"good").hexdigest(), "MIT")


def test_the_right_file_is_given(tmp_path: Path) -> None:
    (tmp_path / MODEL.name).write_bytes(b"good")
    assert files.load(tmp_path, MODEL) == b"good"
    assert files.is_there(tmp_path, MODEL)


def test_a_missing_file_and_a_damaged_one_have_codes_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=MODEL.name.split(".")[0]) as missing:
        files.load(tmp_path, MODEL)
    (tmp_path / MODEL.name).write_bytes(b"goof")
    with pytest.raises(ModelError, match=MODEL.name.split(".")[0]) as damaged:
        files.load(tmp_path, MODEL)
    assert (missing.value.code, damaged.value.code) == ("model_missing", "model_damaged")
    assert not files.is_there(tmp_path, MODEL)


def test_each_model_is_pinned_and_its_licence_goes_with_the_gpl() -> None:
    assert len({model.sha256 for model in files.ALL}) == len(files.ALL) == 6
    assert {model.license for model in files.ALL} == {"MIT", "Apache-2.0", "CC0-1.0"}
