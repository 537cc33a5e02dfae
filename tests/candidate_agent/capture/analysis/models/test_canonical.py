"""How a head is turned is measured against a face that looks straight ahead, whatever size and place it has."""

import struct

import numpy as np
import numpy.typing as npt
import pytest

from candidate_agent.capture.analysis.models.canonical import Canonical, canonical, fields
from candidate_agent.capture.analysis.models.landmarks import _angles


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def block(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def rotation(yaw_deg: float, pitch_deg: float) -> npt.NDArray[np.float64]:
    """Of a head that turns to its left and upwards: x to the picture's right, y down, z away."""
    yaw, pitch = np.radians((yaw_deg, pitch_deg))
    sideways = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    upwards = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    return sideways @ upwards


def some_face() -> Canonical:
    points = np.random.default_rng(7).normal(0, 5, (468, 3))
    return Canonical(points, np.where(np.arange(468) % 13 == 0, 0.2, 0.0))


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (25, 0), (-40, 0), (0, 20), (0, -15), (30, 10)])
def test_a_turn_is_found_in_any_size_and_place(yaw: float, pitch: float) -> None:
    straight = some_face()
    seen = 3.7 * (straight.points @ rotation(yaw, pitch).T) + (120, 80, 5)
    assert _angles(straight.turn(seen)) == pytest.approx((yaw, pitch, _angles(rotation(yaw, pitch))[2]), abs=1e-6)


def test_points_that_move_with_the_face_do_not_count() -> None:
    straight = some_face()
    seen = straight.points @ rotation(20, 0).T
    seen[straight.weights == 0] += 9
    assert _angles(straight.turn(seen))[0] == pytest.approx(20)


def test_the_face_is_read_from_the_bundles_own_description() -> None:
    vertices = b"".join(varint(3 << 3 | 5) + struct.pack("<f", value) for value in range(468 * 5))
    basis = block(2, varint(1 << 3) + varint(4) + varint(2 << 3 | 5) + struct.pack("<f", 0.5))
    read = canonical(block(1, vertices) + basis)
    assert read.points[1].tolist() == [5, -6, -7]
    assert read.weights[4] == 0.5 and read.weights.sum() == 0.5


def test_what_it_does_not_know_is_no_face() -> None:
    with pytest.raises(ValueError, match="kind 1"):
        list(fields(varint(9 << 3 | 1) + bytes(8)))
