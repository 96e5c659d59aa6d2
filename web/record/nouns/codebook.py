"""The form for a codebook: the rule and the cases of each stance, with a preview."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint

from timeline.domain.codebook import Codebook, check_codebook
from timeline.domain.errors import StandlineError
from timeline.domain.naming import slugify
from timeline.domain.topic import Topic
from timeline.domain.variables import CHOICE, OF_STATEMENTS
from timeline.interchange.native.codebooks import (
    NUMBER_MARK,
    StatedCodebook,
    StatedExample,
    StatedGuide,
    StatedRule,
    StatedVariable,
    clean_codebook,
    state_codebook,
    statement_named,
    word_of,
)
from timeline.projections.queries import directory
from timeline.projections.queries.codebooks import CodebookVersion
from timeline.projections.queries.entries import numbers_of
from web.entries.codebooks import CodebookView, view_codebook
from web.entries.variables import kind_words
from web.record.fields.inputs import TextInput, form
from web.record.forms.aggregates import load
from web.record.forms.answers import attempt, go_on, look_again, show
from web.record.forms.form_state import FormState, sheet_of
from web.record.forms.signing import byline_of, form_id, own_handle
from web.shell.parts import add_part
from web.shell.request import read_connection, services, this_request
from web.wording import stances
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.wrappers import Response

    from timeline.application.recording import Recorded
    from timeline.domain.codebook import Example, StanceGuide
    from timeline.domain.scales import Scale
    from timeline.domain.variables import Variable
    from web.wording.stances import StanceView

blueprint = Blueprint("codebook", __name__, url_prefix="/topic/<thing>/codebook")
add_part(blueprint, "record.topic", "record/codebook_of_topic.html")

CLEAR, BORDERLINE = "clear", "borderline"
CASE = ("case_place", "case_words", "case_source", "case_coded", "case_why")
RULE = ("rule_title", "rule_text")
VARIABLE = (
    *("variable_id", "variable_of", "variable_kind"),
    *("variable_label", "variable_choices", "variable_required"),
)
WHOLE = form(about=TextInput(), reason=TextInput())
"""The fields of the whole codebook; stances, cases and rules are in rows."""

CALLED = ("", "key", "rule", "rule_title", "example", "stance", "variable")
"""The names of rows in errors."""
NUMBER = re.compile(r"(?:\S*/s/|#)?(\d{1,18})")
"""How people name a statement on record: by its number or the address of its page."""


class CaseRow(msgspec.Struct, frozen=True):
    """One case as the form has it; ``place`` is a stance and a kind, such as ``doubts/clear``."""

    place: str
    words: str = ""
    source: str = ""
    coded: str = ""
    why: str = ""


class VariableRow(msgspec.Struct, frozen=True):
    """A variable as the form has it; its choices are one on each line."""

    id: str = ""
    of: str = OF_STATEMENTS
    kind: str = CHOICE
    label: str = ""
    choices: str = ""
    required: str = ""


class StanceRows(msgspec.Struct, frozen=True):
    """The form's rows of a stance: the field of its rule, and its cases by kind."""

    word: str
    field: str
    stance: StanceView
    clear: list[CaseRow]
    borderline: list[CaseRow]

    @property
    def says_something(self) -> bool:
        """Tell whether there is a case that is not empty."""
        return len(self.clear) + len(self.borderline) > 2  # noqa: PLR2004 - one empty row each


@blueprint.get("")
def ask(thing: str) -> Response:
    """Show the current codebook, to be edited."""
    return _form(thing, FormState({}))


@blueprint.post("")
def take(thing: str) -> Response:
    """Record the next version and go to its page, or say what is wrong."""
    sheet = sheet_of(this_request().form)
    data = WHOLE().read(sheet)
    topic = directory.topic(read_connection(), thing)
    codebook = _read(sheet, data, topic.scale)
    if codebook and attempt(sheet, partial(_write, thing, sheet, codebook)):
        return go_on(f"/t/{thing}/codebook")
    look_again(sheet, Names(read_connection()))
    return _form(thing, sheet, codebook)


def _write(thing: str, sheet: FormState, codebook: Codebook) -> Recorded:
    return services().newsroom.topics.write_codebook(byline_of(sheet), thing, codebook)


def _read(sheet: FormState, data: dict[str, Any], scale: Scale) -> Codebook | None:
    """Return the codebook of a sheet; errors are noted there."""
    resolve = partial(statement_named, stream_of=services().newsroom.statements.stream)
    try:
        codebook = clean_codebook(_stated_codebook(sheet, data, scale), scale, resolve)
        check_codebook(codebook, scale)
    except StandlineError as error:
        sheet.refuse(error, called=dict.fromkeys(CALLED, "codebook"))
        return None
    return codebook


def _stated_codebook(sheet: FormState, data: dict[str, Any], scale: Scale) -> StatedCodebook:
    cases = [row for row in _cases(sheet) if row.words.strip()]

    def of(place: str) -> list[StatedExample]:
        return [_example(row) for row in cases if row.place == place]

    guides = {
        word: StatedGuide(
            rule=sheet.value(_field(word)),
            clear=of(f"{word}/{CLEAR}"),
            borderline=of(f"{word}/{BORDERLINE}"),
        )
        for word in _words(scale)
    }
    return StatedCodebook(
        about=data.get("about", ""),
        stances={word: guide for word, guide in guides.items() if guide != StatedGuide()},
        rules=[StatedRule(title=title, text=text) for title, text in _rules(sheet)],
        variables=[_variable(row) for row in _variables(sheet) if row.id or row.label],
        reason=data.get("reason", ""),
    )


def _variable(row: VariableRow) -> StatedVariable:
    return StatedVariable(
        id=row.id or slugify(row.label),
        of=row.of,
        kind=row.kind,
        label=row.label,
        choices=[choice for line in row.choices.splitlines() if (choice := line.strip())],
        required=bool(row.required),
    )


def _example(row: CaseRow) -> StatedExample:
    number = NUMBER.fullmatch(row.words.strip())
    return StatedExample(
        words="" if number else row.words,
        source="" if number else row.source,
        statement=f"{NUMBER_MARK}{number[1]}" if number else "",
        coded=row.coded,
        why=row.why,
    )


def _words(scale: Scale) -> list[str]:
    return [word_of(stance, scale) for stance in (*reversed(scale.steps), None)]


def _field(word: str) -> str:
    return f"rule_of_{word.replace(' ', '_')}"


def _cases(sheet: FormState) -> Iterator[CaseRow]:
    return (CaseRow(*row) for row in zip(*map(sheet.all, CASE), strict=False))


def _variables(sheet: FormState) -> list[VariableRow]:
    rows = zip(*map(sheet.all, VARIABLE), strict=False)
    return [VariableRow(*(cell.strip() for cell in row)) for row in rows]


def _rules(sheet: FormState) -> list[tuple[str, str]]:
    rows = zip(*map(sheet.all, RULE), strict=False)
    return [(title, text) for title, text in rows if title.strip() or text.strip()]


def _form(slug: str, sheet: FormState, codebook: Codebook | None = None) -> Response:
    conn = read_connection()
    topic = directory.topic(conn, slug)
    now = load(Topic, topic.id)
    if "about" not in sheet.values:
        _fill(sheet, now.codebook or Codebook(), topic.scale)
    choices = [(word, stance.word) for word, stance in _stance_views(topic.scale)]
    return show(
        "record/codebook.html",
        sheet,
        topic=topic,
        next_version=now.codebook_version + 1,
        rows=[_rows(sheet, word, look) for word, look in _stance_views(topic.scale)],
        rules=[*_rules(sheet), ("", "")],
        variables=[
            *(row for row in _variables(sheet) if row.id or row.label),
            VariableRow(),
        ],
        kinds=kind_words(),
        choices=choices,
        preview=_preview(topic, now, codebook) if codebook else None,
        version=sheet.value("version", str(now.version)),
        key=sheet.value("key", form_id()),
    )


def _stance_views(scale: Scale) -> list[tuple[str, StanceView]]:
    values = (*reversed(scale.steps), None)
    looks = [stances.view(scale, stance) for stance in values]
    return [*zip(_words(scale), looks, strict=True)]


def _rows(sheet: FormState, word: str, look: StanceView) -> StanceRows:
    def of(kind: str) -> list[CaseRow]:
        place = f"{word}/{kind}"
        cases = [row for row in _cases(sheet) if row.place == place and row.words.strip()]
        return [*cases, CaseRow(place)]

    return StanceRows(word, _field(word), look, of(CLEAR), of(BORDERLINE))


def _fill(sheet: FormState, codebook: Codebook, scale: Scale) -> None:
    """Write the codebook on record into the sheet, without its reason."""
    stated = state_codebook(codebook, scale)
    numbers = numbers_of(
        read_connection(), {example.statement for example in codebook.examples} - {""}
    )
    rows: list[tuple[str, ...]] = []
    for guide in codebook.stances:
        word = word_of(guide.stance, scale)
        sheet.put(_field(word), guide.rule)
        rows += _case_rows(guide, word, scale, lambda example: numbers.get(example.statement))
    sheet.put("about", stated.about)
    for name, values in zip(CASE, zip(*rows, strict=True), strict=True) if rows else ():
        sheet.values[name] = [*values]
    rows = [_variable_cells(variable) for variable in codebook.variables]
    for name, values in zip(VARIABLE, zip(*rows, strict=True), strict=True) if rows else ():
        sheet.values[name] = [*values]
    sheet.values["rule_title"] = [rule.title for rule in codebook.rules]
    sheet.values["rule_text"] = [rule.text for rule in codebook.rules]


def _variable_cells(variable: Variable) -> tuple[str, ...]:
    required = "yes" if variable.required else ""
    return (
        variable.id,
        variable.of,
        variable.kind,
        variable.label,
        "\n".join(variable.choices),
        required,
    )


def _case_rows(
    guide: StanceGuide, word: str, scale: Scale, number_of: Callable[[Example], int | None]
) -> list[tuple[str, ...]]:
    return [
        (
            f"{word}/{kind}",
            example.words or f"{NUMBER_MARK}{number_of(example) or ''}",
            example.source,
            word_of(example.stance, scale),
            example.why,
        )
        for kind, cases in ((CLEAR, guide.clear), (BORDERLINE, guide.borderline))
        for example in cases
    ]


def _preview(topic: directory.Topic, now: Topic, codebook: Codebook) -> CodebookView | None:
    """Return the view of the new version."""
    version = CodebookVersion(
        now.codebook_version + 1, 0, this_request().instant, own_handle(), codebook
    )
    return view_codebook(read_connection(), topic, version)
