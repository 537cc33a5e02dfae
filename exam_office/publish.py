"""Brings signed documents to the server: HTTP PUT, package first, then rosters in order, then tickets. Called by `cli`.

No password: the server accepts what the institution's own keys signed. Redirects are refused, and on this machine no
proxy is asked.
"""

import urllib.error
import urllib.request
from collections.abc import Iterator

from exam_office.errors import SERVER, OfficeError
from exam_office.make import safe_url
from exam_office.office import Office
from exam_protocol import codec
from exam_protocol.signing import SignedDocument

TIMEOUT_S = 20
ALREADY_THERE = 409


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def publish(office: Office, server_url: str, exam_id: str = "") -> dict[str, str]:
    """Raises OfficeError `address_unsafe`, `server_unreachable`, `server_refused`."""
    base = safe_url(server_url)
    sent = {"package": 0, "roster": 0, "ticket": 0}
    for kind, document in _documents(office, exam_id):
        _put(f"{base}/api/office/{kind}", document)
        sent[kind] += 1
    return {"server": base, **{kind: str(count) for kind, count in sent.items()}}


def _documents(office: Office, exam_id: str) -> Iterator[tuple[str, SignedDocument]]:
    exams = [office.exam_dir(exam_id).name] if exam_id else sorted(path.name for path in office.exams_dir.glob("*"))
    if not exams:
        raise OfficeError("exam_unknown", "There is nothing to publish yet; run `exam-office package` first.")
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
            if error.code != ALREADY_THERE:
                raise OfficeError("server_refused", f"{url} answered {error.code}: {_reason(error)}", SERVER) from error
    except (urllib.error.URLError, OSError) as error:
        raise OfficeError("server_unreachable", f"{url} cannot be reached: {error}.", SERVER) from error


def _proxies(url: str) -> dict[str, str]:
    return urllib.request.getproxies() if url.startswith("https:") else {}


def _reason(error: urllib.error.HTTPError) -> str:
    return error.read(500).decode(errors="replace").strip() or "no reason given."
