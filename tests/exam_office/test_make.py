"""What the office signs is what everybody else accepts; what was signed once is not overwritten."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from exam_office import keyfile
from exam_office.errors import OfficeError
from exam_office.make import origin_of, safe_url
from exam_protocol import codec, keys, policy
from exam_protocol.keyfile import SecretKeys
from exam_protocol.policy import ExamAccess
from exam_protocol.signing import SignedDocument
from tests.exam_office.conftest import CONFIG, SERVER_KEY, Desk


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def test_init_makes_three_key_files_that_only_the_owner_reads(desk: Desk) -> None:
    kinds = {}
    for name in ("root", "roster", "archive"):
        path = desk.path / "office" / f"{name}.key.json"
        assert path.stat().st_mode & 0o077 == 0
        kinds[json.loads(path.read_text())["kind"]] = keyfile.unlock(path, "a long passphrase")
    assert kinds["root"].wrap is None and kinds["roster"].wrap is None and kinds["archive"].sign is None
    facts = desk.office.facts()
    assert kinds["root"].signer().public_key == facts.root_key
    assert kinds["archive"].wrap_key().public_key == facts.archive_wrap_key


def test_no_private_key_stands_in_clear_in_any_file(desk: Desk) -> None:
    secrets: list[SecretKeys] = [
        keyfile.unlock(desk.path / "office" / f"{name}.key.json", "a long passphrase")
        for name in ("root", "roster", "archive")
    ]
    for path in (desk.path / "office").rglob("*.json"):
        data = path.read_bytes()
        for secret in secrets:
            for key in (secret.sign, secret.wrap):
                assert key is None or (key not in data and codec.encode(key).strip(b'"') not in data)


def test_a_package_opens_for_whoever_knows_the_fingerprint(exam: Desk) -> None:
    root = policy.root_fingerprint(exam.office.facts().root_key)
    data = (exam.path / "out.exampackage").read_bytes()
    _, package = policy.open_package(data, root, now_ms())
    assert (package.institution, package.title) == ("Test University", "Biology")
    assert package.zone == "Europe/Berlin"
    assert package.server_key.hex() == SERVER_KEY and package.opens_ms <= now_ms() <= package.closes_ms
    assert [recipient.id for recipient in package.archive_recipients] == ["archive"]


def test_a_roster_seals_the_exams_secret_to_each_proctor(exam: Desk) -> None:
    answer = exam.run("roster", *exam.roster_arguments())
    document: SignedDocument = codec.decode(Path(answer["roster"]).read_bytes(), SignedDocument)
    roster = policy.open_roster(document, exam.office.package("BIO-101"))
    (entry,) = roster.entries
    access: ExamAccess = codec.decode(exam.proctor_wrap.open(entry.sealed_exam, keys.exam_info("BIO-101")), ExamAccess)
    assert access == ExamAccess("https://lms.invalid/1", "winter7tree", ("https://lms.invalid",))
    assert policy.on_duty(roster, now_ms()) == (entry,)
    assert b"winter7tree" not in Path(answer["roster"]).read_bytes()


def test_the_keys_of_safe_exam_browser_are_sealed_with_it(exam: Desk) -> None:
    (exam.path / "config-key").write_text("ab" * 32 + "\n")
    (exam.path / "exam-key").write_text("CD" * 32)
    keys_given = (
        "--seb-config-key-file",
        str(exam.path / "config-key"),
        "--seb-exam-key-file",
        str(exam.path / "exam-key"),
    )
    answer = exam.run("roster", *exam.roster_arguments(), *keys_given)
    document: SignedDocument = codec.decode(Path(answer["roster"]).read_bytes(), SignedDocument)
    (entry,) = policy.open_roster(document, exam.office.package("BIO-101")).entries
    access: ExamAccess = codec.decode(exam.proctor_wrap.open(entry.sealed_exam, keys.exam_info("BIO-101")), ExamAccess)
    assert (access.seb_config_key, access.seb_browser_exam_key) == ("ab" * 32, "CD" * 32)
    assert b"abababab" not in Path(answer["roster"]).read_bytes()


def test_a_key_that_is_none_is_refused(exam: Desk) -> None:
    (exam.path / "config-key").write_text("abc")
    arguments = (*exam.roster_arguments(), "--seb-config-key-file", str(exam.path / "config-key"))
    assert exam.refused("roster", *arguments)[1] == "seb_key_wrong"


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ("https://cdn.invalid/path", "origin_wrong"),
        ("https://cdn.invalid?x", "origin_wrong"),
        ("https://me@cdn.invalid", "origin_wrong"),
        ("https://*.invalid", "origin_wrong"),
        ("https://*.10.0.0.1", "origin_wrong"),
        ("https://cdn.*.invalid", "origin_wrong"),
        ("https://*", "origin_wrong"),
        ("http://cdn.invalid", "address_unsafe"),
        ("cdn.invalid", "address_unsafe"),
        ("*", "address_unsafe"),
    ],
)
def test_what_a_page_may_reach_is_named_without_a_path(exam: Desk, origin: str, code: str) -> None:
    assert exam.refused("roster", *exam.roster_arguments(), "--origin", origin)[1] == code


@pytest.mark.parametrize(
    "origin", ["https://cdn.invalid", "https://cdn.invalid:8443", "https://*.cdn.invalid", "https://cdn.invalid/"]
)
def test_origins_and_stars_are_accepted(exam: Desk, origin: str) -> None:
    assert exam.run("roster", *exam.roster_arguments(), "--origin", origin)["version"] == "1"


def test_each_roster_follows_on_the_one_before(exam: Desk) -> None:
    exam.add_card("proctor-b")
    exam.run("roster", *exam.roster_arguments())
    second = exam.run("roster", *exam.roster_arguments(card="proctor-b"))
    assert second["version"] == "2" and second["proctors"] == "proctor-b"
    (_, first), (_, document) = exam.office.rosters("BIO-101")
    roster = policy.open_roster(document, exam.office.package("BIO-101"))
    assert roster.previous_hash == policy.document_hash(first)


def test_a_launch_code_is_printed_and_only_its_hash_is_kept(exam: Desk) -> None:
    answer = exam.run(
        "launch-code", *exam.seat_arguments(), "--extra-time", "600", "--mute", "FOCUS_LOST", "--text-size", "150"
    )
    document: SignedDocument = codec.decode(Path(answer["ticket"]).read_bytes(), SignedDocument)
    ticket = policy.open_ticket(document, exam.office.package("BIO-101"))
    assert ticket.code_hash == policy.code_hash(answer["code"])
    assert ticket.accommodations == policy.Accommodations(600, ("FOCUS_LOST",), (), 150)
    assert 0 < ticket.code_expires_ms - now_ms() <= 600_000
    assert answer["code"].encode() not in Path(answer["ticket"]).read_bytes()


def test_a_link_carries_everything_and_the_code_stays_out_of_requests(exam: Desk) -> None:
    answer = exam.run("launch-code", *exam.seat_arguments())
    link = urlsplit(answer["link"])
    query = parse_qs(link.query)
    assert (link.scheme, link.netloc, link.fragment) == ("exam-agent", "start", answer["code"])
    assert query["server"] == ["https://exam.invalid"] and query["exam"] == ["BIO-101"]
    assert query["root"] == [policy.root_fingerprint(exam.office.facts().root_key)]


def test_two_codes_for_one_candidate_are_two_tickets(exam: Desk) -> None:
    exam.run("launch-code", *exam.seat_arguments())
    exam.run("launch-code", *exam.seat_arguments())
    assert len(exam.office.tickets("BIO-101")) == 2


@pytest.mark.parametrize(
    "url",
    ["http://exam.invalid", "ftp://exam.invalid", "exam.invalid", "", "https://", "http://127.0.0.1.evil.invalid"],
)
def test_an_address_is_https_or_this_machine(url: str) -> None:
    with pytest.raises(OfficeError) as caught:
        safe_url(url)
    assert caught.value.code == "address_unsafe"


def test_an_address_on_this_machine_may_be_http() -> None:
    assert safe_url("http://127.0.0.1:8443/") == "http://127.0.0.1:8443"
    assert safe_url("http://[::1]:1") == "http://[::1]:1"
    assert origin_of("https://lms.invalid:8/a/b?c") == "https://lms.invalid:8"


def test_what_goes_wrong_has_a_code_and_leaves_everything_as_it_was(exam: Desk) -> None:
    before = {path: path.read_bytes() for path in exam.path.rglob("*") if path.is_file()}
    (exam.path / "wrong").write_text("another passphrase")
    broken = exam.path / "broken.card.json"
    broken.write_text("{}")
    package, roster, seat = exam.package_arguments(), exam.roster_arguments(), exam.seat_arguments()
    cases: list[tuple[tuple[str, ...], tuple[int, str]]] = [
        (("init", "--institution", "Again"), (14, "file_exists")),
        (("package", *package), (14, "file_exists")),
        (("package", *package[:4], "--server-key", "12", "--out", "x"), (10, "server_key_wrong")),
        (("package", *exam.package_arguments(server="http://exam.invalid")), (2, "address_unsafe")),
        (("roster", *exam.roster_arguments("short1")[:-1], "weak"), (10, "access_code_weak")),
        (("roster", *exam.roster_arguments("biology77")), (10, "access_code_weak")),
        (("roster", *roster, "--card", str(broken)), (11, "card_damaged")),
        (("roster", *roster, "--card", str(exam.path / "proctor-a.card.json")), (2, "card_repeated")),
        (("roster", *roster, "--exam", "CHE"), (14, "exam_unknown")),
        (("roster", *roster, "--exam", "../office"), (14, "exam_unknown")),
        (("roster", *roster, "--address", "http://lms.invalid"), (2, "address_unsafe")),
        (("launch-code", *seat, "--mute", "NO_SUCH_FLAG"), (2, "flag_unknown")),
        (("launch-code", *seat, "--allow", "/usr/bin/program"), (2, "program_name_wrong")),
        (("launch-code", *seat, "--minutes", "0"), (2, "time_wrong")),
        (("launch-code", *seat, "--candidate", "../c"), (2, "candidate_id_wrong")),
        (("launch-code", *seat, "--name", " "), (2, "candidate_name_missing")),
        (("launch-code", *seat, "--passphrase-file", str(exam.path / "wrong")), (11, "passphrase_wrong")),
        (("launch-code", *seat, "--passphrase-file", str(exam.path / "none")), (14, "file_missing")),
    ]
    for arguments, expected in cases:
        assert exam.refused(*arguments) == expected, arguments
    (exam.path / "exam.toml").write_text(CONFIG)
    after = {path: path.read_bytes() for path in exam.path.rglob("*") if path.is_file()}
    assert {path for path in after if path not in before} == {exam.path / "wrong", broken}
    assert all(after[path] == data for path, data in before.items())


def test_a_folder_without_an_office_says_what_to_do(desk: Desk) -> None:
    (desk.path / "office" / "office.json").unlink()
    assert desk.refused("package", *desk.package_arguments()) == (14, "office_missing")


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path: Path, desk: Desk) -> None:
    desk.passphrase_path.write_text("short")
    desk.path = tmp_path / "second"
    assert desk.refused("init", "--institution", "Test") == (11, "passphrase_short")
    assert not (desk.path / "office" / "office.json").exists()
