import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from demo.exam_site.site import ExamSite

CODE = "K7Q2MX"


@pytest.fixture
def site() -> Iterator[tuple[ExamSite, str]]:
    site = ExamSite(CODE)
    origin = site.start()
    yield site, origin
    site.stop()


def ask(url: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, body, headers, method="PUT" if body is not None else "GET")
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status, reply.headers.get("Set-Cookie", "")
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, ""


def test_without_the_access_code_nothing_of_the_exam_is_served(site: tuple[ExamSite, str]) -> None:
    assert ask(site[1] + "/", {})[0] == 403
    assert ask(site[1] + "/", {"X-Exam-Access-Code": "WRONG1"})[0] == 403
    assert (site[0].turned_away, site[0].visits) == (2, 0)


def test_the_code_opens_the_page_and_its_cookie_saves_the_answer(site: tuple[ExamSite, str]) -> None:
    status, cookie = ask(site[1] + "/", {"X-Exam-Access-Code": CODE})
    assert status == 200
    assert ask(site[1] + "/answer", {"Cookie": cookie.partition(";")[0]}, "détaillé".encode())[0] == 204
    assert site[0].answer == "détaillé"


def test_an_answer_of_a_stranger_is_not_kept(site: tuple[ExamSite, str]) -> None:
    assert ask(site[1] + "/answer", {}, b"mine")[0] == 403
    assert site[0].answer == ""
