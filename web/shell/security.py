"""Checks of every request (host, origin, size), and security headers of every answer."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

from flask import Request, abort, current_app, request
from werkzeug.exceptions import SecurityError
from werkzeug.routing import IntegerConverter

from timeline.domain.text import DIGITS
from web.i18n.translate import gettext
from web.shell.addresses import host_of
from web.shell.cookies import YEAR
from web.shell.policies import SAFE_METHODS
from web.shell.safety_log import note_refusal

if TYPE_CHECKING:
    from flask import Flask, Response

MAX_REQUEST = 1_000_000
"""The most bytes of a request body, enough for a long pasted article."""

MAX_FIELDS = 400
MAX_PATH, MAX_VALUE = 1_000, 4_000
"""The most characters of a path, and of one value in the query."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


UNUSED = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
        *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer"),
        *("microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get"),
        *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)
"""Features of browsers that no page of this site uses (W3C Permissions Policy)."""

WORDED = (
    "text/html",
    "text/plain",
    "application/atom+xml",
    "application/feed+json",
    "application/problem+json",
)
"""The types of answers in the reader's language."""


def guard(app: Flask) -> None:
    """Check every request before its view, and add headers to every answer."""
    both = type("SiteRequest", (ClosingRequest, app.request_class), {})
    app.request_class = cast("type[Request]", both)
    app.url_map.converters["int"] = WholeNumber
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_REQUEST
    app.config["MAX_FORM_PARTS"] = MAX_FIELDS
    app.before_request(_refuse_foreign_hosts)
    app.before_request(_refuse_long_addresses)
    app.before_request(_refuse_unseen)
    app.before_request(_refuse_foreign_posts)
    app.before_request(_refuse_many_fields)
    app.after_request(_mark)


def _refuse_foreign_hosts() -> None:
    """Refuse hosts that are not names of this site (Flask's own check knows no IPv6)."""
    host = request.host.lower()
    name, colon, port = host.rpartition(":")
    if (name if colon and port.isdecimal() else host) not in current_app.config["HOSTS"]:
        msg = f"Host {host!r} is not trusted."
        raise SecurityError(msg)


class WholeNumber(IntegerConverter):
    """A number in a path that fits into 64 bits; a longer one matches no route."""

    regex = rf"\d{{1,{DIGITS}}}"


class ClosingRequest(Request):
    """A request that closes the files of its form, however it ends.

    Werkzeug closes them only if it read the form to its end. If the form breaks off or has too
    many parts, they would stay open until they are garbage-collected.
    """

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:  # noqa: ANN401 - Werkzeug's own
        stream = super()._get_file_stream(*args, **kwargs)
        self.__dict__.setdefault("sent_files", []).append(stream)
        return stream

    def close(self) -> None:
        """Close every file that was sent."""
        super().close()
        for stream in self.__dict__.get("sent_files", ()):
            stream.close()


def _refuse_long_addresses() -> None:
    """Refuse addresses that are too long, because looking them up is slow and finds nothing."""
    if len(request.path) > MAX_PATH or any(
        len(value) > MAX_VALUE for _, value in request.args.items(multi=True)
    ):
        abort(414, gettext("this address is too long"))


def _refuse_unseen() -> None:
    """Refuse an address with a NUL, which PostgreSQL cannot look up, or an unprintable path.

    A line break in a path would end up in a header. The text of a search (``q``) may hold
    anything: it is split into words first.
    """
    texts = [text for name, text in request.args.items(multi=True) if name != "q"]
    if not request.path.isprintable() or any("\0" in text for text in texts):
        abort(404, gettext("There is no page at this address"))


def _refuse_foreign_posts() -> None:
    """Refuse a form from another site (Fetch Metadata, W3C; Origin, RFC 6454).

    For browsers too old for both, the Referer counts. Only scripts send none of the three, and
    they carry nobody's cookies.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", None if site else request.headers.get("Referer"))
    foreign = site not in (None, "same-origin", "none")
    if foreign or (origin is not None and host_of(origin) != request.host):
        note_refusal("another site")
        abort(403, gettext("this form was sent from another site; open it here and send it again"))


def _refuse_many_fields() -> None:
    """Limit the fields of a urlencoded form, which Werkzeug does not limit."""
    if request.method in SAFE_METHODS:
        return
    if request.mimetype == "application/x-www-form-urlencoded":
        fields = request.get_data(cache=True).count(b"&") + 1
        if fields > MAX_FIELDS:
            message = gettext("the form has %(count)s fields, %(most)s are allowed")
            abort(413, message % {"count": fields, "most": MAX_FIELDS})


def _mark(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = UNUSED
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Target"))
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if response.mimetype in WORDED:
        response.vary.update(("Cookie", "Accept-Language"))
    return response
