"""The parameters of the API by name; each is given once, unless it may be repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.errors import DID_YOU_MEAN, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.spelling import nearest
from timeline.projections.queries.matrix import MONTHS
from web.api.lists import FALSE, KINDS, MOST, ORDERS, SIGNED, TRUE, USUAL
from web.shell.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import MultiDict

PARAMETER_TWICE = Message("parameter_twice", "%(name)s is given more than once", fix="give it once")
PARAMETER_EMPTY = Message(
    "parameter_empty", "%(name)s is given without a value", fix="give it a value, or leave it out"
)
PARAMETER_UNKNOWN = Message(
    "parameter_unknown", "there is no parameter %(name)s here", fix="use one of: %(choices)s"
)
NEITHER_TRUE_NOR_FALSE = Message(
    "neither_true_nor_false",
    "%(given)s is neither true nor false",
    fix="write true or false",
)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
GIVEN: Schema = {"type": "string", "pattern": r"\S"}
"""A value is never empty."""
MOMENT: Schema = {**GIVEN, "format": "edtf"}
KNOWN: Schema = {**GIVEN, "format": "log-position"}
CURSOR: Schema = {**GIVEN, "format": "cursor"}
"""Formats that JSON Schema does not know; other values are refused."""

PARAMETERS: dict[str, tuple[str, Schema]] = {
    "as_of": ("What had been said by the end of this day, month, year or instant (EDTF).", MOMENT),
    "known_at": ("What the record knew then: an instant, or a log position as @1042.", KNOWN),
    "limit": (
        "Items of one part.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
    "after": ("Where the list goes on; take it from the address under next.", CURSOR),
    "q": ("What is looked for: names in any spelling, words in any form.", GIVEN),
    "topic": ("Only this topic, by its slug.", GIVEN),
    "actor": ("Only this actor, by its slug.", GIVEN),
    "year": (
        "Only entries of this year, the one from which on they count; may be repeated.",
        {"type": "array", "items": {"type": "integer", "minimum": -999_999, "maximum": 999_999}},
    ),
    "why": ("Name what counted and what did not.", {"type": "boolean", "default": False}),
    "signed": (
        "Only changes that are printed, or any that the rule found.",
        {"type": "string", "enum": [*SIGNED], "default": SIGNED[0]},
    ),
    "kind": ("Only entries of this kind.", {"type": "string", "enum": [*KINDS]}),
    "order": ("The newest first, or the oldest.", {"type": "string", "enum": [*ORDERS]}),
    "every": ("At the last words of each period.", {"type": "string", "enum": [*MONTHS]}),
    "topics": ("A topic by its slug; may be repeated.", {"type": "array", "items": GIVEN}),
    "stories": ("All topics of a story; may be repeated.", {"type": "array", "items": GIVEN}),
    "actors": ("An actor by its slug; may be repeated.", {"type": "array", "items": GIVEN}),
    "variables": (
        "Only by statements with this value of an own variable, as in room:a line; repeatable.",
        {"type": "array", "items": {"type": "string", "pattern": r"^\s*[^\s:]+\s*:\s*\S"}},
    ),
    "at": (
        "At the end of this day, month or year; may be repeated.",
        {"type": "array", "items": MOMENT},
    ),
}
NEEDED = {"q"}
"""The required parameters."""

CALLED = {"topics": "topic", "stories": "story", "actors": "actor", "variables": "variable"}
"""The names in an address of parameters that may be repeated."""


def check_parameters(names: Iterable[str], query: MultiDict[str, str]) -> None:
    """Raise `Refused` for a parameter that is given twice, empty, or no boolean.

    Raises `Unreadable` for an unknown parameter.
    """
    names = tuple(names)
    allowed = {CALLED.get(name, name) for name in names}
    for name in query:
        if name not in allowed:
            closest = nearest(name, sorted(allowed), n=1)
            fix = DID_YOU_MEAN if closest else None
            raise Unreadable(
                PARAMETER_UNKNOWN,
                field=name[:40],
                fix=fix,
                name=InQuotes(name[:40]),
                meant="".join(closest),
                choices=", ".join(sorted(allowed)) or "none",
            )
    for name in names:
        schema = PARAMETERS[name][1]
        values = query.getlist(CALLED.get(name, name))
        if len(values) > 1 and schema["type"] != "array":
            raise Refused(PARAMETER_TWICE, field=name, name=name)
        if name not in NEEDED and not all(value.strip() for value in values):
            raise Refused(PARAMETER_EMPTY, field=name, name=CALLED.get(name, name))
        if values and schema["type"] == "boolean" and values[0].lower() not in TRUE | FALSE:
            raise Refused(NEITHER_TRUE_NOR_FALSE, field=name, given=InQuotes(values[0]))
