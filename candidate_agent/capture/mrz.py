"""The machine-readable zone of travel documents (ICAO 9303: TD1, TD2, TD3): parsing and check digits. Pure.

What comes out is what the candidate is shown: the kind of document, the name, until when it is valid, and whether the
check digits agree. The document's number and the date of birth are checked and left behind.
"""

import re
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 3, 1)
SIZES = {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44)}  # lines, letters in each
PASSPORT, CARD = "passport", "card"
_LETTERS = re.compile(r"[A-Z0-9<]+\Z")
_DIGITS = str.maketrans("OQDIZSBG", "00012586")  # as letters are misread where only digits stand


@dataclass(frozen=True, slots=True)
class Mrz:
    """`wrong`: what the check digits do not confirm: number, birth, expiry, optional, whole. () is right."""

    format: str
    kind: str
    surname: str
    given: str
    expires: date | None
    wrong: tuple[str, ...] = ()


def check_digit(field: str) -> int:
    """Weights 7, 3, 1; digits count as themselves, letters from A = 10, < as 0."""
    return sum(_value(letter) * WEIGHTS[place % 3] for place, letter in enumerate(field)) % 10


def _value(letter: str) -> int:
    if letter == "<":
        return 0
    return int(letter) if letter.isdecimal() else ord(letter) - ord("A") + 10


def read(text: str) -> Mrz | None:
    """From the letters that a program read in a picture; None where there is no whole zone in them."""
    lines = [line for line in map(_cleaned, text.splitlines()) if line]
    for form, (count, length) in SIZES.items():
        for start in range(len(lines) - count + 1):
            filled = [_filled(line, length) for line in lines[start : start + count]]
            if all(filled) and (found := parse(tuple(line for line in filled if line))) and found.format == form:
                return found
    return None


def _cleaned(line: str) -> str:
    plain = line.upper().replace(" ", "").replace("«", "<<").replace("‹", "<")
    return plain if len(plain) >= 26 and _LETTERS.match(plain) else ""


def _filled(line: str, length: int) -> str | None:
    """Fillers at the end are easily lost, or read once too often."""
    if len(line) > length and set(line[length:]) == {"<"}:
        return line[:length]
    if length - 4 <= len(line) < length and line.endswith("<"):
        return line.ljust(length, "<")
    return line if len(line) == length else None


def parse(lines: tuple[str, ...]) -> Mrz | None:
    """Lines of exactly the right length and letters; None where they are no document's zone (a visa's neither)."""
    form = next((name for name, size in SIZES.items() if (len(lines), len(lines[0]) if lines else 0) == size), None)
    if form is None or any(len(line) != SIZES[form][1] or not _LETTERS.match(line) for line in lines):
        return None
    first = lines[0][0]
    if first not in ("P" if form == "TD3" else "IACP"):
        return None
    return _td1(lines) if form == "TD1" else _two_lines(form, lines)


def _td1(lines: tuple[str, ...]) -> Mrz:
    one, two, three = lines
    number, digit = one[5:14], one[14]
    if digit == "<":  # a long number goes on in the optional field, and its check digit ends it
        rest = one[15:30].split("<")[0]
        number, digit = number + rest[:-1], rest[-1:] or "<"
    whole = one[5:30] + two[0:7] + two[8:15] + two[18:29]
    wrong = _wrong(
        ("number", number, digit),
        ("birth", two[0:6], two[6]),
        ("expiry", two[8:14], two[14]),
        ("whole", whole, two[29]),
    )
    return _document("TD1", CARD, three, two[8:14], wrong)


def _two_lines(form: str, lines: tuple[str, ...]) -> Mrz:
    one, two = lines
    last = len(two) - 1
    fields = [("number", two[0:9], two[9]), ("birth", two[13:19], two[19]), ("expiry", two[21:27], two[27])]
    if form == "TD3" and not (two[28:42] == "<" * 14 and two[42] == "<"):  # an empty field's digit may be left out
        fields.append(("optional", two[28:42], two[42]))
    fields.append(("whole", two[0:10] + two[13:20] + two[21:last], two[last]))
    kind = PASSPORT if one[0] == "P" else CARD
    return _document(form, kind, one[5:], two[21:27], _wrong(*fields))


def _wrong(*fields: tuple[str, str, str]) -> tuple[str, ...]:
    return tuple(name for name, field, digit in fields if not _confirms(name, field, digit))


def _confirms(name: str, field: str, digit: str) -> bool:
    read_digit = digit.translate(_DIGITS)
    if not read_digit.isdecimal():
        return False
    dates_only = field.translate(_DIGITS) if name in ("birth", "expiry") else field
    return check_digit(dates_only) == int(read_digit)


def _document(form: str, kind: str, names: str, expiry: str, wrong: tuple[str, ...]) -> Mrz:
    surname, _, given = names.partition("<<")
    return Mrz(form, kind, _words(surname), _words(given), _day(expiry), wrong)


def _words(field: str) -> str:
    return " ".join(part for part in field.split("<") if part)


def _day(field: str) -> date | None:
    """Documents expire in this century."""
    digits = field.translate(_DIGITS)
    try:
        return date(2000 + int(digits[0:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
