"""A picture as the answer to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from web.i18n.translate import translator
from web.picture.ink import faces, style_sheet
from web.picture.layout import SIZES, Size
from web.picture.raster import png
from web.shell.data_answer import data_answer
from web.shell.rendering import render_text
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response

    from web.picture.layout import Picture

UNKNOWN_SIZE = Message("unknown_size", "%(size)s is no size of a picture", fix="use %(choices)s")

FORMS = ("svg", "png")

POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
"""A picture that is opened by itself uses the style sheet and the typefaces inside it alone."""


def wanted_size() -> Size:
    """Return the size that the address asks for, that of print if it says none."""
    size = this_request().query.get("size", "print")
    if size not in SIZES:
        raise Refused(UNKNOWN_SIZE, field="size", size=InQuotes(size), choices=" or ".join(SIZES))
    return SIZES[size]


def picture_bytes(picture: Picture, form: str) -> bytes:
    """Return a picture as the bytes of a file, svg or png."""
    return _svg(picture).encode() if form == "svg" else next(_pixels(picture))


def picture_answer(picture: Picture, form: str) -> Response:
    """Answer with a picture as SVG or PNG, in the theme of the reader."""
    if form == "svg":
        answer = data_answer(_svg(picture), "image/svg+xml")
    else:
        answer = data_answer(_pixels(picture), "image/png")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.vary.update(("Cookie", "Accept-Language"))
    return answer


def _svg(picture: Picture) -> str:
    return _drawn(picture, faces(" ".join(one.text for one in picture.words)))


def _pixels(picture: Picture) -> Iterator[bytes]:
    """Yield a PNG once it is asked for: few are drawn at once."""
    yield png(_drawn(picture), picture.size.dots)


def _drawn(picture: Picture, typefaces: str = "") -> str:
    theme = "dark" if this_request().choices.theme == "dark" else "light"
    chart, plot = picture.chart, picture.size.plot
    return render_text(
        "picture/picture.svg",
        picture=picture,
        style=Markup(typefaces + style_sheet(theme, is_neutral=chart.neutral, plot=plot)),  # noqa: S704 - our own
        lang=translator().code,
        is_file=True,
    )
