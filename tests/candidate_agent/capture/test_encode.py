"""What is encoded is decoded again and compared."""

import numpy as np
import pytest

from candidate_agent.capture import shape
from candidate_agent.capture.encode import SOUND_FRAME, Packet, SoundEncoder, VideoEncoder
from candidate_agent.capture.rate import NORMAL_PRESET, VideoRate
from candidate_agent.capture.shape import Size
from tests.candidate_agent.capture.studio import decode_sound, decode_video, loudest_hz, tone
from tests.rig.camera import draw_code, read_code


def rated(quantizer: int, *, screen: bool) -> VideoRate:
    return VideoRate(5, quantizer, 1920, 1080, 10, screen=screen)


def code_picture(value: int, size: Size) -> shape.Image:
    pixels = np.full((size.height, size.width, 3), 128, np.uint8)
    draw_code(pixels, value)
    out = shape.i420_buffer(size)
    shape.to_i420(pixels, out)
    return out


def encode(values: list[int], size: Size, *, screen: bool, keys: tuple[int, ...] = (0,)) -> list[Packet]:
    encoder = VideoEncoder(size, rated(26, screen=screen), NORMAL_PRESET)
    packets = [
        packet
        for index, value in enumerate(values)
        for packet in encoder.encode(code_picture(value, size), index * 200_000, key_frame=index in keys)
    ]
    return packets + list(encoder.close())


@pytest.mark.parametrize("screen", [True, False])
@pytest.mark.parametrize("size", [Size(320, 240), Size(1366, 768), Size(202, 98)])
def test_pictures_come_back_as_they_were(size: Size, screen: bool) -> None:
    packets = encode([1, 2, 1023, 512], size, screen=screen)
    decoded = decode_video([packet.data for packet in packets])
    assert [read_code(picture) for picture in decoded] == [1, 2, 1023, 512]
    assert decoded[0].shape == (size.height, size.width, 3)
    assert [packet.taken_us for packet in packets] == [0, 200_000, 400_000, 600_000]


def test_only_asked_frames_are_key_frames_and_each_can_be_started_from() -> None:
    packets = encode([1, 900, 1, 77, 78, 79], Size(320, 240), screen=True, keys=(0, 3))
    assert [packet.key_frame for packet in packets] == [True, False, False, True, False, False]
    assert packets[3].data.startswith(b"\0\0\0\1\x67")  # Annex B, parameter set first
    assert [read_code(picture) for picture in decode_video([p.data for p in packets[3:]])] == [77, 78, 79]


def test_a_time_that_goes_back_is_moved_up_by_the_least() -> None:
    encoder, size = VideoEncoder(Size(64, 64), rated(26, screen=True), NORMAL_PRESET), Size(64, 64)
    times = [5_000_000, 5_200_000, 4_000_000, 5_400_000]
    packets = [p for us in times for p in encoder.encode(code_picture(0, size), us, key_frame=False)]
    assert [packet.taken_us for packet in packets] == [5_000_000, 5_200_000, 5_200_001, 5_400_000]


def test_a_still_page_is_not_sent_again_after_a_small_change() -> None:
    size = Size(640, 480)
    page = np.random.default_rng(3).integers(0, 2, (480, 640, 1), dtype=np.uint8).repeat(3, axis=2) * 200
    encoder = VideoEncoder(size, rated(23, screen=True), NORMAL_PRESET)
    sizes = []
    for number in range(8):
        draw_code(page, number)
        out = shape.i420_buffer(size)
        shape.to_i420(page, out)
        sizes += [len(packet.data) for packet in encoder.encode(out, number * 200_000, key_frame=number == 0)]
    assert max(sizes[2:]) * 50 < sizes[0]


@pytest.mark.parametrize("step", [24, 60, 120])
def test_a_page_that_scrolls_is_not_sent_again(step: int) -> None:
    size = Size(640, 480)
    long_page = np.random.default_rng(5).integers(0, 2, (1200, 160), dtype=np.uint8).repeat(4, axis=1)
    encoder, sizes = VideoEncoder(size, rated(26, screen=True), NORMAL_PRESET), []
    for number in range(5):
        out = shape.i420_buffer(size)
        window = long_page[number * step : number * step + 480, :, None].repeat(3, axis=2) * 200
        shape.to_i420(np.ascontiguousarray(window), out)
        sizes += [len(packet.data) for packet in encoder.encode(out, number * 200_000, key_frame=number == 0)]
    assert sizes[-1] < sizes[0] * (step / 480 + 0.2)


def test_sound_comes_back_with_its_pitch_at_a_constant_size() -> None:
    encoder = SoundEncoder()
    samples = tone(440, SOUND_FRAME * 20)
    packets = [encoder.encode(samples[start : start + SOUND_FRAME]) for start in range(0, samples.size, SOUND_FRAME)]
    silence = [encoder.encode(np.zeros(SOUND_FRAME, np.int16)) for _ in range(5)]
    assert {len(packet) for packet in packets + silence} == {180}
    assert abs(loudest_hz(decode_sound(packets)) - 440) < 2
