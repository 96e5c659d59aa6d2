"""From a draft to the command that records it: plain values under the interchange's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.commands import Condition, Quoted, RecordStatement
from timeline.domain.fields import STATEMENT
from timeline.domain.quote import UNQUOTED
from timeline.domain.scales import NO_POSITION
from web.record.fields.choices import OTHER, SELF
from web.record.fields.schemas import source_of
from web.record.source_text.article import anchor, excerpt

if TYPE_CHECKING:
    from timeline.application.commands import Excerpt
    from web.record.statement.draft import Draft


_PLAIN = tuple(
    field.name for field in STATEMENT if field.correctable and field.name == field.attribute
)
"""The fields that the command holds itself."""


def command_of(draft: Draft) -> RecordStatement:
    """Return the command; fields hidden by other choices are ignored."""
    given = draft.given
    silent = given.get("stance") == NO_POSITION
    second_hand = given.get("attribution") == "second_hand"
    whom, reason = _behalf(draft)
    stated: dict[str, Any] = {name: given.get(name) or None for name in _PLAIN} | {
        "topic": given.get("topic", ""),
        "actor": draft.actor.slug if draft.actor else given.get("actor"),
        "on_behalf_of": whom,
        "mandate_reason": reason,
        "stance": given.get("stance", ""),
        "no_position_reason": given.get("no_position_reason") if silent else None,
        "condition": _condition(draft),
        "drops": tuple((given.get("drops") or "").split()) or None,
        "asked": given.get("asked") if silent else None,
        "reported_via": given.get("reported_via") if second_hand else None,
        "quote": _quote(draft),
        "passage": _passage(draft),
        "variables": {variable.id: draft.sheet.value(variable.field) for variable in draft.asked}
        or None,
        "source": source_of(given),
    }
    return RecordStatement(**stated)


def _behalf(draft: Draft) -> tuple[str | None, str | None]:
    chosen = draft.behalf.chosen
    if chosen == OTHER:
        return draft.given.get("behalf_other") or None, draft.given.get("mandate_reason") or None
    return (None if chosen == SELF else chosen), None


def _condition(draft: Draft) -> Condition | None:
    inside = {"text": "condition_text", "topic": "condition_topic"}
    inside |= {"actor": "condition_actor", "same_as": "condition_same_as"}
    stated = {name: draft.given.get(field) or None for name, field in inside.items()}
    return Condition(**stated) if any(stated.values()) else None


def _passage(draft: Draft) -> Excerpt | None:
    words = draft.given.get("passage_text")
    return excerpt(draft.text, words, _near(draft)) if words else None


def _near(draft: Draft) -> int:
    return draft.passage[0] if draft.passage else 0


def _quote(draft: Draft) -> Quoted | None:
    given = draft.given
    words = given.get("quote_text")
    if not words or given.get("attribution") in UNQUOTED:
        return None
    found = anchor(draft.text, words, _near(draft))
    return Quoted(
        text=words,
        lang=given.get("quote_lang"),
        wording=given.get("quote_wording") or None,
        translated_by=given.get("quote_translated_by"),
        prefix=found.prefix,
        suffix=found.suffix,
        start=found.start,
        end=found.end,
    )
