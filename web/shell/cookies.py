"""Cookies: of readers, kept for a year, and of who signed in; away from scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from web.shell.identity import cookie_name

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600


def keep_cookie(response: Response, name: str, value: str) -> None:
    """Let the reader's browser keep a value; one that came over https travels over it only."""
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )


def keep_session(response: Response, secret: str) -> None:
    """Let the browser of who signed in keep the secret of the session, until it ends."""
    name, is_secure = cookie_name(request), request.is_secure
    response.set_cookie(name, secret, samesite="Lax", httponly=True, secure=is_secure)


def drop_session(response: Response) -> None:
    """Let the browser of who signed out forget the session."""
    name, is_secure = cookie_name(request), request.is_secure
    response.delete_cookie(name, samesite="Lax", httponly=True, secure=is_secure)
