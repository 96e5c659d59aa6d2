"""Which fields a line of the native interchange may carry."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import DID_YOU_MEAN, Refused
from timeline.domain.fields import ACTOR, COLUMNS, DEVELOPMENT, LINES, NOUNS, ROWS, STATEMENT, TOPIC
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import is_slug
from timeline.domain.spelling import nearest
from timeline.domain.variables import ATTRIBUTES, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

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
"""Fields under this name tell why a line was rejected; they are skipped when it comes back."""

_OF_NOUNS = {field.name for field in (*TOPIC, *ACTOR)}
_OF_ENTRIES = {field.name for field in (*STATEMENT, *DEVELOPMENT)}

NOT_IN_THE_ID = frozenset((_OF_NOUNS - _OF_ENTRIES) | {"first_recorded_at"})
"""What a row says of its topic and its actor, and not of the entry itself."""

TRANSLATIONS = "translations."
"""Fields under this name hold words of ours in another language: ``translations.de.title``."""

PASSAGE = "passage."
"""Fields under this name hold the passage of a statement, and where it stands."""

OWN = {"statement": VARIABLES, "actor": ATTRIBUTES}
"""What stands before the ids of own variables in the lines that carry them."""

MANY_TEXTS = {"sides": "side", "roles": "role"} | {
    name: name for name in ("codebook", "coverage", "lede")
}
"""Translated fields with several texts, each under its original, and their names in the record."""

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
"""The words of each kind of line that can be translated."""

_WORDS = tuple(dict.fromkeys(chain.from_iterable(TRANSLATED.values())))


def translation_columns(languages: Iterable[str]) -> list[str]:
    """Return the columns of a table that hold translations into these languages."""
    return [f"{TRANSLATIONS}{lang}.{words}" for lang in languages for words in _WORDS]


@lru_cache(maxsize=1_000)
def adds_anything(names: tuple[str, ...]) -> bool:
    """Tell whether any field of a row adds to its entry; most rows of a file have the same."""
    return any(map(is_added, names))


@lru_cache(maxsize=1_000)
def is_added(name: str) -> bool:
    """Tell whether a field adds to an entry and says nothing of the entry itself."""
    return name == FURTHER_SOURCES or name.startswith((TRANSLATIONS, PASSAGE))


def is_field(name: str) -> bool:
    """Tell whether the interchange has such a field."""
    return name in COLUMNS or is_own(name) or translated_words(name) in _WORDS


def is_own(name: str) -> bool:
    """Tell whether a field is a variable that a codebook declares, or an attribute."""
    before, dot, id_ = name.partition(".")
    return before + dot in OWN.values() and is_slug(id_)


def translated_words(name: str) -> str:
    """Return which words a field translates; empty for other fields."""
    return name.split(".", 3)[2] if name.startswith(TRANSLATIONS) and name.count(".") > 1 else ""


def unknown_field(name: str) -> Refused:
    """Return the refusal of a field that the interchange does not have."""
    meant = _meant(name)
    fix = DID_YOU_MEAN if meant else None
    return Refused(UNKNOWN_FIELD, field=name, fix=fix, name=InQuotes(name), meant=meant)


@lru_cache(maxsize=1_000)
def _meant(name: str) -> str:
    """Return the field that a name comes close to, if there is one; a file has it in every row."""
    return next(iter(nearest(name, list(COLUMNS), n=1)), "")


def check_names(names: Iterable[str]) -> None:
    """Raise `Refused` for the first name that is no field."""
    for name in names:
        if not is_field(name):
            raise unknown_field(name)


def kind_of(row: dict[str, Any]) -> str:
    """Return the kind of a line: a statement unless it says otherwise.

    Raises `Refused` for a kind that there is not.
    """
    kind = row.get("kind") or ("development" if "happened_at" in row else "statement")
    if kind not in ROWS:
        raise Refused(
            UNKNOWN_KIND_OF_LINE, field="kind", kind=InQuotes(kind), choices=", ".join(ROWS)
        )
    return str(kind)


def check_belongs(row: dict[str, Any], kind: str) -> None:
    """Raise `Refused` for a field that this kind of line does not carry."""
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
