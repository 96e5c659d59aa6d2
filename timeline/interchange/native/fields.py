"""The fields of the native interchange: which there are, and on which lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS = ("statement", "development", "story", "topic", "actor")
ENTRIES = ("statement", "development")
REJECT = "reject."
"""Fields under this name tell why a line was rejected; they are skipped when it comes back."""


class Field(msgspec.Struct, frozen=True):
    """One field: its name, the kinds of line that may carry it, and whether it is a list."""

    name: str
    kinds: tuple[str, ...]
    many: bool = False


def _fields(kinds: tuple[str, ...], *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, kinds) for name in names)


_STATEMENT, _DEVELOPMENT = ("statement",), ("development",)
_ABOUT_A_TOPIC = ("statement", "development", "topic")

FIELDS = {
    field.name: field
    for field in (
        *_fields(KINDS, "kind"),
        *_fields((*_ABOUT_A_TOPIC, "story"), "story"),
        *_fields(_ABOUT_A_TOPIC, "topic", "topic_name", "topic_question", "scale"),
        *_fields(("statement", "actor"), "actor", "actor_name", "actor_kind"),
        Field("aliases", ("actor",), many=True),
        Field("mandates", ("actor",), many=True),
        *_fields(_STATEMENT, "on_behalf_of", "mandate_reason", "stance", "no_position_reason"),
        *_fields(_STATEMENT, "condition.text", "condition.topic", "hedge", "asked"),
        *_fields(_STATEMENT, "attribution", "reported_via", "utterance"),
        *_fields(_STATEMENT, "quote.text", "quote.lang", "quote.wording", "quote.translated_by"),
        *_fields(_STATEMENT, "quote.prefix", "quote.suffix", "quote.start", "quote.end"),
        *_fields(_STATEMENT, "translation", "paraphrase", "said_at"),
        *_fields(_DEVELOPMENT, "happened_at"),
        *_fields(("development", "story"), "title"),
        *_fields(_DEVELOPMENT, "summary"),
        Field("sides", ("story",), many=True),
        Field("topics", _DEVELOPMENT, many=True),
        *_fields(_DEVELOPMENT, "according_to", "status"),
        *_fields(ENTRIES, "source.outlet", "source.title", "source.url", "source.author"),
        *_fields(ENTRIES, "source.published_at", "source.lang", "key", "first_recorded_at"),
    )
}
"""Every field by its name, in the order in which tables show them."""

OF_KIND = {
    kind: frozenset(name for name, field in FIELDS.items() if kind in field.kinds) for kind in KINDS
}

NOT_IN_THE_ID = frozenset(
    {
        "story",
        "topic_name",
        "topic_question",
        "scale",
        "actor_name",
        "actor_kind",
        "first_recorded_at",
    }
)
"""What a row says of its topic and its actor, and not of the entry itself."""


def unknown_field(name: str) -> Refused:
    """Return the refusal of a field that the interchange does not have."""
    close = nearest(name, list(FIELDS), n=1)
    fix = f"did you mean {close[0]}?" if close else "the fields are in docs/importing.md"
    return Refused(f"there is no field {name!r}", field=name, fix=fix)


def check_names(names: Iterable[str]) -> None:
    """Raise `Refused` for the first name that is no field."""
    for name in names:
        if name not in FIELDS:
            raise unknown_field(name)


def kind_of(row: dict[str, Any]) -> str:
    """Return the kind of a line: a statement unless it says otherwise."""
    kind = row.get("kind") or ("development" if "happened_at" in row else "statement")
    if kind not in OF_KIND:
        msg = f"there is no kind of line {kind!r}"
        raise Refused(msg, field="kind", fix="use one of: " + ", ".join(KINDS))
    return str(kind)


def check_belongs(row: dict[str, Any], kind: str) -> None:
    """Raise `Refused` for a field that this kind of line does not carry."""
    if row.keys() <= OF_KIND[kind]:
        return
    check_names(row)
    stray = next(name for name in row if name not in OF_KIND[kind])
    msg = f"a {kind} has no field {stray!r}"
    raise Refused(msg, field=stray, fix="leave it out, or change the kind of the line")
