"""Matches a program against the published list and the exam's own words about programs. Pure; used by `sightings`,
`running` and the program check.

What decides, strongest first; the first that applies is the answer:
1. its file's hash or its signer is allowed: it passes, whatever it is called;
2. its file's hash is blocked: it is found, whatever it is called;
3. a name that is allowed is no evidence, and the program of the list that it belongs to is off the list;
4. one of its other names, then its window, is blocked by name;
5. one of its other names, then its window, then its signer stands on the list, in a category that is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from candidate_agent.monitor.published import ASSISTIVE_INPUT, PUBLISHED, Listed
from candidate_agent.platforms.ports import Fingerprint

T = TypeVar("T")
NOT_ALLOWED = "program_not_allowed"
UNKNOWN_FILE = Fingerprint()
SIGNED_SYSTEMS = frozenset({"windows", "macos"})  # tell who signed an executable


@dataclass(frozen=True, slots=True)
class Terms:
    """What an exam and a candidate's accommodations say. Names as `published` has them. `categories` None: all."""

    categories: frozenset[str] | None = None
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    allowed_hashes: frozenset[str] = frozenset()
    blocked_hashes: frozenset[str] = frozenset()
    allowed_signers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """`name`: as the list or the exam calls it, never as the computer does. `by`: name, window, file, signer."""

    category: str
    name: str
    by: str = "name"


class ProgramList:
    """`signed`: this system tells who signed an executable."""

    def __init__(self, terms: Terms | None = None, *, signed: bool = False) -> None:
        self._terms = terms or Terms()
        self._signed = signed
        self._allowed = Patterns(dict.fromkeys(self._terms.allowed, True))
        self._blocked = Patterns({name: name for name in self._terms.blocked})
        names: dict[str, Match] = {}
        windows: dict[str, Match] = {}
        self._signers: dict[str, Match] = {}
        for category, listed in self._asked_for():
            names |= {name: Match(category, listed.title) for name in listed.names}
            windows |= {name: Match(category, listed.title, "window") for name in (*listed.names, *listed.windows)}
            self._signers |= {signer: Match(category, listed.title, "signer") for signer in listed.signers}
        self._names, self._windows = Patterns(names), Patterns(windows)

    def _asked_for(self) -> list[tuple[str, Listed]]:
        categories = self._terms.categories
        return [
            (category, listed)
            for category, entries in PUBLISHED.items()
            if categories is None or category in categories
            for listed in entries
            if not self._is_off(listed)
        ]

    def _is_off(self, listed: Listed) -> bool:
        """One allowed name allows the whole program: nobody knows all the names of what they use."""
        names = [normal_name(name).removesuffix("*") for name in (*listed.names, *listed.windows, listed.title)]
        own = Patterns(dict.fromkeys((*listed.names, *listed.windows, listed.title), True))
        return any(self._is_allowed_name(name) for name in names) or any(
            own.find(normal_name(name).removesuffix("*")) for name in self._terms.allowed
        )

    def match(self, names: Iterable[str], window: str = "", file: Fingerprint = UNKNOWN_FILE) -> Match | None:
        """`names` of a process, `window`: what a window of it says of its program."""
        terms = self._terms
        if file.sha256 in terms.allowed_hashes or file.signer in terms.allowed_signers:
            return None
        if file.sha256 in terms.blocked_hashes:
            return Match(NOT_ALLOWED, f"the file {file.sha256[:12]}", "file")
        evidence = [name for name in map(normal_name, names) if not self._is_allowed_name(name)]
        seen = normal_name(window)
        if self._is_allowed_name(seen):
            seen = ""
        return self._by_policy(evidence, seen) or self._by_list(evidence, seen, file.signer)

    def _by_policy(self, names: list[str], window: str) -> Match | None:
        for name, by in [*((name, "name") for name in names), (window, "window")]:
            blocked = self._blocked.find(name)
            if blocked is not None:
                return Match(NOT_ALLOWED, blocked.removesuffix("*"), by)
        return None

    def _by_list(self, names: list[str], window: str, signer: str) -> Match | None:
        for name in names:
            found = self._names.find(name)
            if found is not None:
                return found
        return self._windows.find(window) or self._signers.get(signer)

    def allows(self, names: Iterable[str], window: str = "") -> bool:
        """Whether the exam or an accommodation names this program as allowed."""
        return any(self._is_allowed_name(normal_name(name)) for name in (*names, window))

    def _is_allowed_name(self, name: str) -> bool:
        return self._allowed.find(name) is not None

    @property
    def asks_files(self) -> bool:
        """Whether a program that no name finds may still be found by its file."""
        return bool(self._terms.blocked_hashes or (self._signed and self._signers))

    @property
    def excuses_files(self) -> bool:
        """Whether a program that a name finds may still pass by its file."""
        return bool(self._terms.allowed_hashes or self._terms.allowed_signers)


class Patterns(Generic[T]):
    """Names and, where one ends in "*", beginnings -> what they stand for."""

    def __init__(self, table: Mapping[str, T]) -> None:
        self._exact = {normal_name(name): value for name, value in table.items() if not name.endswith("*")}
        self._beginnings = [(name[:-1].lower(), value) for name, value in table.items() if name.endswith("*")]

    def find(self, name: str) -> T | None:
        if not name:
            return None
        found = self._exact.get(name)
        if found is not None:
            return found
        return next((value for beginning, value in self._beginnings if name.startswith(beginning)), None)


def types_for_a_person(allowed: Iterable[str]) -> bool:
    """Whether one of the programs that are allowed types for somebody who cannot."""
    typing = Patterns(dict.fromkeys(ASSISTIVE_INPUT, True))
    return any(typing.find(normal_name(name).removesuffix("*")) for name in allowed)


def normal_name(name: str) -> str:
    return name.lower().removesuffix(".exe").removesuffix(".appimage")
