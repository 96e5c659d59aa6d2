"""A correction: what somebody changed of the entry that they saw, and the commands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.fields import ON_RECORD, STATEMENT
from timeline.domain.statement import Statement
from timeline.domain.text import whole_number
from timeline.domain.variables import VARIABLES
from web.record.corrections.as_recorded import Value, as_recorded
from web.record.fields.choices import actor_named, known_as
from web.record.fields.schemas import source_of
from web.record.forms.signing import byline
from web.shell.request import read_connection, services

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.application.commands import Source
    from timeline.domain.development import Development
    from web.record.forms.form_state import FormState
    from web.wording.names import Names

SOURCE = "source."
ACTORS = frozenset(field.name for field in ON_RECORD.values() if field.noun == "actor")
SHARED = frozenset(field.name for field in STATEMENT if field.shared)
"""Fields that the statements of one utterance share; topic and stance are each one's own."""


class Correction(msgspec.Struct, frozen=True):
    """Changes of an entry by their interchange names; ``imprint`` has those of its source."""

    changes: dict[str, object]
    imprint: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.changes or self.imprint)


def correction(
    seen: Statement | Development, names: Names, sheet: FormState, data: Mapping[str, Any]
) -> Correction:
    """Compare a form with the entry that the person saw, and return the changes."""
    before = as_recorded(seen, names)
    typed = {
        name: sheet.value(name).strip() if name.startswith(VARIABLES) else _form_value(name, data)
        for name in before
        if name in sheet.values
    }
    changes: dict[str, object] = {
        name: value for name, value in typed.items() if not _same(value, before[name])
    }
    imprint = {name: str(changes.pop(name)) for name in list(changes) if name.startswith(SOURCE)}
    if imprint and sheet.value("source_how") == "other":
        source: Source = source_of(data)
        return Correction(changes | {"source": source}, {})
    return Correction(changes, imprint)


def keep_untouched(
    seen: Statement | Development, now: Statement | Development, names: Names, sheet: FormState
) -> None:
    """Update the fields that the person left alone to the entry's current values."""
    before, after = as_recorded(seen, names), as_recorded(now, names)
    for name, value in before.items():
        if name in sheet.values and _same(_sheet_value(sheet, name, value), value):
            sheet.values[name] = readable(name, after[name])


def readable(name: str, value: Value) -> list[str]:
    """Return a value as the form shows it: actors by name."""
    if isinstance(value, tuple):
        return list(value)
    actor = actor_named(read_connection(), value) if name in ACTORS else None
    return [known_as(read_connection(), actor) if actor else value]


def apply(number: int, changes: Correction, sheet: FormState, data: Mapping[str, Any]) -> bool:
    """Run the commands, each under its own key, so that none runs twice."""
    newsroom, key = services().newsroom, sheet.value("key")
    remarks: dict[str, Any] = {
        "reason": data["reason"],
        "material": sheet.value("material") != "clerical",
    }
    own, version = dict(changes.changes), sheet.number("version")
    entries = [(number, version), *siblings_seen(sheet)]
    shared = {name: own.pop(name) for name in list(own) if name in SHARED and len(entries) > 1}
    if shared:
        mended = newsroom.statements.correct_utterance(
            byline(f"{key}/utterance"), entries, shared, **remarks
        )
        version = mended[0].version
    if own:
        is_statement = sheet.value("kind") == "statement"
        noun: Any = newsroom.statements if is_statement else newsroom.developments
        noun.correct(byline(key, version), number, own, **remarks)
    for name, value in changes.imprint.items():
        field = name.removeprefix(SOURCE)
        signed = byline(f"{key}/{field}")
        newsroom.documents.correct(signed, sheet.value("document"), field, value, **remarks)
    return True


def siblings_seen(sheet: FormState) -> list[tuple[int, int]]:
    """Return numbers and seen versions of the other statements to correct in the utterance."""
    if not sheet.value("together"):
        return []
    pairs = (map(whole_number, pair.partition(":")[::2]) for pair in sheet.all("sibling"))
    return [
        (number, version) for number, version in pairs if number is not None and version is not None
    ]


def _form_value(name: str, data: Mapping[str, Any]) -> Value:
    value = data.get(name.replace(".", "_"), "")
    if isinstance(value, list):
        return tuple(value)
    return _slug(name, str(value))


def _slug(name: str, name_or_slug: str) -> str:
    actor = actor_named(read_connection(), name_or_slug) if name in ACTORS else None
    return actor.slug if actor else name_or_slug


def _sheet_value(sheet: FormState, name: str, example: Value) -> Value:
    if isinstance(example, tuple):
        return tuple(sheet.all(name))
    return _slug(name, sheet.value(name).strip())


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, tuple) and isinstance(right, tuple):
        return set(left) == set(right)
    return left == right
