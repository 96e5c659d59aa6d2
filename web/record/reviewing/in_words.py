"""An entry that waits, told field by field for who is to agree to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.scales import NO_POSITION
from web.i18n.translate import gettext
from web.record.fields import choices
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from web.record.forms.sheet import Sheet
    from web.record.statement.draft import Draft

Row = tuple[str, str]
"""The name of a field, and what stands in it."""


def statement_in_words(draft: Draft) -> list[Row]:
    """Return what a statement says, without fields that are empty."""
    sheet = draft.sheet
    behalf = dict(draft.behalf.mandates).get(draft.behalf.chosen, sheet.value("behalf_other"))
    given = dict(choices.attributions()).get(sheet.value("attribution"), "")
    return _filled(
        (gettext("Actor"), draft.actor.name if draft.actor else sheet.value("actor")),
        (gettext("On behalf of"), behalf),
        (gettext("Topic"), draft.topic.question if draft.topic else ""),
        (gettext("Stance"), _stance(draft)),
        (gettext("What was said"), sheet.value("paraphrase")),
        (gettext("Passage"), sheet.value("passage.text")),
        (gettext("Quote"), sheet.value("quote.text")),
        (gettext("Translation of the quote"), sheet.value("translation")),
        (gettext("How are the words given?"), given),
        (gettext("Who says so"), sheet.value("reported_via")),
        (gettext("On condition that"), sheet.value("condition.text")),
        (gettext("Hedge in the source"), sheet.value("hedge")),
        (gettext("Said on"), sheet.notes.get("said_at", "")),
        (gettext("Source"), _source(sheet)),
    )


def development_in_words(sheet: Sheet, topics: Mapping[str, str]) -> list[Row]:
    """Return what a development says; ``topics`` has the questions by slug."""
    questions = " ".join(topics.get(one, one) for one in sheet.all("topics"))
    return _filled(
        (gettext("What happened"), sheet.value("title")),
        (gettext("A few more words"), sheet.value("summary")),
        (gettext("Topics that it bears on"), questions),
        (gettext("How certain is it?"), dict(choices.statuses()).get(sheet.value("status"), "")),
        (gettext("According to"), sheet.value("according_to")),
        (gettext("Happened on"), sheet.value("happened_at")),
        (gettext("Source"), _source(sheet)),
    )


def _filled(*rows: Row) -> list[Row]:
    return [row for row in rows if row[1]]


def _stance(draft: Draft) -> str:
    chosen, topic = draft.sheet.value("stance"), draft.topic
    if topic is None or not chosen:
        return ""
    value = None if chosen == NO_POSITION else topic.scale.value(chosen)
    return stances.word(topic.scale, value)


def _source(sheet: Sheet) -> str:
    names: Iterable[str] = ("source.outlet", "source.title", "source.published_at")
    return ", ".join(filter(None, map(sheet.value, names))) or sheet.value("source.url")
