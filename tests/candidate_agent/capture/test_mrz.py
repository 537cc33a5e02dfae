"""The machine-readable zone: constructed documents of the three formats, whole and with a letter that is wrong.

Utopia (UTO) is the country that ICAO 9303 invents for its examples.
"""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_agent.capture import mrz

LETTERS = string.ascii_uppercase + string.digits + "<"


def d(field: str) -> str:
    return str(mrz.check_digit(field))


def td3(number: str = "L898902C3", expiry: str = "310415", personal: str = "ZE184226B<<<<<") -> tuple[str, ...]:
    birth = "740812"
    rest = f"{number}{d(number)}UTO{birth}{d(birth)}F{expiry}{d(expiry)}{personal}{d(personal)}"
    return "P<UTOERIKSSON<<ANNA<MARIA".ljust(44, "<"), rest + d(rest[0:10] + rest[13:20] + rest[21:43])


def td2() -> tuple[str, ...]:
    rest = f"D23145890{d('D23145890')}UTO740812{d('740812')}F310415{d('310415')}<<<<<<<"
    return "I<UTOERIKSSON<<ANNA<MARIA".ljust(36, "<"), rest + d(rest[0:10] + rest[13:20] + rest[21:35])


def td1(number: str = "D23145890", optional: str = "") -> tuple[str, ...]:
    if len(number) > 9:
        head = f"I<UTO{number[:9]}<{number[9:]}{d(number)}<{optional}".ljust(30, "<")
    else:
        head = f"I<UTO{number}{d(number)}{optional}".ljust(30, "<")
    dates = f"740812{d('740812')}F310415{d('310415')}UTO".ljust(29, "<")
    whole = d(head[5:30] + dates[0:7] + dates[8:15] + dates[18:29])
    return head, dates + whole, "ERIKSSON<<ANNA<MARIA".ljust(30, "<")


ALL = {"TD1": td1(), "TD1, long number": td1("D23145890734"), "TD2": td2(), "TD3": td3()}


@pytest.mark.parametrize(("field", "digit"), [("520727", 3), ("D231458907<<<<<<<<<<<<<<<3407127950712", 6), ("", 0)])
def test_check_digits_have_the_weights_seven_three_one(field: str, digit: int) -> None:
    if "<" in field:  # by hand: the same sum, written out
        values = [0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in field]
        digit = sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10
    assert mrz.check_digit(field) == digit


@pytest.mark.parametrize("name", ALL)
def test_each_format_gives_name_kind_and_expiry(name: str) -> None:
    found = mrz.parse(ALL[name])
    assert found is not None and found.format == name[:3] and found.wrong == ()
    assert (found.surname, found.given, found.expires) == ("ERIKSSON", "ANNA MARIA", date(2031, 4, 15))
    assert found.kind == ("passport" if name == "TD3" else "card")


@pytest.mark.parametrize("name", ALL)
def test_neither_number_nor_birth_comes_out(name: str) -> None:
    said = repr(mrz.parse(ALL[name]))
    assert "D2314" not in said and "L8989" not in said and "740812" not in said and "1974" not in said


@pytest.mark.parametrize("name", ALL)
def test_every_changed_digit_of_a_checked_field_is_noticed(name: str) -> None:
    lines = ALL[name]
    second, noticed, tried = lines[1], 0, 0
    for place in range(len(second)):
        if second[place].isdigit():
            other = str((int(second[place]) + 1) % 10)
            changed = mrz.parse((lines[0], second[:place] + other + second[place + 1 :], *lines[2:]))
            tried += 1
            noticed += changed is not None and bool(changed.wrong)
    assert tried > 12 and noticed == tried


def test_an_empty_personal_number_may_go_without_its_digit() -> None:
    one, two = td3(personal="<" * 14)
    bare = two[:42] + "<"
    assert mrz.parse((one, bare + d(bare[0:10] + bare[13:20] + bare[21:43]))).wrong == ()  # type: ignore[union-attr]


def test_misread_digits_of_dates_are_put_right_and_an_impossible_date_is_none() -> None:
    one, two = td3()
    misread = mrz.parse((one, two[:21] + two[21:27].replace("0", "O") + two[27:]))
    assert misread is not None and misread.expires == date(2031, 4, 15) and "expiry" not in misread.wrong
    assert mrz.parse(td3(expiry="311399")).expires is None  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ALL)
def test_the_zone_is_found_among_other_letters_with_blanks_and_lost_fillers(name: str) -> None:
    zone = [line[:-2] if line.endswith("<<<") else line for line in ALL[name]]
    text = "\n".join(["UTOPIA  Passport", "Name: Eriksson", "", *(f" {line[:10]} {line[10:]} " for line in zone), "x"])
    found = mrz.read(text)
    assert found is not None and found.surname == "ERIKSSON" and found.wrong == ()


def test_what_is_no_zone_is_none() -> None:
    visa = ("V" + td3()[0][1:], td3()[1])
    for lines in ((), ("",), ("A" * 44,), ("A" * 44, "B" * 43), visa, ("p<uto".ljust(44, "<"), "<" * 44)):
        assert mrz.parse(lines) is None
    assert mrz.read("no zone\nin here") is None and mrz.read("") is None


@given(st.text(alphabet=LETTERS + "\n ", max_size=300))
def test_no_letters_make_it_fail(text: str) -> None:
    mrz.read(text)


@given(st.sampled_from([(3, 30), (2, 36), (2, 44)]), st.data())
def test_no_lines_of_the_right_length_make_it_fail(size: tuple[int, int], data: st.DataObject) -> None:
    line = st.text(alphabet=LETTERS, min_size=size[1], max_size=size[1])
    mrz.parse(tuple(data.draw(line) for _ in range(size[0])))
