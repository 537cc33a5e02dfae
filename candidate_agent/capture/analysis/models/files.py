"""The model files: which there are, where they lie, and that they are the ones this program was made for.

`packaging/models.py` fetches them at set-up into `files/` beside this module, each with its licence; an installer takes
that folder along. Nothing of it is in the repository.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from candidate_agent.base.errors import ModelError

MODELS_DIR = Path(__file__).parent / "files"


@dataclass(frozen=True, slots=True)
class ModelFile:
    name: str
    sha256: str
    license: str  # SPDX; its text lies beside it as `name`.LICENSE


FACES = ModelFile(
    "face_detection_yunet_2023mar.onnx", "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4", "MIT"
)
LANDMARKS = ModelFile(
    "face_landmarker.task", "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff", "Apache-2.0"
)
OBJECTS = ModelFile(
    "object_detector.tflite", "0720bf247bd76e6594ea28fa9c6f7c5242be774818997dbbeffc4da460c723bb", "Apache-2.0"
)
SPEECH = ModelFile("silero_vad.onnx", "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3", "MIT")

FACE_NUMBERS = ModelFile(
    "dlib_face_recognition_resnet_model_v1.dat", "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    "CC0-1.0",
)  # fmt: skip
VOICE_NUMBERS = ModelFile(
    "pretrained.pt", "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e", "Apache-2.0"
)
"""These two are read only where a policy names FACE_CHANGED or VOICE_SECOND."""

ALL = (FACES, LANDMARKS, OBJECTS, SPEECH, FACE_NUMBERS, VOICE_NUMBERS)


def load(models_dir: Path, model: ModelFile) -> bytes:
    """The file's bytes. Raises ModelError `model_missing`, `model_damaged`."""
    try:
        data = (models_dir / model.name).read_bytes()
    except OSError as error:
        raise ModelError("model_missing", f"The model file {model.name} is not there.") from error
    check(model, data)
    return data


def check(model: ModelFile, data: bytes) -> None:
    """Raises ModelError `model_damaged`."""
    if hashlib.sha256(data).hexdigest() != model.sha256:
        raise ModelError("model_damaged", f"The model file {model.name} is not the one this program was made for.")


def is_there(models_dir: Path, model: ModelFile) -> bool:
    """Whether it is there and right."""
    try:
        load(models_dir, model)
    except ModelError:
        return False
    return True
