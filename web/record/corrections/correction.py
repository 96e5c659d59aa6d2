"""A correction: what somebody changed of an entry as they saw it, and the commands that mend it."""

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
"""What the statements of one utterance have in common; each takes its own stance on its topic."""


class Correction(msgspec.Struct, frozen=True):
    """``changes`` of the entry by the interchange's names, ``imprint`` of its source."""

    changes: dict[str, object]
    imprint: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.changes or self.imprint)


def correction(
    seen: Statement | Development, names: Names, sheet: FormState, given: Mapping[str, Any]
) -> Correction:
    """Return what a form changes of the entry that the person saw."""
    before = as_recorded(seen, names)
    typed = {
        name: sheet.value(name).strip() if name.startswith(VARIABLES) else _typed(name, given)
        for name in before
        if name in sheet.values
    }
    changes: dict[str, object] = {
        name: value for name, value in typed.items() if not _same(value, before[name])
    }
    imprint = {name: str(changes.pop(name)) for name in list(changes) if name.startswith(SOURCE)}
    if imprint and sheet.value("source_how") == "other":
        source: Source = source_of(given)
        return Correction(changes | {"source": source}, {})
    return Correction(changes, imprint)


def keep_untouched(
    seen: Statement | Development, now: Statement | Development, names: Names, sheet: FormState
) -> None:
    """Bring the fields that the person left alone up to what the entry holds now."""
    before, after = as_recorded(seen, names), as_recorded(now, names)
    for name, value in before.items():
        if name in sheet.values and _same(_raw(sheet, name, value), value):
            sheet.values[name] = readable(name, after[name])


def readable(name: str, value: Value) -> list[str]:
    """Return a value as the form shows it: actors by name."""
    if isinstance(value, tuple):
        return list(value)
    actor = actor_named(read_connection(), value) if name in ACTORS else None
    return [known_as(read_connection(), actor) if actor else value]


def apply(number: int, found: Correction, sheet: FormState, given: Mapping[str, Any]) -> bool:
    """Give the commands, each under a key of its own, so that what is done is not done twice."""
    newsroom, key = services().newsroom, sheet.value("key")
    told: dict[str, Any] = {
        "reason": given["reason"],
        "material": sheet.value("material") != "clerical",
    }
    own, version = dict(found.changes), sheet.number("version")
    entries = [(number, version), *siblings_seen(sheet)]
    shared = {name: own.pop(name) for name in list(own) if name in SHARED and len(entries) > 1}
    if shared:
        mended = newsroom.statements.correct_utterance(
            byline(f"{key}/utterance"), entries, shared, **told
        )
        version = mended[0].version
    if own:
        is_statement = sheet.value("kind") == "statement"
        noun: Any = newsroom.statements if is_statement else newsroom.developments
        noun.correct(byline(key, version), number, own, **told)
    for name, value in found.imprint.items():
        field = name.removeprefix(SOURCE)
        signed = byline(f"{key}/{field}")
        newsroom.documents.correct(signed, sheet.value("document"), field, value, **told)
    return True


def siblings_seen(sheet: FormState) -> list[tuple[int, int]]:
    """Return the statements of the same utterance that are to be mended too, as they were seen."""
    if not sheet.value("together"):
        return []
    pairs = (map(whole_number, one.partition(":")[::2]) for one in sheet.all("sibling"))
    return [
        (number, version) for number, version in pairs if number is not None and version is not None
    ]


def _typed(name: str, given: Mapping[str, Any]) -> Value:
    value = given.get(name.replace(".", "_"), "")
    if isinstance(value, list):
        return tuple(value)
    return _slug(name, str(value))


def _slug(name: str, written: str) -> str:
    actor = actor_named(read_connection(), written) if name in ACTORS else None
    return actor.slug if actor else written


def _raw(sheet: FormState, name: str, like: Value) -> Value:
    if isinstance(like, tuple):
        return tuple(sheet.all(name))
    return _slug(name, sheet.value(name).strip())


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return one == other
