"""Writes golden.json: the bytes of version 1 as they must stay. Run it only for a new protocol version:

python -m tests.exam_protocol.golden
"""

import json
from pathlib import Path

from exam_protocol import codec
from tests.exam_protocol import samples

PATH = Path(__file__).with_name("golden.json")


def current() -> dict[str, str]:
    """Name -> hexadecimal for records, text for JSON."""
    return {
        "sealed:media": samples.sealed_record().hex(),
        **{f"record:{name}": samples.signed_record(name).hex() for name in samples.SIGNED},
        **{f"entry:{name}": codec.encode(value).decode() for name, value in samples.ENTRIES.items()},
        **{f"message:{name}": codec.encode(value).decode() for name, value in samples.MESSAGES.items()},
        **{f"body:{name}": codec.encode(value).decode() for name, value in samples.BODIES.items()},
        **{f"document:{name}": codec.encode(value).decode() for name, value in samples.DOCUMENTS.items()},
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(current(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
