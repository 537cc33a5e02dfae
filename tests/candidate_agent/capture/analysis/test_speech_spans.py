"""Windows of sound become spans of speech: pauses joined, short sounds left out, long speech told in pieces."""

from itertools import pairwise

from candidate_agent.capture.analysis.observations import SpeechSpan
from candidate_agent.capture.analysis.speech_spans import PIECE_US, SpeechSpans

WINDOW_US = 32_000


def spans(*parts: tuple[float, float]) -> list[SpeechSpan]:
    """Of (seconds, likelihood), and the end of the sound."""
    made, found, at_us = SpeechSpans(), [], 0
    for seconds, likelihood in parts:
        for _ in range(round(seconds * 1_000_000 / WINDOW_US)):
            found.append(made.take(likelihood, at_us, at_us + WINDOW_US))
            at_us += WINDOW_US
    return [span for span in (*found, made.end()) if span is not None]


def seconds(found: list[SpeechSpan]) -> list[tuple[float, float]]:
    return [(round(span.from_us / 1e6, 1), round(span.to_us / 1e6, 1)) for span in found]


def test_silence_is_no_span() -> None:
    assert spans((20, 0.1)) == []


def test_a_span_lasts_from_its_first_window_to_its_last() -> None:
    assert seconds(spans((1, 0), (2, 0.9), (1, 0))) == [(1.0, 3.0)]


def test_a_short_pause_is_part_of_it_and_a_long_one_is_not() -> None:
    assert seconds(spans((1, 0.9), (0.4, 0), (1, 0.9))) == [(0.0, 2.4)]
    assert seconds(spans((1, 0.9), (0.7, 0), (1, 0.9))) == [(0.0, 1.0), (1.7, 2.7)]


def test_a_short_sound_is_left_out() -> None:
    assert spans((1, 0), (0.2, 0.9), (1, 0)) == []


def test_speech_that_is_a_little_less_sure_goes_on_but_does_not_begin() -> None:
    assert spans((2, 0.45)) == []
    assert seconds(spans((0.5, 0.9), (1, 0.45), (1, 0))) == [(0.0, 1.5)]


def test_long_speech_comes_in_pieces_that_touch() -> None:
    found = spans((10, 0.9), (1, 0))
    assert len(found) == 4
    assert all(one.to_us == next_one.from_us for one, next_one in pairwise(found))
    assert found[0].to_us - found[0].from_us >= PIECE_US
    assert seconds([SpeechSpan(found[0].from_us, found[-1].to_us)]) == [(0.0, 10.0)]
