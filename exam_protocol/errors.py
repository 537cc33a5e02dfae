"""The one exception of this package: something that arrived is not what it should be. It carries a stable code."""


class ProtocolError(Exception):
    """Bytes, a signature or a message that must not be acted on.

    `code` is stable and machine readable (`bad_signature`, `damaged`, `package_expired` ...); `text` is one sentence
    for a person.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
