"""The sound of a new message frightens nobody."""

import numpy as np

from candidate_agent.ui import cue


def test_the_cue_is_short_soft_and_begins_and_ends_in_silence() -> None:
    sound = cue.samples()
    assert 0.2 < sound.size / cue.RATE < 0.6
    assert 0.05 < np.abs(sound).max() / 32767 < 0.2
    assert abs(int(sound[0])) < 10 and abs(int(sound[-1])) < 10
    assert np.abs(np.diff(sound.astype(int))).max() < 1000, "no click"
