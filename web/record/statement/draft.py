"""A statement that is being written: the values of a sheet, and what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.commands import Source
from timeline.domain.dates import SaidDate, said_or_published
from timeline.domain.errors import Refused
from timeline.domain.naming import document_id
from timeline.domain.quotations import QUOTE_NARRATED, holds
from timeline.domain.quote import UNQUOTED
from timeline.domain.statement import StatementRecorded
from timeline.projections.queries import directory
from timeline.projections.queries.alike import (
    RepeatedStatement,
    draft_instant,
    repeated_statements,
    statements_like,
)
from timeline.projections.queries.documents import documents_by_id
from web.entries.presenter import Presenter
from web.entries.variables import VariableView, variables_now
from web.i18n.translate import gettext
from web.record.fields.choices import (
    OTHER,
    Behalf,
    TopicGroup,
    actor_named,
    all_stances,
    behalf,
    chosen_topic,
    known_as,
    topic_groups,
)
from web.record.fields.dates import date_in_words, moment_of, note_moment
from web.record.fields.inputs import read_values
from web.record.fields.languages import preset_language, warn_of_encoding
from web.record.fields.schemas import StatementSchema, source_of
from web.record.forms.form_state import Offer, Problem
from web.record.source_text import article, sentences
from web.record.source_text.article import is_narrated_by_source
from web.shell.request import read_connection, services
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.documents import Document
    from web.entries.views import StatementView
    from web.record.forms.form_state import FormState
    from web.record.source_text.sentences import Piece, Span
    from web.record.statement.landing import Landing
    from web.record.statement.signature import SignableChange


CONDITIONAL = "conditional"
"""The stance that needs a condition."""


class Draft(msgspec.Struct, kw_only=True):
    """A statement that is being written: the sheet, its valid values, and what they name.

    ``on_file`` is the text of the source that the record keeps. ``further`` are other stances of
    the same words, each with the name of its ``row`` in the form; the first has none.
    ``variables`` are those of the topic's codebook.
    """

    sheet: FormState
    data: dict[str, Any]
    actor: Actor | None
    groups: list[TopicGroup]
    topic: Topic | None
    behalf: Behalf
    document: Document | None
    on_file: str = ""
    variables: list[VariableView] = []
    landing: Landing | None = None
    signable: SignableChange | None = None
    twins: list[Twin] = msgspec.field(default_factory=list)
    row: str = ""
    further: list[Draft] = msgspec.field(default_factory=list)

    @property
    def stances(self) -> list[Draft]:
        """All stances of the words, this one first."""
        return [self, *self.further]

    def name(self, field: str) -> str:
        """Return the name of a field of this stance in the form."""
        return f"{self.row}.{field}" if self.row else field

    @property
    def text(self) -> str:
        """The text of the source: from the form, else the one on file."""
        return str(self.data.get("text", "")) or self.on_file

    @property
    def until(self) -> int:
        """The end of its embargo, in microseconds UTC; 0 for none."""
        return moment_of(self.data)

    @property
    def passage(self) -> Span | None:
        """The offsets of the words that are being coded."""
        return article.passage(self.text, self.sheet.value("passage"))

    @property
    def pieces(self) -> list[Piece]:
        """The words that are being coded, cut where the source quotes somebody."""
        return sentences.pieces(self.text, self.passage) if self.passage else []


def read_draft(conn: Connection, sheet: FormState) -> Draft:
    """Read a sheet into a draft; errors and gaps are noted on the sheet."""
    _take_passage(sheet)
    preset_language(sheet)
    data = StatementSchema().read(sheet)
    actor = actor_named(conn, data.get("actor", ""))
    groups = topic_groups()
    document = _document(conn, data)
    draft = Draft(
        sheet=sheet,
        data=data,
        actor=actor,
        groups=groups,
        topic=chosen_topic(groups, data.get("topic", "")),
        behalf=_behalf(conn, actor, _said_date(sheet, data), sheet),
        document=document,
        on_file=article.snapshot(services().log, document.id) if document else "",
    )
    _name_actor(conn, draft)
    ask_for_the_rest(draft)
    return draft


def _take_passage(sheet: FormState) -> None:
    """Fill in the passage that is chosen in the text, and its quote if the choice is new."""
    chosen, text = sheet.value("passage"), article.composed(sheet.value("text"))
    span, is_new = article.passage(text, chosen), chosen != sheet.value("taken")
    sheet.put("taken", chosen)
    if span is None:
        return
    sheet.put("passage.text", text[slice(*span)])
    if not is_new:
        return
    words = sentences.quoted_words(text, span)
    if words:
        sheet.put("attribution", "quoted")
    elif sheet.value("attribution") == "quoted":
        sheet.put("attribution", "reported")
    sheet.put("quote.text", words)


def _said_date(sheet: FormState, data: dict[str, Any]) -> SaidDate | None:
    said_at = data.get("said_at")
    try:
        date = said_or_published(said_at, data.get("source_published_at"))
    except Refused:
        return None
    sheet.notes["said_at"] = date_in_words(date, said_at)
    return date


def _behalf(
    conn: Connection, actor: Actor | None, said: SaidDate | None, sheet: FormState
) -> Behalf:
    """Return whom the words stand for; ignore a choice made before these options were shown."""
    options = behalf(conn, actor, said, sheet.value("on_behalf_of"))
    unseen = sheet.value("shown_behalf", options.signature) != options.signature
    if unseen and options.mandates and sheet.value("on_behalf_of") != OTHER:
        sheet.put("on_behalf_of", "")
        return behalf(conn, actor, said, "")
    return options


def _name_actor(conn: Connection, draft: Draft) -> None:
    """Show the actor's name instead of the slug."""
    actor, sheet = draft.actor, draft.sheet
    if actor is None:
        return
    sheet.notes["actor"] = actor.name
    if sheet.value("actor") == actor.slug:
        sheet.put("actor", known_as(conn, actor))


def _document(conn: Connection, data: dict[str, Any]) -> Document | None:
    """Return the source if it is on file."""
    source = source_of(data)
    if source == Source():
        return None
    parts = (source.url, source.outlet, source.title, source.published_at)
    key = document_id(*(part or "" for part in parts))
    return documents_by_id(conn, {key}).get(key)


def ask_for_the_rest(draft: Draft) -> None:
    """Note what only a person can decide: whom the words stand for, a stance of this scale."""
    note_moment(draft.sheet, draft.data)
    sheet, topic, stance = draft.sheet, draft.topic, draft.data.get("stance")
    warn_of_encoding(sheet)
    _compare_quote(draft)
    _ask_for_condition(draft)
    _ask_for_variables(draft)
    if draft.behalf.mandates and not sheet.value("on_behalf_of"):
        message = gettext("Choose whom the words stand for.")
        sheet.note_problem(Problem("on_behalf_of", message, missing=True))
    if topic and stance and stance not in all_stances(topic.scale):
        message = gettext("This topic has another scale: choose the stance again.")
        sheet.note_problem(Problem("stance", message))
        draft.data["stance"] = ""


def _ask_for_variables(draft: Draft) -> None:
    """Read the values of the codebook's variables and note those that are invalid."""
    draft.variables = variables_now(read_connection(), draft.topic.id) if draft.topic else []
    read_values(draft.sheet, draft.variables)


def _compare_quote(draft: Draft) -> None:
    """Refuse a quote that is in neither the passage nor the text of the source."""
    data = draft.data
    quote, passage = data.get("quote_text", ""), data.get("passage_text", "")
    is_verbatim = data.get("attribution") not in UNQUOTED
    is_translated = data.get("quote_wording") == "translated"
    if not (quote and passage and is_verbatim) or is_translated:
        return
    if not holds(passage, quote) and not holds(draft.text, quote):
        message = gettext("The passage has other words: quote it letter by letter, or mend it.")
        draft.sheet.note_problem(Problem("quote.text", message))
    elif (
        data.get("attribution") == "quoted"
        and not _is_own(draft)
        and is_narrated_by_source(draft.text, passage, quote, draft.passage)
    ):
        draft.sheet.refuse(Refused(QUOTE_NARRATED, field="quote.text", passage=passage))


def _is_own(draft: Draft) -> bool:
    """Tell whether the speaker wrote the source: then every word in it is theirs."""
    author = draft.data.get("source_author") or (draft.document and draft.document.author)
    if not author or draft.actor is None:
        return False
    return draft.actor.id in directory.bearers(read_connection(), {author}).get(author, ())


def _ask_for_condition(draft: Draft) -> None:
    """Ask for the condition of a conditional stance."""
    data = draft.data
    condition = data.get("condition_text") or data.get("condition_topic")
    if data.get("stance") != CONDITIONAL or condition or draft.sheet.value("condition.unnamed"):
        return
    message = gettext("Say on which condition, or tick that the source names none.")
    offers = (Offer(gettext("The source names no condition"), "condition.unnamed=1", answers=True),)
    draft.sheet.note_problem(Problem("condition.text", message, offers, missing=True))


SHOWN = 3


class Twin(msgspec.Struct, frozen=True):
    """A statement that may be the same; ``alike`` is the share of common wording in percent."""

    statement: StatementView
    alike: int
    same_source: bool


def twins(
    conn: Connection, draft: StatementRecorded, counts_from: int, dismissed: Sequence[str]
) -> list[Twin]:
    """Return statements that this one may repeat: the same stance first, then similar words."""
    same = {repeat.statement.number for repeat in repeated_statements(conn, draft, counts_from)}
    alike = statements_like(conn, draft, counts_from)
    alike.sort(key=lambda repeat: repeat[0].number not in same)
    shown = [repeat for repeat in alike if str(repeat[0].number) not in dismissed][:SHOWN]
    presenter = Presenter(conn, Names(conn), [entry for entry, _ in shown])
    return [
        Twin(presenter.statement(entry), round(share * 100), entry.document == draft.document)
        for entry, share in shown
    ]


def repeated(
    conn: Connection, drafted: Sequence[Event], entry: str, dismissed: Collection[str]
) -> list[RepeatedStatement]:
    """Return statements on record that may say the same, the same words first.

    ``drafted`` are the events that recording would append, ``entry`` is the draft's own id (a form
    that is sent twice repeats nothing), ``dismissed`` are numbers that are known to differ.
    """
    statement = drafted[-1]
    if not isinstance(statement, StatementRecorded):
        return []
    repeats = repeated_statements(conn, statement, draft_instant(conn, drafted, statement))
    return [
        repeat
        for repeat in repeats
        if repeat.statement.stream != entry and str(repeat.statement.number) not in dismissed
    ]
