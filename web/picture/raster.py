"""A picture in pixels: the SVG drawn by resvg, with typefaces that lie here."""

from __future__ import annotations

import re

from timeline.domain.kept_words import kept
from web.picture.ink import FONTS

FILES = [str(path) for path in sorted(FONTS.glob("*.ttf"))]

_OWN = re.compile("[\\s\u0020-\u024f\u02b0-\u036f\u0400-\u052f\u1e00-\u1eff\u2000-\u22ff]*")
"""Characters that our typeface has, or that stand in no text."""


@kept(16)
def png(svg: str, dots: float) -> bytes:
    """Return a picture as PNG, ``dots`` pixels for each of the SVG's.

    Words in other scripts than ours are set in the typefaces of the machine. Nothing is fetched.
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
