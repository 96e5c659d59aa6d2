"""Rows of the tables that the projector writes most; positions and changes as rows, and back."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from timeline.domain.position import MIXED, Change, LaterHearsay, Position
from timeline.domain.position.edition2 import RULE
from timeline.projections.tables import schema


def utterance_key(name: str | None) -> int | None:
    """Return the number of an utterance within its source: a 63-bit hash of its name."""
    if name is None:
        return None
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 1


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The condition that a statement names, and those that it drops, each by its identity.

    The identity is the id of the statement that named it first; ``actor`` (an id) is who must act.
    """

    condition: str | None = None
    actor: str | None = None
    drops: tuple[str, ...] = ()


NO_TERMS = Terms()
_terms = msgspec.json.Decoder(Terms).decode


def read_terms(written: str) -> Terms:
    """Read the conditions of a row."""
    return _terms(written) if written else NO_TERMS


def write_terms(terms: Terms) -> str:
    """Return conditions as a row stores them; mostly there are none."""
    return "" if terms == NO_TERMS else msgspec.json.encode(terms).decode()


class BearingRow(NamedTuple):
    """One version of a development on one of its topics."""

    topic: str
    number: int
    known_from: int
    known_until: int | None
    counts_from: int
    retracted: int


class SourceRow(NamedTuple):
    """One version of a source of an entry, added by the event at ``added``."""

    number: int
    document: str
    attribution: str
    reported_via: str
    added: int
    known_from: int
    known_until: int | None


class PositionRow(NamedTuple):
    """Where a lane stands."""

    topic: str
    lane: str
    stance: int | None
    lowest: int | None
    highest: int | None
    rank: int | None
    counted: str
    reported: str
    first: int | None
    last: int | None
    statements: int
    changed_from: int | None
    turned: int
    known: int
    on_record: int
    marks: str = ""


class ChangeRow(NamedTuple):
    """One change of a lane, or a step of its line."""

    topic: str
    lane: str
    day: int
    kind: str
    from_stance: int | None
    to_stance: int | None
    lowest: int | None
    highest: int | None
    counts_from: int
    before: str
    after: str
    withdrawn_by: str
    other_speaker: int
    other_wording: int
    known_at: int
    place: int = 0
    found: str = ""
    status: str = "printed"
    back_on: int | None = None
    marks: str = ""


class LogRow(NamedTuple):
    """One event, as the log page lists it: ``recorded_at`` is in µs UTC.

    It is about the entry with this ``number``, else about the noun with the id ``stream``.
    """

    position: int
    type: str
    stream: str | None
    number: int | None
    recorded_at: int
    recorded_by: str
    via: str


class SearchRow(NamedTuple):
    """The stems by which search finds a topic or an entry; ``rowid`` is its first log position."""

    rowid: int
    stems: str


_encode = msgspec.json.encode
_numbers = msgspec.json.Decoder(tuple[int, ...]).decode
_beside = msgspec.json.Decoder(LaterHearsay | None).decode


NOT_IN_MARKS = ("back_on", "status", "last_known", "rule")
"""Fields that have a column, depend on the moment asked for, or are the same in every row."""


def _marks_of(kind: type[Position | Change]) -> type[Any]:
    """Return a type with the fields of edition 2 that have no columns."""
    fields = [
        (field.name, field.type, field.default)
        for field in msgspec.structs.fields(kind)
        if field.default is not msgspec.NODEFAULT and field.name not in NOT_IN_MARKS
    ]
    return msgspec.defstruct(f"{kind.__name__}Marks", fields, frozen=True, omit_defaults=True)


_POSITION_MARKS, _CHANGE_MARKS = _marks_of(Position), _marks_of(Change)
_position_marks = msgspec.json.Decoder(_POSITION_MARKS).decode
_change_marks = msgspec.json.Decoder(_CHANGE_MARKS).decode
_NO_MARKS = b"{}"


def position_row(
    topic: str,
    lane: str,
    position: Position,
    last_move: tuple[int | None, bool],
    counts: tuple[int, int],
) -> PositionRow:
    """Return the row of a lane's position.

    ``last_move`` is the instant of the last change, and whether the lane ever left a position;
    ``counts`` are its statements, and those not retracted.
    """
    changed_from, turned = last_move
    known, on_record = counts
    return PositionRow(
        topic=topic,
        lane=lane,
        stance=stance_column(position.stance),
        lowest=position.lowest,
        highest=position.highest,
        rank=position.rank,
        counted=_encode(position.counted).decode(),
        reported=_encode(position.reported).decode(),
        first=position.first,
        last=position.last,
        statements=position.statements,
        changed_from=changed_from,
        turned=int(turned),
        known=known,
        on_record=on_record,
        marks=_marks(position, _POSITION_MARKS),
    )


def change_row(topic: str, lane: str, move: Change, place: int = 0) -> ChangeRow:
    """Return the row of a change; ``place`` is its number within its lane and day."""
    return ChangeRow(
        topic=topic,
        lane=lane,
        day=move.day,
        kind=move.kind if move.is_visible or move.kind == "first" else "step",
        from_stance=stance_column(move.from_),
        to_stance=stance_column(move.to),
        lowest=move.lowest,
        highest=move.highest,
        counts_from=move.counts_from,
        before=_encode(move.before).decode(),
        after=_encode(move.after).decode(),
        withdrawn_by=_encode(move.withdrawn_by).decode(),
        other_speaker=int(move.other_speaker),
        other_wording=int(move.other_wording),
        known_at=move.known_at,
        place=place,
        found=move.kind,
        status=move.status,
        back_on=move.back_on,
        marks=_marks(move, _CHANGE_MARKS),
    )


def _marks(source: Position | Change, marks: type[Any]) -> str:
    names = marks.__struct_fields__
    encoded = _encode(marks(**{name: getattr(source, name) for name in names}))
    return "" if encoded == _NO_MARKS else encoded.decode()


def position_of(row: Any) -> Position:  # noqa: ANN401 - a database row
    """Return a position from its row; it lacks the ignored statements."""
    return Position(
        stance=stance_value(row.stance),
        rank=row.rank,
        counted=_numbers(row.counted),
        ignored=(),
        reported=_beside(row.reported),
        first=row.first,
        last=row.last,
        statements=row.statements,
        lowest=row.lowest,
        highest=row.highest,
        rule=RULE,
        **(msgspec.structs.asdict(_position_marks(row.marks)) if row.marks else {}),
    )


def change_of(row: Any) -> Change:  # noqa: ANN401 - a database row
    """Return a change from its row."""
    return Change(
        kind=row.found,
        from_=stance_value(row.from_stance),
        to=stance_value(row.to_stance),
        lowest=row.lowest,
        highest=row.highest,
        counts_from=row.counts_from,
        day=row.day,
        withdrawn_by=_numbers(row.withdrawn_by),
        before=_numbers(row.before),
        after=_numbers(row.after),
        other_speaker=bool(row.other_speaker),
        other_wording=bool(row.other_wording),
        known_at=row.known_at,
        status=row.status,
        back_on=row.back_on,
        rule=RULE,
        **(msgspec.structs.asdict(_change_marks(row.marks)) if row.marks else {}),
    )


def stance_column(stance: int | str | None) -> int | None:
    """Return the column value of a stance: `mixed` is a number, too."""
    return schema.MIXED if stance == MIXED else None if stance is None else int(stance)


def stance_value(column: int | None) -> Any:  # noqa: ANN401 - the domain's `Stance`
    """Return the stance of a column value."""
    return MIXED if column == schema.MIXED else column
