"""An exam as the office writes it down (TOML) -> ExamPackage. Strict: an unknown word is an error. Called by `make`.

Everything has a default except id, title, contact and time zone. The window defaults to seven days: today 00:01 to the
seventh day 23:59.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from exam_office.errors import CONFIG, OfficeError
from exam_protocol.policy import ExamPackage, Policy, Recipient

INTEGRITY_VERSION = "2026-1"
INTEGRITY_STATEMENT = (
    "I will do this exam myself and alone. I will not copy from others, will not use or keep within reach material "
    "that is not permitted, will not take an exam that has not been given to me, will not work together with others "
    "unless this is permitted, and will not let anybody take my place."
)
ALTERNATIVE = (
    "If you do not agree, you can leave now. Nothing is recorded. "
    "Please contact the exam office to arrange another way to sit this exam."
)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Course(_Table, frozen=True, forbid_unknown_fields=True):
    """Words that an access code must not contain."""

    name: str = ""
    number: str = ""
    semester: str = ""
    section: str = ""
    instructors: tuple[str, ...] = ()

    def values(self) -> tuple[str, ...]:
        return tuple(
            value for value in (self.name, self.number, self.semester, self.section, *self.instructors) if value
        )


class Window(_Table, frozen=True, forbid_unknown_fields=True):
    """Local dates and times of the institution's time zone, unless they carry an offset."""

    opens: datetime | None = None
    closes: datetime | None = None
    expires: datetime | None = None  # of the package itself; default: one day after closing


class Integrity(_Table, frozen=True, forbid_unknown_fields=True):
    version: str = INTEGRITY_VERSION
    statement: str = INTEGRITY_STATEMENT


class ExamConfig(_Table, frozen=True, forbid_unknown_fields=True):
    exam_id: str
    title: str
    contact: str
    time_zone: str
    institution: str = ""  # default: the name given at `init`
    alternative: str = ALTERNATIVE
    course: Course = Course()
    window: Window = Window()
    integrity: Integrity = Integrity()
    policy: Policy = Policy()
    archive: tuple[Recipient, ...] = ()  # further archive recipients beside the office's own


def parse(text: bytes) -> ExamConfig:
    """Raises OfficeError `config_damaged`."""
    try:
        table: dict[str, Any] = tomllib.loads(text.decode())
        config = msgspec.convert(table, ExamConfig)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise OfficeError("config_damaged", f"The exam's configuration is not right: {error}.", CONFIG) from error
    if not config.exam_id or not all(c.isascii() and (c.isalnum() or c in "-_") for c in config.exam_id):
        raise OfficeError("config_damaged", "An exam id has letters, digits, hyphens and underscores only.", CONFIG)
    return config


def window_ms(config: ExamConfig, today: date) -> tuple[int, int, int]:
    """(opens, closes, package expires) in Unix milliseconds. Raises OfficeError `config_damaged`, `window_wrong`."""
    zone = zone_of(config)
    opens = config.window.opens or datetime.combine(today, time(0, 1))
    closes = config.window.closes or datetime.combine(opens.date() + timedelta(days=6), time(23, 59))
    expires = config.window.expires or closes + timedelta(days=1)
    moments = tuple(int(_aware(moment, zone).timestamp() * 1000) for moment in (opens, closes, expires))
    if not moments[0] < moments[1] <= moments[2]:
        raise OfficeError(
            "window_wrong", "The exam must open before it closes, and its package must last until then.", CONFIG
        )
    return moments[0], moments[1], moments[2]


def zone_of(config: ExamConfig) -> ZoneInfo:
    try:
        return ZoneInfo(config.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise OfficeError("config_damaged", f"There is no time zone {config.time_zone!r}.", CONFIG) from error


def package(
    config: ExamConfig, *, institution: str, server_url: str, server_key: bytes, roster_signer: bytes,
    archive: Recipient, today: date,
) -> ExamPackage:  # fmt: skip
    opens_ms, closes_ms, expires_ms = window_ms(config, today)
    return ExamPackage(
        exam_id=config.exam_id, title=config.title, institution=config.institution or institution,
        server_url=server_url, server_key=server_key, roster_signer=roster_signer,
        archive_recipients=(archive, *config.archive),
        integrity_statement=config.integrity.statement, integrity_version=config.integrity.version,
        alternative=config.alternative, contact=config.contact,
        opens_ms=opens_ms, closes_ms=closes_ms, expires_ms=expires_ms, policy=config.policy,
        zone=config.time_zone,
    )  # fmt: skip


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
