"""The form that corrects an entry: every field, its value now, and the reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.domain.development import Development
from timeline.domain.fields import ON_RECORD, STATEMENT
from timeline.domain.statement import Statement
from timeline.domain.text import whole_number
from timeline.domain.variables import VARIABLES
from timeline.projections.queries import entries
from timeline.projections.queries.entries import StatementEntry
from web.entries.presenter import Presenter
from web.i18n.translate import gettext
from web.record.corrections.as_recorded import Value, as_recorded, in_words, scale_of, variables_of
from web.record.fields import choices
from web.record.fields.choices import actor_named, known_as
from web.record.fields.languages import preset_language
from web.record.fields.schemas import CorrectionSchema, source_of
from web.record.forms.aggregates import load, load_entry
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, Problem, sheet_of
from web.record.forms.signing import byline, form_id
from web.shell.request import read_connection, services, this_request
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from timeline.application.commands import Source
    from timeline.domain.development import Development
    from timeline.projections.queries.entries import Entry

blueprint = Blueprint("correcting", __name__, url_prefix="/<int:number>/correct")

CALLED = {"source": "source.outlet", "speaker": "actor", "document": "source.outlet"}


@blueprint.get("")
def ask(number: int) -> Response:
    """Show every field as it is recorded."""
    entry = entries.entry(read_connection(), number)
    sheet = FormState({})
    _fill(sheet, entry)
    preset_language(sheet)
    sheet.fill({"key": form_id(), "material": "material", "source_how": "mend"})
    return _form(entry, sheet)


@blueprint.post("")
def take(number: int) -> Response:
    """Record the correction and go back to the entry, or say what is wrong."""
    entry = entries.entry(read_connection(), number)
    sheet = sheet_of(this_request().form)
    if sheet.value("topics_shown"):
        sheet.values.setdefault("topics", [])
    preset_language(sheet)
    data = CorrectionSchema().read(sheet)
    if _mend(entry, sheet, data):
        return go_on(f"/s/{number}")
    _fill(sheet, entry)
    return _form(entry, sheet)


def _mend(entry: Entry, sheet: FormState, data: dict[str, Any]) -> bool:
    if sheet.problems or sheet.quiet:
        return False
    names, version = Names(read_connection()), sheet.number("version")
    seen = load_entry(entry, version)
    changes = correction(seen, names, sheet, data)
    if not changes:
        sheet.note_problem(Problem("", gettext("Nothing is changed: change a field first.")))
        return False
    sheet.put("kind", "statement" if isinstance(entry, StatementEntry) else "development")
    sheet.put("document", seen.fields["document"])
    command = partial(apply, entry.number, changes, sheet, data)
    if attempt(sheet, command, partial(sheet.refuse, called=CALLED)):
        return True
    if sheet.conflict:
        _look_again(entry, sheet, seen)
    return False


def _look_again(entry: Entry, sheet: FormState, seen: Statement | Development) -> None:
    """Keep what the person changed; show the current value of every other field."""
    names = Names(read_connection())
    now = load_entry(entry)
    events = services().log.stream_of(entry.stream)
    own = tuple(event for event in events if event.originator_version > seen.version)
    others = tuple(event for event in sheet.later if event.originator_id != entry.stream)
    sheet.later = (*own, *others)
    look_again(sheet, names, scale_of(now, names))
    keep_untouched(seen, now, names, sheet)
    for name in ("version", "sibling"):
        sheet.values.pop(name, None)
    _fill(sheet, entry)


def _fill(sheet: FormState, entry: Entry) -> None:
    """Fill the fields that the sheet lacks with their recorded values."""
    now = load_entry(entry)
    for name, value in as_recorded(now, Names(read_connection())).items():
        sheet.values.setdefault(name, readable(name, value))
    siblings = [(row, load(Statement, row.stream)) for row in _siblings(entry)]
    sheet.values.setdefault("sibling", [f"{row.number}:{state.version}" for row, state in siblings])
    sheet.fill({"version": str(now.version)})


def _siblings(entry: Entry) -> list[StatementEntry]:
    if not isinstance(entry, StatementEntry) or entry.utterance is None:
        return []
    statements = entries.utterance(read_connection(), entry)
    return [statement for statement in statements if statement.number != entry.number]


def _form(entry: Entry, sheet: FormState) -> Response:
    conn = read_connection()
    names = Names(conn)
    groups = choices.topic_groups(closed=True)
    topic = choices.chosen_topic(groups, sheet.value("topic"))
    now = load_entry(entry)
    presenter = Presenter(conn, names, [entry])
    statement = now if isinstance(now, Statement) else None
    if statement and topic and choices.is_coded_earlier(topic.scale, statement):
        message = gettext("Choose a direction: the condition stays beside it.")
        sheet.doubts.setdefault("stance", Problem("stance", message))
    return show(
        "record/correct.html",
        sheet,
        number=entry.number,
        entry=presenter.show(entry),
        recorded=in_words(now, names),
        groups=groups,
        topic=topic,
        stances=choices.stance_choices(topic.scale, statement) if topic else [],
        attributions=choices.attributions(),
        wordings=choices.wordings(),
        statuses=choices.statuses(),
        reasons=choices.all_reasons(),
        asked=variables_of(now),
        dissents=choices.dissents(),
        siblings=_siblings(entry),
        from_source=choices.statements_from(conn, entry.document),
    )


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
