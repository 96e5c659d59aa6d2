"""Secrets, given out once and kept as fingerprints, and passwords, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from timeline.domain.errors import Refused
from timeline.domain.messages import Message

PASSWORD_TOO_SHORT = Message(
    "password_too_short",
    "the password has %(length)s characters",
    fix="take %(least)s or more; a few words are easy to remember",
)
PASSWORD_TOO_LONG = Message(
    "password_too_long", "the password is longer than %(most)s characters", fix="take a shorter one"
)
PASSWORD_GUESSED = Message(
    "password_guessed",
    "the password is one that others would try first",
    fix="take one that holds neither your handle nor a single character repeated",
)

LEAST, MOST = 12, 256
SECRET_BYTES = 32
AT_ONCE = 2
"""Hashes that are made at the same time: each takes 64 MiB."""

HASHER = PasswordHasher()
"""Takes the work that RFC 9106 asks of a machine with little memory."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def new_secret(prefix: str = "") -> str:
    """Return a secret of 256 bits that fits an address or a cookie."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def fingerprint(secret: str) -> str:
    """Return what is kept of a secret; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def hashed(password: str, handle: str) -> str:
    """Return the argon2id hash of a new password; raises `Refused` for one that is easy to guess.

    Length counts and nothing else is asked of its letters (NIST SP 800-63B, section 3.1.1.2).
    """
    if len(password) < LEAST:
        raise Refused(PASSWORD_TOO_SHORT, field="password", length=len(password), least=LEAST)
    if len(password) > MOST:
        raise Refused(PASSWORD_TOO_LONG, field="password", most=MOST)
    if handle.casefold() in password.casefold() or len(set(password)) == 1:
        raise Refused(PASSWORD_GUESSED, field="password")
    with _turns:
        return HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was hashed; it takes as long where there is none."""
    if len(password) > MOST:
        return False
    with _turns:
        try:
            HASHER.verify(kept or _of_nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with less work than hashes are made with now."""
    return HASHER.check_needs_rehash(kept)


@cache
def _of_nobody() -> str:
    """Return what a password is compared with where there is none, so that the time tells nothing.

    Made once in a process that compares passwords: a command that compares none does without.
    """
    return HASHER.hash(secrets.token_hex())
