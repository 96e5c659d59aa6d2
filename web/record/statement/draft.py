"""A statement on its way into the record: what a sheet says so far, and what that names."""

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
from web.entries.views import StatementView
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
from web.record.fields.dates import date_in_words
from web.record.fields.encoding_warnings import warn_of_encoding
from web.record.fields.languages import preset_language
from web.record.fields.schemas import StatementSchema, source_of
from web.record.fields.values import read_values
from web.record.fields.written_moments import moment_of, note_moment
from web.record.forms.form_state import Offer, Problem
from web.record.source_text import article, cutting
from web.record.source_text.article import is_narrated_by_source
from web.record.statement.landing import Landing
from web.record.statement.signature import Signable
from web.shell.request import read_connection, services
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from timeline.domain.event import Event
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.documents import Document
    from web.record.forms.form_state import FormState
    from web.record.source_text.cutting import Piece, Span


CONDITIONAL = "conditional"
"""The stance that says nothing without its condition."""


class Draft(msgspec.Struct, kw_only=True):
    """A statement that is being written: the sheet, what is right of it, whom and what it names.

    ``on_file`` is the text that the record holds of its source. ``further`` are other stances of
    the same words, each with the name of its ``row`` in the form, which is empty for the first.
    ``asked`` is what the codebook of its topic asks beside the stance.
    """

    sheet: FormState
    given: dict[str, Any]
    actor: Actor | None
    groups: list[TopicGroup]
    topic: Topic | None
    behalf: Behalf
    document: Document | None
    on_file: str = ""
    asked: list[VariableView] = []
    landing: Landing | None = None
    signable: Signable | None = None
    twins: list[Twin] = msgspec.field(default_factory=list)
    row: str = ""
    further: list[Draft] = msgspec.field(default_factory=list)

    @property
    def stances(self) -> list[Draft]:
        """All stances of the words, this one first."""
        return [self, *self.further]

    def name(self, field: str) -> str:
        """Return what the form calls a field of this stance."""
        return f"{self.row}.{field}" if self.row else field

    @property
    def text(self) -> str:
        """The text of the source: what came with the form, else what is on file."""
        return str(self.given.get("text", "")) or self.on_file

    @property
    def until(self) -> int:
        """The moment before which it is not recorded, in microseconds UTC; 0 for none."""
        return moment_of(self.given)

    @property
    def passage(self) -> Span | None:
        """The offsets of the words that are coded."""
        return article.passage(self.text, self.sheet.value("passage"))

    @property
    def pieces(self) -> list[Piece]:
        """The words that are coded, those apart that the source quotes."""
        return cutting.pieces(self.text, self.passage) if self.passage else []


def read_draft(conn: Connection, sheet: FormState) -> Draft:
    """Read a sheet; what is wrong or missing in it is noted there."""
    _take_passage(sheet)
    preset_language(sheet)
    given = StatementSchema().read(sheet)
    actor = actor_named(conn, given.get("actor", ""))
    groups = topic_groups()
    document = _document(conn, given)
    draft = Draft(
        sheet=sheet,
        given=given,
        actor=actor,
        groups=groups,
        topic=chosen_topic(groups, given.get("topic", "")),
        behalf=_behalf(conn, actor, _said(sheet, given), sheet),
        document=document,
        on_file=article.snapshot(services().log, document.id) if document else "",
    )
    _name_actor(conn, draft)
    ask_for_the_rest(draft)
    return draft


def _take_passage(sheet: FormState) -> None:
    """Fill in the passage that is chosen in the text, and what it quotes if it is just chosen."""
    chosen, text = sheet.value("passage"), article.composed(sheet.value("text"))
    span, is_new = article.passage(text, chosen), chosen != sheet.value("taken")
    sheet.put("taken", chosen)
    if span is None:
        return
    sheet.put("passage.text", text[slice(*span)])
    if not is_new:
        return
    words = cutting.quoted_words(text, span)
    if words:
        sheet.put("attribution", "quoted")
    elif sheet.value("attribution") == "quoted":
        sheet.put("attribution", "reported")
    sheet.put("quote.text", words)


def _said(sheet: FormState, given: dict[str, Any]) -> SaidDate | None:
    said = given.get("said_at")
    try:
        date = said_or_published(said, given.get("source_published_at"))
    except Refused:
        return None
    sheet.notes["said_at"] = date_in_words(date, said)
    return date


def _behalf(
    conn: Connection, actor: Actor | None, said: SaidDate | None, sheet: FormState
) -> Behalf:
    """Return whom the words stand for; a choice made before the options were seen is none."""
    found = behalf(conn, actor, said, sheet.value("on_behalf_of"))
    unseen = sheet.value("shown_behalf", found.signature) != found.signature
    if unseen and found.mandates and sheet.value("on_behalf_of") != OTHER:
        sheet.put("on_behalf_of", "")
        return behalf(conn, actor, said, "")
    return found


def _name_actor(conn: Connection, draft: Draft) -> None:
    """Show the actor's name where a slug stands for it."""
    actor, sheet = draft.actor, draft.sheet
    if actor is None:
        return
    sheet.notes["actor"] = actor.name
    if sheet.value("actor") == actor.slug:
        sheet.put("actor", known_as(conn, actor))


def _document(conn: Connection, given: dict[str, Any]) -> Document | None:
    """Return the source as it is on file, if it is."""
    source = source_of(given)
    if source == Source():
        return None
    named = (source.url, source.outlet, source.title, source.published_at)
    key = document_id(*(part or "" for part in named))
    return documents_by_id(conn, {key}).get(key)


def ask_for_the_rest(draft: Draft) -> None:
    """Ask for what only a person can tell: whom the words stand for, a stance of this scale."""
    note_moment(draft.sheet, draft.given)
    sheet, topic, stance = draft.sheet, draft.topic, draft.given.get("stance")
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
        draft.given["stance"] = ""


def _ask_for_variables(draft: Draft) -> None:
    """Ask what the codebook asks beside the stance, and refuse what is not of its kind."""
    draft.asked = variables_now(read_connection(), draft.topic.id) if draft.topic else []
    read_values(draft.sheet, draft.asked)


def _compare_quote(draft: Draft) -> None:
    """Refuse a quote whose words neither the passage nor the text of the source has."""
    given = draft.given
    quote, passage = given.get("quote_text", ""), given.get("passage_text", "")
    is_verbatim = given.get("attribution") not in UNQUOTED
    is_translated = given.get("quote_wording") == "translated"
    if not (quote and passage and is_verbatim) or is_translated:
        return
    if not holds(passage, quote) and not holds(draft.text, quote):
        message = gettext("The passage has other words: quote it letter by letter, or mend it.")
        draft.sheet.note_problem(Problem("quote.text", message))
    elif (
        given.get("attribution") == "quoted"
        and not _is_own(draft)
        and is_narrated_by_source(draft.text, passage, quote, draft.passage)
    ):
        draft.sheet.refuse(Refused(QUOTE_NARRATED, field="quote.text", passage=passage))


def _is_own(draft: Draft) -> bool:
    """Tell whether the speaker wrote the source: then every word of it is theirs."""
    author = draft.given.get("source_author") or (draft.document and draft.document.author)
    if not author or draft.actor is None:
        return False
    return draft.actor.id in directory.bearers(read_connection(), {author}).get(author, ())


def _ask_for_condition(draft: Draft) -> None:
    """Ask on which condition somebody is for it who is only conditionally."""
    given = draft.given
    named = given.get("condition_text") or given.get("condition_topic")
    if given.get("stance") != CONDITIONAL or named or draft.sheet.value("condition.unnamed"):
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
    """Return what the statement may repeat: of its stance first, then likest words."""
    same = {one.statement.number for one in repeated_statements(conn, draft, counts_from)}
    found = statements_like(conn, draft, counts_from)
    found.sort(key=lambda one: one[0].number not in same)
    chosen = [one for one in found if str(one[0].number) not in dismissed][:SHOWN]
    presenter = Presenter(conn, Names(conn), [entry for entry, _ in chosen])
    return [
        Twin(presenter.statement(entry), round(share * 100), entry.document == draft.document)
        for entry, share in chosen
    ]


def repeated(
    conn: Connection, drafted: Sequence[Event], entry: str, known: Collection[str]
) -> list[RepeatedStatement]:
    """Return what is on record and may say what a statement says, the same words first.

    ``drafted`` is what recording it would append, ``entry`` the id under which it would be (sent
    twice, it repeats nothing), ``known`` the numbers of those that are known to be others.
    """
    said = drafted[-1]
    if not isinstance(said, StatementRecorded):
        return []
    found = repeated_statements(conn, said, draft_instant(conn, drafted, said))
    return [
        one
        for one in found
        if one.statement.stream != entry and str(one.statement.number) not in known
    ]
