"""Proctors' logins: argon2 passwords, and a random cookie of which only the hash is kept."""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server_stub.clock import Clock
from server_stub.registry import Registry

COOKIE = "__Host-session"
LIFETIME_MS = 12 * 3600 * 1000
AT_ONCE = 2  # argon2 takes 64 MiB each


class Logins:
    """Slow by design: called in worker threads."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self._registry, self._clock = registry, clock
        self._hasher = PasswordHasher()
        self._turns = threading.Semaphore(AT_ONCE)
        self._nobody = self._hasher.hash(secrets.token_hex())

    def add(self, proctor: str, name: str, password: str) -> None:
        self._registry.put_proctor(proctor, name, self._hasher.hash(password))

    def log_in(self, proctor: str, password: str) -> str | None:
        """A new cookie value; None if it is not them. Takes as long for a name that nobody has."""
        known = self._registry.password_hash(proctor)
        with self._turns:
            fits = self._fits(known or self._nobody, password)
        if not fits or known is None:
            return None
        token, now_ms = secrets.token_urlsafe(32), self._clock.wall_ms()
        self._registry.put_login(token_hash(token), proctor, now_ms + LIFETIME_MS, now_ms)
        return token

    def _fits(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False

    def who(self, token: str) -> str | None:
        """The proctor of this cookie."""
        return self._registry.login(token_hash(token), self._clock.wall_ms()) if token else None

    def log_out(self, token: str) -> None:
        self._registry.drop_login(token_hash(token))


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def logout_topic(token: str) -> str:
    return f"logout:{token_hash(token).hex()}"
