"""A microphone at its own rate: the tone stays, nothing folds back, no sample is lost."""

import numpy as np
import pytest

from candidate_agent.platforms.portable.resample import Resampler
from tests.candidate_agent.capture.studio import loudest_hz, tone


@pytest.mark.parametrize("own_rate", [8_000, 44_100, 96_000, 192_000])
def test_a_tone_keeps_its_pitch_its_strength_and_its_length(own_rate: int) -> None:
    resampler, block = Resampler(own_rate, 48_000, 2_880), own_rate * 60 // 1000
    blocks = [made for n in range(50) for made in resampler.feed(tone(440, block, own_rate, n * block))]
    sound = np.concatenate(blocks).astype(np.float32)
    assert {made.size for made in blocks} == {2_880} and len(blocks) in (49, 50)
    assert abs(loudest_hz(sound) - 440) < 1
    assert np.abs(sound[2_880:]).max() == pytest.approx(12_000, rel=0.03)
    assert 0 <= resampler.waiting <= 2_880 and resampler.waiting + len(blocks) * 2_880 == 50 * 2_880


def test_what_we_cannot_hold_does_not_fold_back_into_what_is_heard() -> None:
    resampler = Resampler(192_000, 48_000, 2_880)
    blocks = [made for n in range(10) for made in resampler.feed(tone(40_000, 11_520, 192_000, n * 11_520))]
    assert np.abs(np.concatenate(blocks[1:])).max() < 60  # 46 dB below
