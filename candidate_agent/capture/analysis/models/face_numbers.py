"""A face as 128 numbers that lie close together for pictures of one person, by dlib's ResNet. Only where a policy names
FACE_CHANGED. Called by `likeness`, on the analyst's thread; what becomes of the numbers is said there.

The network is small enough for plain numpy: 29 convolutions on a picture of 150x150. The file is dlib's own and pinned
by hash, so its parts are found by the names it gives them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from candidate_agent.capture.analysis.models.faces import Face
from candidate_agent.capture.shape import Image

Floats = npt.NDArray[np.float32]

SIDE = 150
MARKS = np.array(((0.227, 0.221), (0.753, 0.221), (0.490, 0.516), (0.254, 0.780), (0.726, 0.780)))
"""Where eyes, nose and corners of the mouth lie in the faces that the network was trained on, in shares of a square."""
MARGIN = 0.25  # of that square, around it
MEAN_RGB = np.array((122.782, 117.001, 104.298), np.float32)
BLOCKS = (1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 2, 1, 1, 2)  # by how much each block of two convolutions steps


@dataclass(frozen=True, slots=True)
class _Layer:
    """`kernel`: rows of input values for one place, columns of results."""

    kernel: Floats
    side: int
    gain: Floats
    offset: Floats

    def run(self, x: Floats, step: int, pad: int) -> Floats:
        """`x`: channels, rows, columns."""
        x = np.pad(x, ((0, 0), (pad, pad), (pad, pad))) if pad else x
        places = np.lib.stride_tricks.sliding_window_view(x, (self.side, self.side), (1, 2))[:, ::step, ::step]
        _, rows, columns = places.shape[:3]
        flat = places.transpose(1, 2, 0, 3, 4).reshape(rows * columns, -1)
        found = (flat @ self.kernel) * self.gain + self.offset
        return np.asarray(found.T.reshape(-1, rows, columns), np.float32)


class FaceNumbers:
    """Not for several threads."""

    def __init__(self, model: bytes) -> None:
        """`model`: dlib_face_recognition_resnet_model_v1.dat. ValueError where it is something else."""
        self._layers = list(_layers(model))
        self._last = next(_tensors(model, b"fc_2", 2)).reshape(256, 128)

    def of(self, pixels: Image, face: Face) -> Floats:
        """`pixels`: BGR, the picture in which the face was found. Two of one person lie within about 0.6."""
        x = np.asarray((upright(pixels, face)[..., ::-1] - MEAN_RGB) / 256, np.float32).transpose(2, 0, 1)
        x = _largest(np.maximum(self._layers[0].run(x, 2, 0), 0))
        for number, step in enumerate(BLOCKS):
            x = _block(x, self._layers[1 + 2 * number], self._layers[2 + 2 * number], step)
        return np.asarray(x.mean((1, 2)) @ self._last, np.float32)


def upright(pixels: Image, face: Face) -> Image:
    """The face cut out as the network wants it: turned level, eyes and mouth where it looks for them."""
    height, width = pixels.shape[:2]
    marks = np.array(face.marks) * (width, height)
    wanted = (MARKS + MARGIN) / (1 + 2 * MARGIN) * SIDE
    seen, aim = marks @ (1, 1j), wanted @ (1, 1j)
    from_middle = seen - seen.mean()
    turn = np.vdot(from_middle, aim - aim.mean()) / max(np.vdot(from_middle, from_middle).real, 1e-9)
    shift = aim.mean() - turn * seen.mean()
    matrix = np.array(((turn.real, -turn.imag, shift.real), (turn.imag, turn.real, shift.imag)))
    return np.asarray(cv2.warpAffine(pixels, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _block(x: Floats, first: _Layer, second: _Layer, step: int) -> Floats:
    """Two convolutions, and what came in added to what comes out; the smaller of the two is filled with zeros."""
    found = second.run(np.maximum(first.run(x, step, 0 if step > 1 else 1), 0), 1, 1)
    past = x if step == 1 else _halved(x)
    shape = [max(sides) for sides in zip(found.shape, past.shape, strict=True)]
    total = np.zeros(shape, np.float32)
    for part in (found, past):
        total[: part.shape[0], : part.shape[1], : part.shape[2]] += part
    return np.maximum(total, 0)


def _halved(x: Floats) -> Floats:
    rows, columns = (side // 2 * 2 for side in x.shape[1:])
    even = x[:, :rows, :columns]
    return np.asarray(even.reshape(x.shape[0], rows // 2, 2, columns // 2, 2).mean((2, 4)), np.float32)


def _largest(x: Floats) -> Floats:
    """Of each 3x3, two apart."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(x, (3, 3), (1, 2))[:, ::2, ::2].max((3, 4)))


def _layers(model: bytes) -> Iterator[_Layer]:
    for convolution, scale in zip(_tensors(model, b"con_4", 0), _tensors(model, b"affine_", 0), strict=True):
        count = scale.size // 2
        kernel = convolution[:-count].reshape(count, -1).T
        channels = 3 if count == 32 and kernel.shape[0] == 147 else kernel.shape[0] // 9
        side = round((kernel.shape[0] / channels) ** 0.5)
        gain, offset = scale[:count], scale[count:]
        yield _Layer(kernel, side, gain, convolution[-count:] * gain + offset)


def _tensors(model: bytes, name: bytes, skipped: int) -> Iterator[Floats]:
    """The numbers behind each `name`: first `skipped` others, then a version and four sides, then the floats."""
    at = model.find(name)
    if at < 0:
        raise ValueError(f"no {name.decode()} in the model")
    while at >= 0:
        at += len(name)
        for _ in range(skipped):
            at, _ = _number(model, at)
        at, version = _number(model, at)
        size = 1
        for _ in range(4):
            at, side = _number(model, at)
            size *= side
        if version != 2:
            raise ValueError("a model of another kind")
        yield np.frombuffer(model, "<f4", size, at).copy()  # in the file they lie where no processor likes them
        at = model.find(name, at + 4 * size)


def _number(model: bytes, at: int) -> tuple[int, int]:
    """Where the next one begins, and this one: how many bytes, then the bytes."""
    end = at + 1 + (model[at] & 0x7F)
    return end, int.from_bytes(model[at + 1 : end], "little")
