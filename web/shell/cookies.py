"""Cookies, away from scripts; over https no other host, path or scheme can set them.

Browsers hold cookies to that whose names begin with ``__Host-`` (RFC 6265bis, section 4.1.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from werkzeug.wrappers import Request, Response

YEAR = 365 * 24 * 3600


def keep_cookie(response: Response, name: str, value: str, *, seconds: int | None = YEAR) -> None:
    """Let the browser keep a value; with ``None`` until its session ends."""
    secure = request.is_secure
    sent = _sent_name(name, is_secure=secure)
    response.set_cookie(sent, value, max_age=seconds, samesite="Lax", httponly=True, secure=secure)


def drop_cookie(response: Response, name: str) -> None:
    """Let the browser forget a value."""
    secure = request.is_secure
    sent = _sent_name(name, is_secure=secure)
    response.delete_cookie(sent, samesite="Lax", httponly=True, secure=secure)


def read_cookie(request: Request, name: str) -> str:
    """Return the value that a browser kept, or nothing."""
    return request.cookies.get(_sent_name(name, is_secure=request.is_secure), "")


def _sent_name(name: str, *, is_secure: bool) -> str:
    return f"__Host-{name}" if is_secure else name
