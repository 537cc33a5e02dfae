"""The rule for exam access codes and the making of launch codes. Pure; called by `make`."""

from collections.abc import Callable, Iterable

from exam_office.errors import CONFIG, OfficeError

MIN_LENGTH = 6
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read as something else
GROUPS, GROUP_LENGTH = 3, 4


def check_access_code(code: str, course_words: Iterable[str]) -> None:
    """At least 6 letters and digits, one of each, no word of the course. Raises OfficeError `access_code_weak`."""
    if len(code) < MIN_LENGTH or not (code.isascii() and code.isalnum()):
        raise _weak(f"have at least {MIN_LENGTH} characters, letters and digits only")
    if not any(c.isdigit() for c in code) or not any(c.isalpha() for c in code):
        raise _weak("contain at least one letter and at least one digit")
    for word in course_words:
        if _plain(word) and _plain(word) in _plain(code):
            raise _weak("not contain the course's name, number, semester, section or instructor")


def words_of(course: Iterable[str]) -> tuple[str, ...]:
    """Each value as a whole and each of its words; single characters would forbid too much."""
    values = tuple(course)
    parts = (part for value in values for part in value.replace("-", " ").replace(",", " ").split())
    return tuple(word for word in (*values, *parts) if len(_plain(word)) > 1)


def new_launch_code(choose: Callable[[str], str]) -> str:
    """Twelve characters (60 bits) in groups of four; `choose` picks one character, such as `secrets.choice`."""
    groups = ("".join(choose(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _weak(rule: str) -> OfficeError:
    return OfficeError("access_code_weak", f"The access code must {rule}.", CONFIG)
