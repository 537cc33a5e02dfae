"""Which parts of which display are black: of the policy in shares, of password fields where they are and just were."""

from candidate_agent.capture.regions import LINGER_US, Regions
from candidate_agent.capture.shape import Rect
from exam_protocol.policy import Blackout


class Clock:
    now_us = 5_000_000

    def monotonic_us(self) -> int:
        return self.now_us

    def wall_ms(self) -> int:
        return 0


def test_shares_become_whole_pixels_of_their_display() -> None:
    regions = Regions(Clock(), (Blackout(left=0.1, top=0.5, width=0.25, height=0.1), Blackout(display=1)))
    assert regions.of(0, 1366, 768) == (Rect(136, 384, 479, 461),)
    assert regions.of(1, 800, 600) == (Rect(0, 0, 800, 600),)
    assert regions.of(2, 800, 600) == ()


def test_where_a_field_was_stays_black_a_moment_longer() -> None:
    clock = Clock()
    regions, one, other = Regions(clock), Rect(10, 10, 60, 30), Rect(10, 110, 60, 130)
    regions.fields((one,))
    regions.fields((other,))
    assert set(regions.of(0, 640, 400)) == {one, other} and regions.of(1, 640, 400) == ()
    clock.now_us += LINGER_US
    assert regions.of(0, 640, 400) == (other,)


def test_the_same_word_again_changes_nothing_and_another_one_is_another_version() -> None:
    regions, place = Regions(Clock()), (Rect(1, 2, 3, 4),)
    regions.fields(place)
    version = regions.version
    regions.fields(place)
    assert regions.version == version
    regions.fields(())
    assert regions.version != version
