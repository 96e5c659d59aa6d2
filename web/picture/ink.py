"""The style sheet inside a picture: the chart's rules of pages, in the colours of a theme.

Programs that show pictures may know neither custom properties nor ``light-dark()``, so every value
is written out.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from web.chart.axis import NARROW, SPACIOUS, WIDTH
from web.shell.bundles import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEETS = (
    "entries/marks",
    "chart/frame",
    "chart/lanes",
    "chart/shapes",
    "chart/marks",
    "picture/picture",
)
"""The style sheets of charts, in `web/styles`."""

TOKENS = "shell/tokens"
FONTS = SOURCES / "static" / "fonts"
SENT = {
    "libre-franklin-5.3.0-latin-wght-normal.woff2": "U+0000-00FF, U+0131, U+0152-0153, U+2000-206F",
    "libre-franklin-5.3.0-cyrillic-wght-normal.woff2": "U+0301, U+0400-045F, U+0490-0491, U+2116",
}
"""The typefaces that are embedded in a picture, and their characters."""

CYRILLIC = re.compile("[\u0400-\u04ff]")

_DRAWN = (
    *("fill", "stroke", "opacity", "font", "paint-order", "text-anchor"),
    *("writing-mode", "marker-end", "text-decoration"),
)
_NOT_ALONE = re.compile(r"[:\[>+~*#]|^[a-z]")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[^{;]+\{(?:[^{}]|\{[^{}]*\})*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_IS = re.compile(r":is\(([^()]*)\)")
_BETWEEN = re.compile(r"^([456])50(?= |$)")
_VARIABLE = re.compile(r"var\((--[\w-]+)(?:,\s*([^()]*))?\)")
_BY_THEME = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)")


def faces(text: str) -> str:
    """Return the rules that embed the typefaces of a text."""
    return "".join(_face(name) for name in SENT if "cyrillic" not in name or CYRILLIC.search(text))


def style_sheet(theme: str, *, is_neutral: bool, plot: float) -> str:
    """Return the style sheet of a picture whose plot is so many pixels wide.

    ``theme`` is "light" or "dark"; ``is_neutral`` keeps the colours of sides out.
    """
    hidden = [
        name
        for least, name in ((NARROW, "if-narrow"), (WIDTH, "if-wide"), (SPACIOUS, "if-spacious"))
        if plot < least
    ]
    hidden += ["if-not-wide"] if plot >= WIDTH else []
    tiers = "".join(f".{name}{{display:none}}" for name in hidden)
    return _rules(theme, is_neutral) + tiers


@lru_cache(maxsize=8)
def _rules(theme: str, is_neutral: bool) -> str:  # noqa: FBT001 - a key of the cache
    values = _values(theme, is_neutral=is_neutral)
    return "".join(
        f"{selector}{{{declarations}}}"
        for sheet in SHEETS
        for selectors, body in _parsed(sheet)
        if (selector := ",".join(_plain(selectors))) and (declarations := _told(body, values))
    )


def _parsed(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield selectors and body of each rule outside of at-rules."""
    text = (SOURCES / "styles" / f"{sheet}.css").read_text(encoding="utf-8")
    for rule in _RULE.finditer(_AT_RULE.sub("", _COMMENT.sub("", text))):
        yield rule[1].strip(), rule[2]


def _values(theme: str, *, is_neutral: bool) -> dict[str, str]:
    """Return the values of custom properties in a theme."""
    roots = (":root", ".neutral") if is_neutral else (":root",)
    values: dict[str, str] = {}
    for selectors, body in _parsed(TOKENS):
        if selectors in roots:
            values |= {name: value for name, value in _declared(body) if name.startswith("--")}
    chosen = 1 if theme == "light" else 2
    themed = {name: _BY_THEME.sub(rf"\{chosen}", value) for name, value in values.items()}
    return {name: _resolved(value, themed) for name, value in themed.items()}


def _declared(body: str) -> Iterator[tuple[str, str]]:
    for declared in body.split(";"):
        name, colon, value = declared.partition(":")
        if colon:
            yield name.strip(), " ".join(value.split())


def _resolved(value: str, values: dict[str, str]) -> str:
    """Return a value with its custom properties replaced, the innermost first."""
    while match := _VARIABLE.search(value):
        known = values.get(match[1], match[2] or "none")
        value = value[: match.start()] + known + value[match.end() :]
    return value


def _plain(selectors: str) -> list[str]:
    """Return the selectors of a list that use only classes, one by one."""
    while match := _IS.search(selectors):
        head, tail = selectors[: match.start()], selectors[match.end() :]
        before, after = head.rpartition(",")[2], tail.partition(",")[0]
        plain_list = ",".join(
            f"{before}{selector.strip()}{after}" for selector in match[1].split(",")
        )
        selectors = head[: len(head) - len(before)] + plain_list + tail[len(after) :]
    named = (" ".join(selector.split()) for selector in selectors.split(","))
    return [selector for selector in named if not _NOT_ALONE.search(selector)]


def _told(body: str, values: dict[str, str]) -> str:
    return ";".join(
        f"{name}:{_weighed(_resolved(value, values))}"
        for name, value in _declared(body)
        if name.startswith(_DRAWN) and "currentcolor" not in value.lower()
    )


def _weighed(value: str) -> str:
    """Return a value with a font weight that the typefaces of pictures have."""
    return _BETWEEN.sub(r"\g<1>00", value)


@lru_cache(maxsize=4)
def _face(name: str) -> str:
    data = base64.b64encode((FONTS / name).read_bytes()).decode()
    return (
        '@font-face{font-family:"Libre Franklin";font-weight:100 900;'
        f"src:url(data:font/woff2;base64,{data}) format('woff2');unicode-range:{SENT[name]}}}"
    )
