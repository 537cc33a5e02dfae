"""What was changed on the computer and is given back, in words: keys of the texts. Pure. For the last screen and the
receipt.

`measure.<name>` names it; `outcome.<name>` says how it is now. What a system says in words of its own is not shown:
it is in the record, and the page says what to do.
"""

KNOWN = frozenset({
    "restore at login", "virtual terminal keys", "screen saver", "monitor power", "notifications", "clipboard",
    "staying awake", "hidden from recordings", "assessment mode", "recording by the game bar", "clipboard history",
    "shortcuts of input aids", "undo log", "computer",
})  # fmt: skip
FINE = "put back"
_OUTCOMES = {FINE: "fine", "held nothing to put back": "empty"}


def name_key(name: str) -> str:
    """Of a measure's name; "" for one of a later version, whose own name is then shown."""
    return f"measure.{name.replace(' ', '_')}" if name in KNOWN else ""


def outcome(said: str) -> str:
    """fine, empty (there was nothing to put back), default or left."""
    return _OUTCOMES.get(said, "default" if said.startswith("set to its default") else "left")


def is_fine(said: str) -> bool:
    return outcome(said) != "left"
