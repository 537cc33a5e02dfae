"""Brings signed documents to the server: HTTP PUT, package first, then rosters in order, then tickets. Called by `cli`.

No password: the server accepts what the institution's own keys signed. Redirects are refused, and on this machine no
proxy is asked.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator

import msgspec

from exam_office.errors import SERVER, OfficeError
from exam_office.make import safe_url
from exam_office.office import Office
from exam_protocol import codec
from exam_protocol.errors import ProtocolError
from exam_protocol.signing import SignedDocument

TIMEOUT_S = 20
ALREADY_THERE = "roster_old"  # a version that was published before a newer one


class _Refusal(msgspec.Struct, frozen=True):
    code: str
    text: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def publish(office: Office, server_url: str, exam_id: str = "", *, now_ms: int) -> dict[str, str]:
    """One exam, or all whose package has not expired.

    Raises OfficeError `address_unsafe`, `server_unreachable`, or with the server's own code where it refuses.
    """
    base = safe_url(server_url)
    sent = {"package": 0, "roster": 0, "ticket": 0}
    for kind, document in _documents(office, exam_id, now_ms):
        _put(f"{base}/api/office/{kind}", document)
        sent[kind] += 1
    return {"server": base, **{kind: str(count) for kind, count in sent.items()}}


def _documents(office: Office, exam_id: str, now_ms: int) -> Iterator[tuple[str, SignedDocument]]:
    exams = [exam_id] if exam_id else [name for name in office.exams() if office.package(name).expires_ms > now_ms]
    if not exams:
        raise OfficeError("exam_unknown", "There is nothing to publish; run `exam-office package` first.")
    for name in exams:
        yield "package", office.document(office.exam_dir(name) / "package.exampackage")
        yield from (("roster", document) for _, document in office.rosters(name))
        yield from (("ticket", document) for document in office.tickets(name))


def _put(url: str, document: SignedDocument) -> None:
    request = urllib.request.Request(  # noqa: S310  the scheme was checked by safe_url
        url, data=codec.encode(document), method="PUT", headers={"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(_proxies(url)))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        with error:
            refusal = _refusal(error)
        if refusal.code != ALREADY_THERE:
            raise OfficeError(refusal.code, f"The server refused {url}: {refusal.text}", SERVER) from error
    except (urllib.error.URLError, OSError) as error:
        raise OfficeError("server_unreachable", f"{url} cannot be reached: {error}.", SERVER) from error


def _proxies(url: str) -> dict[str, str]:
    return urllib.request.getproxies() if url.startswith("https:") else {}


def _refusal(error: urllib.error.HTTPError) -> _Refusal:
    """What the server says, or its status where it is not one of ours."""
    try:
        refusal: _Refusal = codec.decode(error.read(10_000), _Refusal)
    except (ProtocolError, OSError):
        return _Refusal("server_refused", f"it answered {error.code}.")
    return refusal
