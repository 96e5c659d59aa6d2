"""Refuse cells that are no names: sums, numbers, markup, footnote marks, cut-off words.

Actors on record may have any name, and so may those with a slug in the row.
"""

from __future__ import annotations

import re

from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

OR_A_SLUG = "write the name alone, or give a slug (actor) beside it (actor_name)"

NAME_IN_MARKUP = Message(
    "name_in_markup", "%(name)s is a name in markup or within brackets", fix=OR_A_SLUG
)
NAME_IN_QUOTES = Message("name_in_quotes", "%(name)s stands in quotation marks", fix=OR_A_SLUG)
NAME_WITH_NOTE = Message(
    "name_with_note", "%(name)s ends with the mark of a footnote", fix=OR_A_SLUG
)
NAME_DAMAGED = Message(
    "name_damaged", "%(name)s is cut off, or signs of it are lost", fix=OR_A_SLUG
)
NAME_IS_NONE = Message(
    "name_is_none",
    "%(name)s is a number or an address and no name",
    fix="map the column that has the names, or give a slug (actor) beside it (actor_name)",
)
NAME_OF_SUM = Message(
    "name_of_sum",
    "%(name)s seems to be a sum, or nobody in particular",
    fix="leave such rows out ([skip] in a map), or give a slug (actor) beside it (actor_name)",
)

_SUMS = frozenset(
    (
        *("total", "totals", "subtotal", "sum", "average", "mean", "median", "all", "overall"),
        *("grand-total", "summe", "gesamt", "insgesamt", "zwischensumme", "gesamtsumme"),
        *("gesamtergebnis", "teilergebnis", "mittelwert", "durchschnitt", "alle", "other"),
        *("others", "unknown", "various", "sonstige", "andere", "übrige", "unbekannt", "diverse"),
        *("verschiedene", "n.n.", "tbd", "todo"),
    )
)
"""Words for sums and for nobody in particular, with hyphens for spaces."""

_STRANGE = (
    (re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});"), NAME_IN_MARKUP),
    (re.compile(r"</?[A-Za-z][^<>]*>|\*\*|\]\(|\[\[|\]\]"), NAME_IN_MARKUP),
    (re.compile(r"^(?:\{.*\}|c?\(.*\)|=.*)$"), NAME_IN_MARKUP),
    (re.compile("""^(?:".*"|'.*'|“.*”|„.*[“”]|«.*»|».*«|‘.*’|‚.*[‘’])$"""), NAME_IN_QUOTES),
    (re.compile(r"[*†‡§⁰¹²³⁴-⁹]+$|\[[\da-z]{1,2}\]$|\s\d{1,2}\)$"), NAME_WITH_NOTE),
    (re.compile(r"\ufffd|(?:\.\.\.|…)$"), NAME_DAMAGED),
    (re.compile(r"^[+\-−]?[\d.,'%\s]*\d[\d.,'%\s]*$|^\w+://|^[^\s@]+@[^\s@]+\.\w+$"), NAME_IS_NONE),
)


def check_name(name: str, field: str) -> None:
    """Raise `Refused` for a cell that is no name, and say what it is instead."""
    for sign, message in _STRANGE:
        if sign.search(name):
            raise Refused(message, field=field, name=InQuotes(name))
    if "-".join(name.casefold().split()).rstrip(":") in _SUMS:
        raise Refused(NAME_OF_SUM, field=field, name=InQuotes(name))
