"""The console's WebCrypto against published vectors and against exam_protocol, in both directions."""

import base64
import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from exam_protocol import catalogue, codec, keys, sealing
from exam_protocol import records as r
from exam_protocol.errors import ProtocolError
from exam_protocol.signing import DOMAIN_COMMAND, SigningKey, verify
from tests.console.conftest import clean_page
from tests.console.relay import Relay
from tests.exam_protocol import vectors

pytestmark = pytest.mark.real

# RFC 9605, appendix C.3, suite 0x0005
SFRAME = {
    "kid": 0x123, "ctr": 0x4567, "base_key": "000102030405060708090a0b0c0d0e0f",
    "metadata": "4945544620534672616d65205747", "pt": "64726166742d696574662d736672616d652d656e63",
    "ct": "990123456794f509d36e9beacb0e261d99c7d1e972f1fed787d4049f17ca21353c1cc24d56ceabced279",
}  # fmt: skip
# RFC 9605, appendix C.1: (KID, CTR) and the header
HEADERS = [(0, 0, "00"), (0, 1, "01"), (0, 255, "08ff"), (0, 256, "090100"), (0, 16777216, "0b01000000")]


@pytest.fixture(scope="module")
def blank(profile: BrowserContext, one_relay: Relay) -> Iterator[Page]:
    """A page of the console, for its modules."""
    with clean_page(profile) as page:
        page.goto(f"{one_relay.url}/console/")
        yield page


@pytest.fixture(scope="module")
def run(blank: Page):  # type: ignore[no-untyped-def]
    """Runs JavaScript with the console's modules in `c` and bytes as base64 in `a`; bytes come back as base64."""
    page = blank

    def run(body: str, **values: Any) -> Any:
        encoded = {
            name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in values.items()
        }
        return page.evaluate(
            """async ([body, a]) => {
              const names = ["sframe", "hpke", "keys", "signing", "records", "chain"];
              const c = { bytes: await import("/console/base/bytes.js") };
              for (const name of names) c[name] = await import(`/console/crypto/${name}.js`);
              const b = Object.fromEntries(Object.entries(a).map(([name, value]) =>
                [name, typeof value === "string" && name !== "text" ? c.bytes.fromBase64(value) : value]));
              const steps = {
                sframe_seal: async () => c.sframe.encrypt(
                  await c.sframe.trackKey(await c.sframe.epochSecret(b.base_key), b.kid), b.ctr, b.metadata, b.pt),
                sframe_open: async () => c.sframe.decrypt(
                  await c.sframe.trackKey(await c.sframe.epochSecret(b.base_key), b.kid), b.ctr, b.metadata, b.ct),
                header: async () => c.sframe.sframeHeader(b.kid, b.ctr),
                hpke_seal: async () => c.hpke.seal(b.key, b.pt, b.info),
                hpke_open: async () => {
                  const pkcs8 = c.bytes.join(c.bytes.fromHex("302e020100300506032b656e04220420"), b.raw);
                  const name = { name: "X25519" };
                  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, name, false, ["deriveBits"]);
                  return c.hpke.open({ privateKey, publicBytes: b.public_key }, b.sealed, b.info, b.aad);
                },
                commitment: async () => c.keys.commitment(b.key),
                sign: async () => {
                  const pkcs8 = c.bytes.join(c.bytes.fromHex("302e020100300506032b657004220420"), b.seed);
                  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "Ed25519" }, false, ["sign"]);
                  return c.signing.sign(key, c.signing.DOMAIN.command, b.payload);
                },
                read_signed: async () => (await c.records.readSigned(b.record, b.key ?? null)).value,
                fingerprint: async () => c.signing.rootFingerprint(b.key),
              };
              try {
                const value = await steps[body]();
                return value instanceof Uint8Array ? { bytes: c.bytes.toBase64(value) } : { value };
              } catch (error) {
                return { code: error.code ?? String(error) };
              }
            }""",
            [body, encoded],
        )

    return run


def raw(answer: dict[str, str]) -> bytes:
    return base64.b64decode(answer["bytes"])


def test_sframe_seals_and_opens_the_vector_of_rfc_9605(run) -> None:  # type: ignore[no-untyped-def]
    given = {name: bytes.fromhex(value) if isinstance(value, str) else value for name, value in SFRAME.items()}
    assert raw(run("sframe_seal", **given)) == given["ct"]
    assert raw(run("sframe_open", **given)) == given["pt"]


def test_sframe_headers_are_those_of_rfc_9605(run) -> None:  # type: ignore[no-untyped-def]
    for kid, ctr, encoded in HEADERS:
        assert raw(run("header", kid=kid, ctr=ctr)).hex() == encoded


def test_every_sframe_header_of_the_shared_vectors(run) -> None:  # type: ignore[no-untyped-def]
    for case in vectors.load("rfc9605_sframe.json")["header"]:
        if case["kid"] < 2**53 and case["ctr"] < 2**53:
            assert raw(run("header", kid=case["kid"], ctr=case["ctr"])).hex() == case["encoded"]


def test_what_python_seals_by_sframe_opens_here_and_the_reverse(run) -> None:  # type: ignore[no-untyped-def]
    base_key, metadata = os.urandom(32), os.urandom(44)
    for epoch, track, sequence in ((1, 1, 0), (3, 9, 7), (70_000, 7, 2**40 + 5)):
        kid = sealing.key_id(epoch, track)
        key = sealing.TrackKey(base_key, kid)
        sealed = key.encrypt(sequence, metadata, b"a frame")
        opened = run("sframe_open", base_key=base_key, kid=kid, ctr=sequence, metadata=metadata, ct=sealed)
        assert raw(opened) == b"a frame"
        theirs = raw(run("sframe_seal", base_key=base_key, kid=kid, ctr=sequence, metadata=metadata, pt=b"a word"))
        assert key.decrypt(sequence, metadata, theirs) == b"a word"


def test_a_flipped_bit_anywhere_in_a_sealed_record_is_damaged(run) -> None:  # type: ignore[no-untyped-def]
    base_key, metadata = os.urandom(32), os.urandom(44)
    sealed = sealing.TrackKey(base_key, 257).encrypt(3, metadata, b"a frame")
    for at in (0, 1, 5, len(sealed) - 1):
        broken = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert run("sframe_open", base_key=base_key, kid=257, ctr=3, metadata=metadata, ct=broken)["code"] == "damaged"
    other = bytes(44)
    assert run("sframe_open", base_key=base_key, kid=257, ctr=3, metadata=other, ct=sealed)["code"] == "damaged"


def test_hpke_opens_the_vector_of_rfc_9180(run) -> None:  # type: ignore[no-untyped-def]
    folder = Path(str(importlib.util.find_spec("cryptography_vectors").origin)).parent  # type: ignore[union-attr]
    cases = json.loads((folder / "HPKE" / "test-vectors.json").read_text())
    ours = [c for c in cases if (c["mode"], c["kem_id"], c["kdf_id"], c["aead_id"]) == (0, 0x20, 1, 2)]
    assert ours
    for case in ours:
        first = {name: bytes.fromhex(value) for name, value in case["encryptions"][0].items()}
        opened = run(
            "hpke_open", raw=bytes.fromhex(case["skRm"]), public_key=bytes.fromhex(case["pkRm"]),
            sealed=bytes.fromhex(case["enc"]) + first["ct"], info=bytes.fromhex(case["info"]), aad=first["aad"],
        )  # fmt: skip
        assert raw(opened) == first["pt"]


def test_hpke_goes_both_ways_with_python(run) -> None:  # type: ignore[no-untyped-def]
    wrap = keys.WrapKey.generate()
    sealed = keys.seal(wrap.public_key, b"an epoch key", b"info")
    given = {"raw": wrap.raw, "public_key": wrap.public_key, "sealed": sealed}
    assert raw(run("hpke_open", **given, info=b"info")) == b"an epoch key"
    assert run("hpke_open", **given, info=b"else")["code"] == "not_for_us"
    theirs = raw(run("hpke_seal", key=wrap.public_key, pt=b"a command", info=b"info"))
    assert wrap.open(theirs, b"info") == b"a command"
    with pytest.raises(ProtocolError, match="not_for_us"):
        wrap.open(theirs, b"else")


def test_commitment_signature_and_fingerprint_agree_with_python(run) -> None:  # type: ignore[no-untyped-def]
    from exam_protocol.policy import root_fingerprint

    key, signer = os.urandom(32), SigningKey.generate()
    assert raw(run("commitment", key=key)) == keys.commitment(key)
    assert run("fingerprint", key=key)["value"] == root_fingerprint(key)
    signature = raw(run("sign", seed=signer.seed, payload=b"{}"))
    verify(signer.public_key, DOMAIN_COMMAND, b"{}", signature)


def test_signed_records_are_believed_only_with_the_right_key(run) -> None:  # type: ignore[no-untyped-def]
    device, other = SigningKey.generate(), SigningKey.generate()
    record = r.sign_record(
        r.State("waiting", "", 5), device, session_id=os.urandom(16), epoch=1, sequence=4, media_time_us=9
    )
    assert run("read_signed", record=record, key=device.public_key)["value"]["state"] == "waiting"
    assert run("read_signed", record=record, key=other.public_key)["code"] == "bad_signature"
    assert run("read_signed", record=record)["code"] == "damaged"
    assert run("read_signed", record=record[:-1], key=device.public_key)["code"] == "damaged"
    for at in (20, 50):
        broken = record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]
        assert run("read_signed", record=broken, key=device.public_key)["code"] in ("bad_signature", "damaged")


def test_the_catalogue_is_the_same_as_in_python(blank: Page) -> None:
    theirs = blank.evaluate("""async () => ({ ...(await import("/console/catalogue.js")) })""")
    assert theirs["FLAGS"] == {
        kind.code: {"group": kind.group, "severity": kind.severity.value, "title": kind.title}
        for kind in catalogue.FLAGS.values()
    }
    assert theirs["CHECKS"] == {
        kind.code: {"title": kind.title, "unit": kind.unit} for kind in catalogue.CHECKS.values()
    }
    assert theirs["INTERVENTIONS"] == {
        kind.code: {"purpose": kind.purpose, "template": kind.template} for kind in catalogue.INTERVENTIONS.values()
    }
    assert tuple(theirs["LEVELS"]) == catalogue.LEVELS
    assert theirs["WEIGHT"] == {severity.value: weight for severity, weight in catalogue.WEIGHT.items()}


def test_padded_entries_are_read(run) -> None:  # type: ignore[no-untyped-def]
    padded = codec.encode_padded(r.ChatEntry("candidate", "Grüße ✓", "m", 1))
    assert len(padded) % 256 == 0
    base_key = os.urandom(32)
    sealed = sealing.TrackKey(base_key, 256).encrypt(0, b"", padded)
    assert raw(run("sframe_open", base_key=base_key, kid=256, ctr=0, metadata=b"", ct=sealed)) == padded
