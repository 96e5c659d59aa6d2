"""Which fields a line of the native interchange may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.domain.errors import Refused
from timeline.domain.fields import ACTOR, COLUMNS, DEVELOPMENT, ROWS, STATEMENT, TOPIC
from timeline.domain.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

ENTRIES = ("statement", "development")
REJECT = "reject."
"""Fields under this name tell why a line was rejected; they are skipped when it comes back."""

_OF_NOUNS = {field.name for field in (*TOPIC, *ACTOR)}
_OF_ENTRIES = {field.name for field in (*STATEMENT, *DEVELOPMENT)}

NOT_IN_THE_ID = frozenset((_OF_NOUNS - _OF_ENTRIES) | {"first_recorded_at"})
"""What a row says of its topic and its actor, and not of the entry itself."""


def unknown_field(name: str) -> Refused:
    """Return the refusal of a field that the interchange does not have."""
    close = nearest(name, list(COLUMNS), n=1)
    fix = f"did you mean {close[0]}?" if close else "the fields are in docs/importing.md"
    return Refused(f"there is no field {name!r}", field=name, fix=fix)


def check_names(names: Iterable[str]) -> None:
    """Raise `Refused` for the first name that is no field."""
    for name in names:
        if name not in COLUMNS:
            raise unknown_field(name)


def kind_of(row: dict[str, Any]) -> str:
    """Return the kind of a line: a statement unless it says otherwise."""
    kind = row.get("kind") or ("development" if "happened_at" in row else "statement")
    if kind not in ROWS:
        msg = f"there is no kind of line {kind!r}"
        raise Refused(msg, field="kind", fix="use one of: " + ", ".join(ROWS))
    return str(kind)


def check_belongs(row: dict[str, Any], kind: str) -> None:
    """Raise `Refused` for a field that this kind of line does not carry."""
    carried = ROWS[kind].keys()
    if row.keys() <= carried:
        return
    check_names(row)
    stray = next(name for name in row if name not in carried)
    msg = f"a {kind} has no field {stray!r}"
    raise Refused(msg, field=stray, fix="leave it out, or change the kind of the line")
