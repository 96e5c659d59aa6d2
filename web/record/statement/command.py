"""Turn a draft into the command that records it."""

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
"""The fields that the command has under the same names."""


def command_of(draft: Draft) -> RecordStatement:
    """Return the command, without the values of fields that other choices hide."""
    data = draft.data
    takes_none = data.get("stance") == NO_POSITION
    second_hand = data.get("attribution") == "second_hand"
    whom, reason = _behalf(draft)
    values: dict[str, Any] = {name: data.get(name) or None for name in _PLAIN} | {
        "topic": data.get("topic", ""),
        "actor": draft.actor.slug if draft.actor else data.get("actor"),
        "on_behalf_of": whom,
        "mandate_reason": reason,
        "stance": data.get("stance", ""),
        "no_position_reason": data.get("no_position_reason") if takes_none else None,
        "condition": _condition(draft),
        "drops": tuple((data.get("drops") or "").split()) or None,
        "asked": data.get("asked") if takes_none else None,
        "reported_via": data.get("reported_via") if second_hand else None,
        "quote": _quote(draft),
        "passage": _passage(draft),
        "variables": {
            variable.id: draft.sheet.value(variable.field) for variable in draft.variables
        }
        or None,
        "source": source_of(data),
    }
    return RecordStatement(**values)


def _behalf(draft: Draft) -> tuple[str | None, str | None]:
    chosen = draft.behalf.chosen
    if chosen == OTHER:
        return draft.data.get("behalf_other") or None, draft.data.get("mandate_reason") or None
    return (None if chosen == SELF else chosen), None


def _condition(draft: Draft) -> Condition | None:
    attributes = {"text": "condition_text", "topic": "condition_topic"}
    attributes |= {"actor": "condition_actor", "same_as": "condition_same_as"}
    values = {name: draft.data.get(field) or None for name, field in attributes.items()}
    return Condition(**values) if any(values.values()) else None


def _passage(draft: Draft) -> Excerpt | None:
    words = draft.data.get("passage_text")
    return excerpt(draft.text, words, _near(draft)) if words else None


def _near(draft: Draft) -> int:
    return draft.passage[0] if draft.passage else 0


def _quote(draft: Draft) -> Quoted | None:
    data = draft.data
    words = data.get("quote_text")
    if not words or data.get("attribution") in UNQUOTED:
        return None
    place = anchor(draft.text, words, _near(draft))
    return Quoted(
        text=words,
        lang=data.get("quote_lang"),
        wording=data.get("quote_wording") or None,
        translated_by=data.get("quote_translated_by"),
        prefix=place.prefix,
        suffix=place.suffix,
        start=place.start,
        end=place.end,
    )
