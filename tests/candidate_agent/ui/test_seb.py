"""The proofs that platforms with Safe Exam Browser ask for: SHA-256 of the address without fragment and the key."""

import hashlib

import pytest
from PySide6.QtCore import QUrl

from candidate_agent.ui import seb
from exam_protocol.policy import ExamAccess

CONFIG, CLIENT = "ab" * 32, "CD" * 32
ACCESS = ExamAccess("https://exam.example/", "A1B2C3", (), CONFIG, CLIENT)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://exam.example/mod/quiz/view.php?id=7#part", "https://exam.example/mod/quiz/view.php?id=7"),
        ("https://exam.example/a b?q=ä", "https://exam.example/a%20b?q=%C3%A4"),
        ("https://exam.example/?a=%23&b=%2F", "https://exam.example/?a=%23&b=%2F"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_the_address_is_taken_as_it_goes_over_the_line_without_fragment(url: str, text: str) -> None:
    assert seb.address(QUrl(url)) == text
    expected = hashlib.sha256((text + CONFIG).encode()).hexdigest()
    assert dict(seb.headers(QUrl(url), ACCESS))["X-SafeExamBrowser-ConfigKeyHash"] == expected


def test_keys_count_in_small_letters_as_that_browser_makes_them() -> None:
    assert seb.proof("https://exam.example/", CLIENT) == seb.proof("https://exam.example/", CLIENT.lower())


def test_without_keys_there_is_no_header_and_nothing_is_wanted() -> None:
    plain = ExamAccess("https://exam.example/", "A1B2C3", ())
    assert seb.headers(QUrl("https://exam.example/"), plain) == () and not seb.wanted(plain)


def test_with_one_key_there_is_one_header() -> None:
    one = ExamAccess("https://exam.example/", "A1B2C3", (), "", CLIENT)
    names = [name for name, _ in seb.headers(QUrl("https://exam.example/"), one)]
    assert names == ["X-SafeExamBrowser-RequestHash"] and seb.wanted(one)


def test_the_script_holds_proofs_and_never_a_key() -> None:
    source = seb.script(QUrl("https://exam.example/x"), ACCESS)
    assert seb.proof("https://exam.example/x", CONFIG) in source
    assert CONFIG not in source and CLIENT not in source and CLIENT.lower() not in source


def test_an_address_cannot_break_out_of_the_script() -> None:
    source = seb.script(QUrl('https://exam.example/"</script>\\?"'), ACCESS)
    assert '"</script>' not in source and "%22%3C/script%3E" in source
