"""Access codes follow the institution's rule; launch codes are long, readable and random."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_office.access_code import ALPHABET, check_access_code, new_launch_code, words_of
from exam_office.errors import OfficeError

COURSE = words_of(("Introduction to Biology", "BIO-101", "Fall 2026", "A2", "Ada Lindgren"))


@pytest.mark.parametrize("code", ["winter7", "7trees", "ABC123", "x9x9x9"])
def test_a_good_code_passes(code: str) -> None:
    check_access_code(code, COURSE)


@pytest.mark.parametrize(
    "code",
    [
        "", "abc12", "abcdefg", "1234567", "abc 123", "abc-123", "äbcd123", "abc１２３", "trees7\n",
        "biology7x", "7BIOLOGY7", "xbio101x", "fall7trees", "my2026code", "lindgren77", "ada7trees", "treea2trees",
    ],
)  # fmt: skip
def test_a_weak_code_is_refused(code: str) -> None:
    with pytest.raises(OfficeError) as caught:
        check_access_code(code, COURSE)
    assert caught.value.code == "access_code_weak"
    assert not code or code not in caught.value.text


def test_words_of_one_letter_forbid_nothing() -> None:
    assert words_of(("A", "B 2")) == ("B 2",)


@given(st.randoms(use_true_random=False))
def test_a_launch_code_has_three_groups_of_four_from_the_alphabet(random: st.DrawFn) -> None:
    code = new_launch_code(random.choice)  # type: ignore[attr-defined]
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4] and set("".join(groups)) <= set(ALPHABET)
    assert len(set(ALPHABET)) == 32 and not set("ILOU") & set(ALPHABET)


def test_launch_codes_do_not_repeat() -> None:
    assert len({new_launch_code(secrets.choice) for _ in range(500)}) == 500
