"""What every request must pass and every answer carries: policy, origin, size and writers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import abort, current_app, request

if TYPE_CHECKING:
    from flask import Flask, Response

MAX_REQUEST = 1_000_000
"""Bytes of a request body: room for a long pasted article, not for a flood."""

MAX_FIELDS = 400
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def guard(app: Flask) -> None:
    """Check every request before its view and mark every answer after it."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST
    app.config["MAX_FORM_PARTS"] = MAX_FIELDS
    app.before_request(_refuse_foreign_posts)
    app.before_request(_refuse_many_fields)
    app.before_request(_refuse_writing)
    app.after_request(_mark)


def _refuse_foreign_posts() -> None:
    """Refuse a change asked for by another site (Fetch Metadata, W3C; Origin, RFC 6454)."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(403, "this form was sent from another site; open it here and send it again")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403, "this form was sent from another site; open it here and send it again")


def _refuse_many_fields() -> None:
    """Bound the fields of a urlencoded form, which the parser's own limit does not reach."""
    if request.method in SAFE_METHODS:
        return
    if request.mimetype == "application/x-www-form-urlencoded":
        fields = request.get_data(cache=True).count(b"&") + 1
        if fields > MAX_FIELDS:
            abort(413, f"the form has {fields} fields, {MAX_FIELDS} are allowed")


def _refuse_writing() -> None:
    """Keep the record read-only where nobody can be told apart."""
    if request.method in SAFE_METHODS or request.endpoint in current_app.config["FOR_READERS"]:
        return
    if current_app.config["READ_ONLY"]:
        abort(403, "this server is read-only; record where you are signed in")


def _mark(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
