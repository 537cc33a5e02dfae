"""The bytes of protocol version 1 do not change by accident, and every type is among the examples."""

import json
from collections.abc import Mapping
from typing import get_args

import pytest

from exam_protocol import messages as m
from exam_protocol import records as r
from exam_protocol.codec import decode
from tests.exam_protocol import golden, samples

GOLDEN: dict[str, str] = json.loads(golden.PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_version_1_still_writes_these_bytes(name: str) -> None:
    assert golden.current()[name] == GOLDEN[name]


@pytest.mark.parametrize("name", [name for name in sorted(GOLDEN) if name.startswith("record:")])
def test_version_1_still_reads_its_records(name: str) -> None:
    header, body = r.read_signed(bytes.fromhex(GOLDEN[name]), samples.DEVICE.public_key)
    assert body == samples.SIGNED[name.removeprefix("record:")]
    assert (header.epoch, header.sequence, header.media_time_us) == (1, 4, 123_456)


@pytest.mark.parametrize("name", [name for name in sorted(GOLDEN) if name.startswith("message:")])
def test_version_1_still_reads_its_messages(name: str) -> None:
    short = name.removeprefix("message:")
    read = m.decode_console if short in samples.CONSOLE_ONLY else m.decode_agent
    assert read(GOLDEN[name]) == samples.MESSAGES[short]


@pytest.mark.parametrize("name", [name for name in sorted(GOLDEN) if name.startswith(("entry:", "body:", "document:"))])
def test_version_1_still_reads_its_entries_and_documents(name: str) -> None:
    kind, short = name.split(":")
    examples: dict[str, Mapping[str, object]] = {
        "entry": samples.ENTRIES, "body": samples.BODIES, "document": samples.DOCUMENTS,
    }  # fmt: skip
    value = examples[kind][short]
    union = {"entry": r.Entry, "body": m.CommandBody, "document": type(value)}[kind]
    assert decode(GOLDEN[name].encode(), union) == value


def test_every_type_has_an_example() -> None:
    assert {type(v) for v in samples.SIGNED.values()} == set(get_args(r.Signed))
    assert {type(v) for v in samples.ENTRIES.values()} == set(get_args(r.Entry))
    assert {type(v) for v in samples.BODIES.values()} == set(get_args(m.CommandBody))
    wanted = set(get_args(m.AgentMessage)) | set(get_args(m.ConsoleMessage))
    assert {type(v) for v in samples.MESSAGES.values()} == wanted


def test_the_golden_file_holds_exactly_the_examples() -> None:
    assert set(GOLDEN) == set(golden.current())


def test_the_known_message_types_are_those_of_the_agent() -> None:
    assert set(samples.MESSAGES) - samples.CONSOLE_ONLY == m._KNOWN
