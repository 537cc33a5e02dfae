"""Reads pictures as an outsider would: letters by tesseract, colours by counting. Used to check what is on a canvas."""

import base64
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from demo.failure import StepFailed
from demo.processes import Processes

Picture = npt.NDArray[np.uint8]
READABLE_WIDTH_PX = 2400


def decode_data_url(url: str) -> Picture:
    """RGB (height, width, 3) of a PNG or JPEG data URL, as canvas.toDataURL gives it."""
    return decode(base64.b64decode(url.partition(",")[2]))


def decode(data: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise StepFailed(f"{len(data)} bytes are not a picture")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def write_png(picture: Picture, path: Path) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


def words(picture: Picture, processes: Processes, work_dir: Path) -> str:
    """All text that tesseract finds; small pictures are enlarged first."""
    factor = max(1.0, READABLE_WIDTH_PX / picture.shape[1])
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    large = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    path = work_dir / "to-read.png"
    cv2.imwrite(str(path), large)
    return processes.run(["tesseract", path, "-", "--psm", "11"], {"OMP_THREAD_LIMIT": "1"}, timeout_s=60)


def contains_words(text: str, expected: str) -> bool:
    """Whether all words of `expected` were read, whatever the breaks, capitals and signs between them."""
    found = _plain(text)
    return all(_plain(word) in found for word in expected.split())


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def is_blank(picture: Picture) -> bool:
    """Whether all pixels are (nearly) of one colour: nothing was drawn."""
    return float(picture.std()) < 2.0
