"""Package, ticket and roster: strict, signed by the right key, for the right exam, for the right people."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_protocol import codec, policy
from exam_protocol.errors import ProtocolError
from exam_protocol.policy import ExamPackage, Policy, Roster
from exam_protocol.signing import DOMAIN_PACKAGE, DOMAIN_ROSTER, DOMAIN_TICKET, SigningKey, sign_document
from tests.exam_protocol import samples

ROOT, SIGNER = SigningKey.from_seed(b"r" * 32), SigningKey.from_seed(b"s" * 32)
FINGERPRINT = policy.root_fingerprint(ROOT.public_key)
PACKAGE = msgspec.structs.replace(samples.PACKAGE, roster_signer=SIGNER.public_key, expires_ms=1000)


def code_of(run: object, *arguments: object) -> str:
    with pytest.raises(ProtocolError) as caught:
        run(*arguments)  # type: ignore[operator]
    return caught.value.code


def packed(payload: bytes, key: SigningKey = ROOT, domain: bytes = DOMAIN_PACKAGE) -> bytes:
    return codec.encode(sign_document(key, domain, payload))


def with_field(value: object, where: tuple[str, ...] = ()) -> bytes:
    """The JSON of a struct with one field that nobody knows, at the top or inside `where`."""
    tree = json.loads(codec.encode(value))
    inner = tree
    for name in where:
        inner = inner[name]
    inner["of_next_year"] = 1
    return json.dumps(tree).encode()


def test_a_package_of_the_expected_institution_opens() -> None:
    document, package = policy.open_package(packed(codec.encode(PACKAGE)), FINGERPRINT, 1000)
    assert package == PACKAGE and policy.document_hash(document) == policy.document_hash(document)


@pytest.mark.parametrize(
    ("data", "now_ms", "code"),
    [
        (packed(codec.encode(PACKAGE)), 1001, "package_expired"),
        (packed(codec.encode(PACKAGE), SigningKey.generate()), 0, "package_foreign"),
        (packed(codec.encode(PACKAGE), domain=DOMAIN_ROSTER), 0, "package_damaged"),
        (packed(codec.encode(PACKAGE)).replace(b"payload", b"pay1oad"), 0, "package_damaged"),
        (packed(b"{}"), 0, "package_damaged"),
        (packed(with_field(PACKAGE)), 0, "package_damaged"),
        (packed(with_field(PACKAGE, ("policy",))), 0, "package_damaged"),
        (b"", 0, "package_damaged"),
    ],
)
def test_a_package_that_must_not_be_used_says_why(data: bytes, now_ms: int, code: str) -> None:
    assert code_of(policy.open_package, data, FINGERPRINT, now_ms) == code


@given(st.binary(max_size=300))
def test_a_package_of_any_bytes_is_damaged_or_foreign(data: bytes) -> None:
    assert code_of(policy.open_package, data, FINGERPRINT, 0) in ("package_damaged", "package_foreign")


@given(st.integers(min_value=0), st.integers(0, 7))
def test_no_flipped_bit_of_a_package_changes_what_is_read(where: int, bit: int) -> None:
    data = bytearray(packed(codec.encode(PACKAGE)))
    data[where % len(data)] ^= 1 << bit
    try:
        _, package = policy.open_package(bytes(data), FINGERPRINT, 0)
    except ProtocolError as error:
        assert error.code in ("package_damaged", "package_foreign")
    else:
        assert package == PACKAGE  # a spare bit of base64 carries nothing


@pytest.mark.parametrize("change", [{"duration_s": 0}, {"warnings_before_end": -1}, {"max_displays": 0}])
def test_a_policy_with_impossible_numbers_is_refused(change: dict[str, int]) -> None:
    tree = json.loads(codec.encode(Policy())) | change
    assert code_of(codec.decode, json.dumps(tree).encode(), Policy) == "damaged"


@pytest.mark.parametrize(
    "change",
    [
        {"clipboard": "on"},
        {"page_camera": 1},
        {"headers": [["X-Room", "2\r\nCookie: x"]]},
        {"headers": [["X-Room", "2\n"]]},
        {"headers": [["X-Room\n", "2"]]},
        {"headers": [["X-Room", "ä"]]},
        {"headers": [["Host", "evil.example"]]},
        {"headers": [["X-SafeExamBrowser-RequestHash", "0"]]},
        {"headers": [[f"X-{n}", "1"] for n in range(21)]},
        {"user_agent_suffix": "SEB\n"},
        {"user_agent_suffix": " SEB"},
    ],
)
def test_what_is_sent_for_an_exam_cannot_carry_other_lines(change: dict[str, object]) -> None:
    tree = json.loads(codec.encode(Policy())) | change
    assert code_of(codec.decode, json.dumps(tree).encode(), Policy) == "damaged"


@pytest.mark.parametrize("key", ["ab", "zz" * 32, "ab" * 32 + "\n", "ab" * 33])
def test_a_key_of_safe_exam_browser_has_sixty_four_digits(key: str) -> None:
    tree = json.loads(codec.encode(samples.ACCESS)) | {"seb_config_key": key}
    assert code_of(codec.decode, json.dumps(tree).encode(), policy.ExamAccess) == "damaged"


def test_a_key_has_thirty_two_bytes() -> None:
    tree = json.loads(codec.encode(PACKAGE)) | {"server_key": "AAAA"}
    assert code_of(codec.decode, json.dumps(tree).encode(), ExamPackage) == "damaged"


def test_rosters_and_tickets_are_opened_with_the_packages_signer_for_its_exam() -> None:
    roster, ticket = samples.DOCUMENTS["roster"], samples.DOCUMENTS["ticket"]
    assert policy.open_roster(sign_document(SIGNER, DOMAIN_ROSTER, codec.encode(roster)), PACKAGE) == roster
    assert policy.open_ticket(sign_document(SIGNER, DOMAIN_TICKET, codec.encode(ticket)), PACKAGE) == ticket


@pytest.mark.parametrize(
    ("open_document", "domain", "name"),
    [(policy.open_roster, DOMAIN_ROSTER, "roster"), (policy.open_ticket, DOMAIN_TICKET, "ticket")],
)
def test_rosters_and_tickets_of_others_are_refused(open_document: object, domain: bytes, name: str) -> None:
    value = samples.DOCUMENTS[name]
    good = codec.encode(value)
    other_exam = codec.encode(msgspec.structs.replace(value, exam_id="CHE"))  # type: ignore[type-var]
    wrong_domain = DOMAIN_TICKET if domain == DOMAIN_ROSTER else DOMAIN_ROSTER
    cases = [
        (sign_document(ROOT, domain, good), "foreign_key"),
        (sign_document(SIGNER, wrong_domain, good), "bad_signature"),
        (sign_document(SIGNER, domain, other_exam), "wrong_exam"),
        (sign_document(SIGNER, domain, with_field(value)), "damaged"),
    ]
    for document, code in cases:
        assert code_of(open_document, document, PACKAGE) == code


def test_keys_are_wrapped_to_who_is_on_duty_and_to_the_archive() -> None:
    absent = msgspec.structs.replace(samples.ENTRY, id="proctor-b", from_ms=5, until_ms=9)
    roster = Roster(1, "BIO", (samples.ENTRY, absent))
    assert set(policy.wrap_recipients(PACKAGE, roster, 2)) == {"archive", "proctor-a"}
    assert set(policy.wrap_recipients(PACKAGE, roster, 7)) == {"archive", "proctor-b"}
    assert set(policy.wrap_recipients(PACKAGE, roster, 99)) == {"archive"}


def test_a_roster_entry_cannot_take_the_place_of_the_archive() -> None:
    impostor = msgspec.structs.replace(samples.ENTRY, id="archive", wrap_key=b"X" * 32)
    assert policy.wrap_recipients(PACKAGE, Roster(1, "BIO", (impostor,)), 1) == {"archive": samples.KEY}


def test_a_launch_code_is_the_same_however_it_is_typed() -> None:
    assert policy.code_hash("ab12-cd34 ef56") == policy.code_hash("AB12CD34EF56") != policy.code_hash("AB12CD34EF57")


def test_a_fingerprint_is_eight_groups_of_four() -> None:
    groups = FINGERPRINT.split("-")
    assert len(groups) == 8 and all(len(g) == 4 and int(g, 16) >= 0 for g in groups)


@pytest.mark.parametrize(
    "change",
    [
        {"blocked_categories": ["games"]},
        {"virtual_machine": "maybe"},
        {"blocked_programs": [""]},
        {"blocked_programs": ["*"]},
        {"blocked_programs": ["/usr/bin/program"]},
        {"allowed_programs": ["a*b"]},
        {"allowed_programs": ["two\nlines"]},
        {"blocked_hashes": ["AB" * 32]},
        {"blocked_hashes": ["ab" * 31]},
        {"allowed_hashes": ["ab" * 32 + "\n"]},
        {"allowed_signers": [""]},
    ],
)
def test_a_policy_on_programs_that_could_be_misread_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(change, Policy)


def test_a_policy_names_programs_by_name_file_and_signer() -> None:
    digest = "ab" * 32
    said = {"blocked_programs": ["Second Life*"], "blocked_hashes": [digest], "allowed_signers": ["A Maker, Inc."]}
    read = msgspec.convert(said, Policy)
    assert (read.blocked_programs, read.blocked_hashes) == (("Second Life*",), (digest,))
    assert codec.decode(codec.encode(read), Policy) == read
