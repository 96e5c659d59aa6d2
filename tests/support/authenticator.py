"""An authenticator app, as it stands on somebody's phone."""

from __future__ import annotations

import pyotp

from timeline.desk.accounts.second_factors import STEP
from timeline.domain.instants import MICROSECONDS


def shown_code(key: str, now: int, *, steps: int = 0) -> str:
    """Return the code that an app shows for a key, at a moment in microseconds and steps later.

    Spaces in the key do not count: it is typed as a page shows it.
    """
    at = now // MICROSECONDS + steps * STEP
    return pyotp.TOTP(key.replace(" ", "")).at(at)
