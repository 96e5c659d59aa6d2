"""Cookies of readers: kept for a year, on this site alone, and away from scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600


def keep_cookie(response: Response, name: str, value: str) -> None:
    """Let the reader's browser keep a value; one that came over https travels over it only."""
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
