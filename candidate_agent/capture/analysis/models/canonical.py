"""A face that looks straight ahead, as the landmark bundle brings it: against it a head's turn is measured. Pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

VERTEX_FLOATS = 5  # x, y, z, and two of a texture


@dataclass(frozen=True, slots=True)
class Canonical:
    """`points`: 468x3, x to the picture's right, y down, z away from the camera. `weights`: which of them hold still
    when a face moves, 468."""

    points: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]

    def turn(self, seen: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """The rotation that brings this face to `seen` (468x3, in any scale and place): Kabsch, weighted."""
        weights = self.weights[:, None] / self.weights.sum()
        here, there = (points - (weights * points).sum(0) for points in (self.points, seen.astype(np.float64)))
        left, _, right = np.linalg.svd((weights * there).T @ here)
        mirrored = np.sign(np.linalg.det(left @ right))
        return np.asarray(left @ np.diag((1.0, 1.0, mirrored)) @ right)


def canonical(metadata: bytes) -> Canonical:
    """From a serialised `GeometryPipelineMetadata`: field 1 the mesh, its field 3 the vertices; field 2 the weights."""
    vertices: list[float] = []
    weights = np.zeros(468)
    for number, value in fields(metadata):
        if number == 1 and isinstance(value, bytes):
            vertices += [each for inner, each in fields(value) if inner == 3 and isinstance(each, float)]
        elif number == 2 and isinstance(value, bytes):
            basis = dict(fields(value))
            weights[int(basis.get(1, 0))] = float(basis[2])
    points = np.array(vertices).reshape(468, VERTEX_FLOATS)[:, :3] * (1.0, -1.0, -1.0)
    return Canonical(points, weights)


def fields(message: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Number and value of each field of a protocol buffer; of fixed ones only floats."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value: int | float | bytes
        match key & 7:
            case 0:
                value, at = _varint(message, at)
            case 2:
                length, at = _varint(message, at)
                value, at = message[at : at + length], at + length
            case 5:
                value, at = float(struct.unpack_from("<f", message, at)[0]), at + 4
            case kind:
                raise ValueError(f"A field of kind {kind} is not expected here.")
        yield key >> 3, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
