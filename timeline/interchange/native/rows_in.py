"""Turn a native row into a command, and compute the id of its entry."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.commands import (
    Condition,
    Quoted,
    RecordDevelopment,
    RecordStatement,
    Source,
)
from timeline.application.directory import NUMBER_MARK, SEVERAL_WHERE_ONE
from timeline.application.texts import text
from timeline.domain.dates import parse_date
from timeline.domain.errors import Refused
from timeline.domain.field import Storage, Type
from timeline.domain.fields import COLUMNS, ROWS
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import hashed_id, keyed_id
from timeline.domain.variables import NO, VARIABLES, YES
from timeline.domain.word_cache import cached_words
from timeline.domain.written_dates import as_edtf
from timeline.interchange.native.additions_in import part_of, passage_of, translated_texts
from timeline.interchange.native.fields import (
    NOT_IN_THE_ID,
    NOT_TEXT,
    REJECT,
    check_belongs,
    is_added,
    is_field,
    is_own,
    unknown_field,
)

if TYPE_CHECKING:
    from timeline.application.commands import Command
    from timeline.domain.event import Event
    from timeline.domain.field import Field

FIELD_MISSING = Message("field_missing", "%(name)s is missing")
SAY_WHO = Advice("say who said it, by slug or name")
SAY_WHAT_ABOUT = Advice("say what it is about, by slug or name")
SAY_WHAT_HAPPENED = Advice("say in one line what happened")
USE_A_WORD_OF_THE_SCALE = Advice("use a word of the topic's scale, or no_position")
NOT_A_LIST = Message(
    "not_a_list", "%(value)s is not a list", fix='write ["one", "two"], or one; two in a cell'
)
NOT_A_TOPIC = Message("not_a_topic", "%(value)s is not a topic", fix="name topics by slug or name")
YEAR_ZERO = Message(
    "year_zero",
    "%(given)s names the year 0, which is how files write that they do not know",
    fix="mend the date, or leave the cell blank",
)
NOT_AN_ENTRY_ID = Message(
    "not_an_entry_id", "%(key)s is not the id of an entry", fix="give a key of your own, or none"
)

DAY = 86_400
ENOUGH = 10_000
"""Most cached dates."""

FEW = 1_000
"""Most cached shapes of rows, and sources."""

OWN_ID = "urn:uuid:"
"""Prefix of a key that is the id itself, so that an exported entry keeps its id."""

_PLAIN = {
    kind: tuple(
        name
        for name, field in ROWS[kind].items()
        if "." not in name and not (field.storage is Storage.NOWHERE or field.many)
    )
    for kind in ("statement", "development")
}
"""Fields that a command takes from a row unchanged."""

_OF_SOURCES = tuple(f"source.{name}" for name in Source.__struct_fields__)

TEXTS = frozenset(
    name
    for name, field in COLUMNS.items()
    if not field.many and field.type not in (Type.CONTEXT, Type.DATE)
)
"""Fields with one text, which is only stripped."""

_YEAR_ZERO = re.compile(r"(?<![\d-])0000(?!\d)")

_TIME_ORDERED = "78"
"""UUID versions of entries without a key."""

_NAMED = "5"
"""UUID version of ids from keys; topics and actors have it too."""

_encode = msgspec.json.Encoder(order="sorted").encode


def clean_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without blanks and with lists parsed; raises `Refused` by field."""
    made: dict[str, Any] = {}
    for name, value in row.items():
        if type(value) is str and name in TEXTS:
            if text := value.strip():
                made[name] = text
            continue
        if value is None or value in ("", []) or name.startswith(REJECT):
            continue
        field = COLUMNS.get(name)
        if field is None:
            if not is_field(name):
                raise unknown_field(name)
            made |= {name: _own(name, value)} if is_own(name) else translated_texts(name, value)
            continue
        made[name] = _parse_list(name, value) if field.many else _parse_value(field, value)
    return made


def _parse_value(field: Field, value: Any) -> Any:  # noqa: ANN401 - JSON holds any value
    if isinstance(value, str):
        if field.type is Type.DATE:
            if _YEAR_ZERO.search(value):
                raise Refused(YEAR_ZERO, field=field.name, given=InQuotes(value))
            return as_edtf(value)
        return value if field.type is Type.CONTEXT else value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and field.noun:
        raise Refused(SEVERAL_WHERE_ONE, field=field.name, value=InQuotes(value))
    raise Refused(NOT_TEXT, field=field.name, value=InQuotes(value))


def _own(name: str, value: Any) -> str:  # noqa: ANN401 - JSON holds any value
    """Return the value of a variable as text for its codebook."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    if isinstance(value, str | int):
        return str(value).strip()
    raise Refused(NOT_TEXT, field=name, value=InQuotes(value))


def _parse_list(name: str, value: Any) -> list[Any]:  # noqa: ANN401 - JSON holds any value
    """Return a list; a cell has it with semicolons or as JSON."""
    if isinstance(value, str) and not value.startswith("["):
        return [part.strip() for part in value.split(";") if part.strip()]
    try:
        return msgspec.convert(
            msgspec.json.decode(value) if isinstance(value, str) else value, list[Any]
        )
    except msgspec.MsgspecError:
        raise Refused(NOT_A_LIST, field=name, value=InQuotes(value)) from None


class _Shape(msgspec.Struct, frozen=True, gc=False):
    """The shape of rows with the same fields, cached: most rows of a file have the same.

    ``plain`` are fields that a command takes unchanged, ``parts`` those with fields of their own
    (but the source), ``of_the_id`` those that make the id of an entry without a key.
    """

    plain: tuple[str, ...]
    parts: frozenset[str]
    of_the_id: tuple[str, ...]


@lru_cache(maxsize=FEW)
def _shape(names: tuple[str, ...], kind: str) -> _Shape:
    return _Shape(
        tuple(name for name in _PLAIN[kind] if name in names),
        frozenset(name.partition(".")[0] for name in names if "." in name) - {"source"},
        tuple(name for name in names if name not in NOT_IN_THE_ID and not is_added(name)),
    )


def command_of(row: dict[str, Any], kind: str, file: str) -> Command:
    """Return the command of an entry's row; without a source the file is its source.

    Raises `Refused` for missing and unexpected fields.
    """
    check_belongs(row, kind)
    return _statement(row, file) if kind == "statement" else _development(row, file)


def _statement(row: dict[str, Any], file: str) -> RecordStatement:
    if not row.get("actor") and not row.get("actor_name"):
        raise Refused(FIELD_MISSING, field="actor", fix=SAY_WHO, name="actor")
    shape = _shape(tuple(row), "statement")
    stated = {name: row[name] for name in shape.plain}
    stated["topic"] = _required(row, "topic", SAY_WHAT_ABOUT)
    stated["stance"] = _required(row, "stance", USE_A_WORD_OF_THE_SCALE)
    if shape.parts:
        stated |= {
            "condition": _condition(row) if "condition" in shape.parts else None,
            "quote": Quoted(**part_of(row, "quote")) if "quote.text" in row else None,
            "passage": passage_of(row) if "passage" in shape.parts else None,
        }
    if "variables" in shape.parts:
        own = {name: value for name, value in row.items() if name.startswith(VARIABLES)}
        stated["variables"] = {name.removeprefix(VARIABLES): own[name] for name in own}
    if "drops" in row:
        stated["drops"] = tuple(map(_referred_to, row["drops"]))
    stated["source"] = _source(row, file)
    return RecordStatement(**stated, first_recorded_at=row.get("first_recorded_at"))


def _development(row: dict[str, Any], file: str) -> RecordDevelopment:
    topics = list(row.get("topics", ()))
    if "topic" in row:
        topics.append(row["topic"])
    for topic in topics:
        if not isinstance(topic, str):
            raise Refused(NOT_A_TOPIC, field="topics", value=InQuotes(topic))
    shape = _shape(tuple(row), "development")
    stated = {name: row[name] for name in shape.plain} | {
        "title": _required(row, "title", SAY_WHAT_HAPPENED),
        "topics": tuple(dict.fromkeys(topics)),
        "status": row.get("status") or "claimed",
        "source": _source(row, file),
    }
    return RecordDevelopment(**stated)


def _required(row: dict[str, Any], name: str, fix: Advice) -> str:
    if name not in row:
        raise Refused(FIELD_MISSING, field=name, fix=fix, name=name)
    return str(row[name])


def _source(row: dict[str, Any], file: str) -> Source:
    return _named_source(file, *map(row.get, _OF_SOURCES))


@cached_words(FEW)
def _named_source(file: str, *stated: str | None) -> Source:
    source = Source(*stated)
    if source.outlet or source.title or source.url:
        return source
    return msgspec.structs.replace(source, title=file)


def _condition(row: dict[str, Any]) -> Condition | None:
    stated = part_of(row, "condition")
    if "same_as" in stated:
        stated["same_as"] = _referred_to(stated["same_as"])
    return Condition(**stated) if stated else None


def _referred_to(value: object) -> str:
    """Return the id of a statement's key; a number after a # stays as it is."""
    if not isinstance(value, str):
        raise Refused(NOT_TEXT, field="drops", value=InQuotes(value))
    return value if value.startswith(NUMBER_MARK) else id_referred_to(value)


def entry_id(row: dict[str, Any], kind: str, command: Command) -> str:
    """Return the id of a row's entry; the same row always has the same id.

    It comes from the key, else from the first day and a hash of the entry's own fields.
    """
    if command.key is not None:
        return id_of_key(command.key)
    own = {name: row[name] for name in _shape(tuple(row), kind).of_the_id}
    return hashed_id(_first_day(command), _encode(own))


def id_without_key(row: dict[str, Any], kind: str, command: Command) -> str:
    """Return the id that the row's entry would have without a key."""
    rest = {name: value for name, value in row.items() if name != "key"}
    return entry_id(rest, kind, msgspec.structs.replace(command, key=None))


def id_of_key(key: str) -> str:
    """Return the id of a key; the part before the first colon is its namespace.

    The key is cleaned first, so that an export names the same entry. Raises `Refused` for an id
    that may only come from its own key, and for what `text` refuses.
    """
    key = text(key, "key")
    if key.startswith(OWN_ID):
        return _own_id(key, _TIME_ORDERED)
    namespace, colon, rest = key.partition(":")
    return keyed_id(namespace, rest) if colon else keyed_id("", key)


def key_of(event: Event) -> str | None:
    """Return the key of the imported row, or else one with the id, so that it can be imported."""
    for key in (event.key, OWN_ID + event.originator_id):
        with suppress(Refused):
            if key and id_of_key(key) == event.originator_id:
                return key
    return None


def id_referred_to(key: str) -> str:
    """Return the id of an entry that a line refers to; it may be any id.

    Raises `Refused` for an invalid id.
    """
    return _own_id(key, _TIME_ORDERED + _NAMED) if key.startswith(OWN_ID) else id_of_key(key)


def _own_id(key: str, versions: str) -> str:
    id_ = key.removeprefix(OWN_ID)
    try:
        is_ours = id_ == str(uuid.UUID(id_)) and id_[14] in versions
    except ValueError:
        is_ours = False
    if not is_ours:
        raise Refused(NOT_AN_ENTRY_ID, field="key", key=InQuotes(id_))
    return id_


def _first_day(command: Command) -> int:
    if isinstance(command, RecordStatement):
        date, field = command.said_at, "said_at"
    else:
        date, field = command.happened_at, "happened_at"
    if date is None:
        date, field = command.source.published_at, "source.published_at"
    return 0 if date is None else _day(date, field)


@lru_cache(maxsize=ENOUGH)
def _day(date: str, field: str) -> int:
    said = parse_date(date, field)
    return (said.latest if said.earliest is None else said.earliest) // DAY
