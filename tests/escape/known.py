"""Attempts that are known to succeed: why, and what could be done. `make escape` fails when what is missed is anything
else, so that neither a regression nor a cure goes unnoticed. Data.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownMiss:
    name: str
    reason: str
    could: str


KNOWN: tuple[KnownMiss, ...] = ()
