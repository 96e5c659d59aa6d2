"""Answer with a picture: SVG, or PNG rendered by resvg."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.word_cache import cached_words
from web.i18n.translate import translator
from web.picture.ink import FONTS, faces, style_sheet
from web.picture.layout import SIZES, Size
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
"""A picture that is opened alone uses only its own style sheet and typefaces."""


def wanted_size() -> Size:
    """Return the size in the address, by default that of print."""
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
    return _drawn(picture, faces(" ".join(word.text for word in picture.words)))


def _pixels(picture: Picture) -> Iterator[bytes]:
    """Yield a PNG; only a few are rendered at once."""
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


FILES = [str(path) for path in sorted(FONTS.glob("*.ttf"))]

_OWN = re.compile("[\\s\u0020-\u024f\u02b0-\u036f\u0400-\u052f\u1e00-\u1eff\u2000-\u22ff]*")
"""Characters that our typeface has, or that are invisible."""


@cached_words(16)
def png(svg: str, dots: float) -> bytes:
    """Return a picture as PNG, ``dots`` pixels for each of the SVG's.

    Text in other scripts uses the typefaces of the machine. Nothing is fetched.
    """
    import resvg_py  # noqa: PLC0415 - few ask for it

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=dots,
            skip_system_fonts=_OWN.fullmatch(svg) is not None,
            font_files=FILES,
            font_family="Libre Franklin",
            sans_serif_family="Libre Franklin",
        )
    )
