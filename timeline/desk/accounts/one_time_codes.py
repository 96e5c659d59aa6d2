"""Codes that count once: of an app, every 30 seconds another, and for when that is lost."""

from __future__ import annotations

import re
import secrets

import pyotp

from timeline.domain.instants import MICROSECONDS

APP, RECOVERY = "code", "recovery code"
"""What kind of code somebody gave: one of their app, or one for when that is lost."""

STEP = 30
"""Seconds for which a code of an app stands, as every app takes it."""

DRIFT = 1
"""Steps by which the clock of a phone may be off, either way (RFC 6238, section 5.2)."""

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Without i, l, o and u, as in Crockford's base 32: nobody takes one for another."""

READ_AS = str.maketrans("ilo", "110")
RECOVERY_LETTERS, RECOVERY_CODES, GROUP = 12, 10, 4
"""12 letters of 32 are 60 bits; what is kept of them is hashed as passwords are."""


def new_key() -> str:
    """Return 160 random bits in base32, as long as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of_code(key: str, code: str, now: int) -> int | None:
    """Return the step that a code of an app belongs to, ``None`` for a wrong one."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch("[0-9]{6}", digits):
        return None
    try:
        return pyotp.TOTP(key, interval=STEP).verify_and_get_timecode(
            digits, for_time=now // MICROSECONDS, valid_window=DRIFT
        )
    except pyotp.OTPVerificationError:
        return None


def address_of_key(key: str, handle: str, issuer: str) -> str:
    """Return the otpauth: address by which an app takes a key; ``issuer`` names the site."""
    return pyotp.TOTP(key, interval=STEP).provisioning_uri(name=handle, issuer_name=issuer)


def new_recovery_codes() -> list[str]:
    """Return codes for when an app is lost; no two of them begin with the same letter."""
    firsts = secrets.SystemRandom().sample(LETTERS, RECOVERY_CODES)
    return [first + "".join(map(_letter, range(1, RECOVERY_LETTERS))) for first in firsts]


def as_recovery_code(typed: str) -> str:
    """Return what was typed as it is compared, empty where it is no recovery code."""
    plain = re.sub(r"[\s-]", "", typed.lower()).translate(READ_AS)
    return plain if re.fullmatch(f"[{LETTERS}]{{{RECOVERY_LETTERS}}}", plain) else ""


def in_groups(code: str, between: str = " ") -> str:
    """Return a key or a code in groups of four, as people read it."""
    return between.join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _letter(_place: int) -> str:
    return secrets.choice(LETTERS)
