"""The fields of lines of the native interchange."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import DID_YOU_MEAN, Refused, check_choice
from timeline.domain.fields import ACTOR, COLUMNS, DEVELOPMENT, LINES, NOUNS, ROWS, STATEMENT, TOPIC
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.spelling import nearest
from timeline.domain.variables import ATTRIBUTES, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

UNKNOWN_FIELD = Message(
    "unknown_field", "there is no field %(name)s", fix="the fields are in docs/importing.md"
)
UNKNOWN_KIND_OF_LINE = Message(
    "unknown_kind_of_line", "there is no kind of line %(kind)s", fix="use one of: %(choices)s"
)
FIELD_OF_ANOTHER_KIND = Message(
    "field_of_another_kind",
    "a %(kind)s has no field %(name)s",
    fix="leave it out, or change the kind of the line",
)
NOT_TEXT = Message("not_text", "%(value)s is not text", fix="put it between double quotes")
LIST_MALFORMED = Message(
    "list_malformed",
    "the list is not as it should be (%(why)s)",
    fix="see its shape in docs/importing.md",
)

ENTRIES = ("statement", "development")
REJECT = "reject."
"""Prefix of fields about the rejection of a line; an import skips them."""

_OF_NOUNS = {field.name for field in (*TOPIC, *ACTOR)}
_OF_ENTRIES = {field.name for field in (*STATEMENT, *DEVELOPMENT)}

NOT_IN_THE_ID = frozenset((_OF_NOUNS - _OF_ENTRIES) | {"first_recorded_at"})
"""Fields about the topic and the actor of a row, not about the entry itself."""

TRANSLATIONS = "translations."
"""Prefix of translations of our texts: ``translations.de.title``."""

PASSAGE = "passage."
"""Prefix of the fields of a statement's passage."""

OWN = {"statement": VARIABLES, "actor": ATTRIBUTES}
"""Prefixes of variables and attributes, by kind of line."""

MANY_TEXTS = {"sides": "side", "roles": "role"} | {
    name: name for name in ("codebook", "coverage", "lede")
}
"""Translated fields with several texts, by original, and their names in the record."""

_OF_SEVERAL = {"story": ("sides",), "actor": ("roles",), "topic": ("codebook", "coverage", "lede")}

TRANSLATED: dict[str, tuple[str, ...]] = {
    kind: (
        *(
            field.on_record if kind in ENTRIES else field.name
            for field in NOUNS.get(kind, ())
            if field.is_ours
        ),
        *_OF_SEVERAL.get(kind, ()),
    )
    for kind in LINES
}
"""The texts of each kind of line that can be translated."""

_WORDS = tuple(dict.fromkeys(chain.from_iterable(TRANSLATED.values())))


def translation_columns(languages: Iterable[str]) -> list[str]:
    """Return the columns of translations into these languages."""
    return [f"{TRANSLATIONS}{lang}.{words}" for lang in languages for words in _WORDS]


@lru_cache(maxsize=1_000)
def adds_anything(names: tuple[str, ...]) -> bool:
    """Tell whether any of these fields is an addition; cached, since most rows have the same."""
    return any(map(is_added, names))


@lru_cache(maxsize=1_000)
def is_added(name: str) -> bool:
    """Tell whether a field is an addition to an entry and no field of the entry itself."""
    return name == FURTHER_SOURCES or name.startswith((TRANSLATIONS, PASSAGE))


def is_field(name: str) -> bool:
    """Tell whether the interchange has this field."""
    return name in COLUMNS or is_own(name) or translated_words(name) in _WORDS


def is_own(name: str) -> bool:
    """Tell whether a field is a variable or an attribute of a codebook."""
    before, dot, id_ = name.partition(".")
    return before + dot in OWN.values() and is_slug(id_)


def translated_words(name: str) -> str:
    """Return the field that a field translates; empty for other fields."""
    return name.split(".", 3)[2] if name.startswith(TRANSLATIONS) and name.count(".") > 1 else ""


def unknown_field(name: str) -> Refused:
    """Return the refusal of an unknown field."""
    meant = _meant(name)
    fix = DID_YOU_MEAN if meant else None
    return Refused(UNKNOWN_FIELD, field=name, fix=fix, name=InQuotes(name), meant=meant)


@lru_cache(maxsize=1_000)
def _meant(name: str) -> str:
    """Return the most similar field, if any; cached, since a file has the name in every row."""
    return next(iter(nearest(name, list(COLUMNS), n=1)), "")


def check_names(names: Iterable[str]) -> None:
    """Raise `Refused` for the first unknown field."""
    for name in names:
        if not is_field(name):
            raise unknown_field(name)


def kind_of(row: dict[str, Any]) -> str:
    """Return the kind of a line: a statement unless it says otherwise.

    Raises `Refused` for an unknown kind.
    """
    kind = row.get("kind") or ("development" if "happened_at" in row else "statement")
    check_choice(UNKNOWN_KIND_OF_LINE, ROWS, field="kind", kind=kind)
    return str(kind)


def check_belongs(row: dict[str, Any], kind: str) -> None:
    """Raise `Refused` for a field that this kind of line does not have."""
    carried = ROWS[kind].keys()
    if row.keys() <= carried:
        return
    check_names(row)
    words = TRANSLATED[kind]
    own = OWN.get(kind)
    strays = (
        name
        for name in row
        if name not in carried
        and translated_words(name) not in words
        and not (own and name.startswith(own))
    )
    stray = next(strays, None)
    if stray is None:
        return
    raise Refused(FIELD_OF_ANOTHER_KIND, field=stray, kind=kind, name=InQuotes(stray))


def parse_stated(value: Any, kind: type[T], field: str) -> T:  # noqa: ANN401 - JSON holds any value
    """Convert a value of a line to a type of ours; raises `Refused` if it is malformed."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Refused(LIST_MALFORMED, field=field, why=error) from None
