"""What was corrected, retracted or reinstated, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.development import Development
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.statement import Statement
from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import stances

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.domain.scales import Scale
    from timeline.projections.queries.attached import Amendment
    from web.wording.names import Names


class AmendmentView(msgspec.Struct, frozen=True):
    """One correction, retraction or reinstatement, in words."""

    kind: str
    position: int
    when: str
    by: str
    what: str
    reason: str
    material: bool


def show_amendment(
    one: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> AmendmentView:
    """Return an amendment in words; ``scale`` is that of the statement's topic.

    Of an entry whose words are withheld it names the field, not what stood there.
    """
    return AmendmentView(
        kind=one.kind,
        position=one.position,
        when=dates.moment_us(one.recorded_at),
        by=one.recorded_by,
        what=_correction(one, scale, names, withheld=withheld) if one.field else "",
        reason=one.reason,
        material=one.material,
    )


def field_value(field: str, value: object, scale: Scale | None, names: Names) -> str:
    """Return the value of a field in words."""
    if field == "stance" and scale is not None and not isinstance(value, str):
        return stances.word(scale, value if value is None else int(str(value)))
    if value in (None, "", []):
        return gettext("nothing")
    if isinstance(value, list):
        say = _document_name if field == FURTHER_SOURCES else _topic_label
        return ", ".join(say(names, str(one)) for one in value)
    if field == "quote":
        return gettext("“%(quote)s”", quote=value)
    say_one = _SAYINGS.get(field)
    return say_one(names, str(value)) if say_one else str(value)


def _topic_label(names: Names, topic: str) -> str:
    return names.topic(topic).label


def _document_name(names: Names, document: str) -> str:
    found = names.document(document)
    return found.outlet or found.title or found.url


_SAYINGS: dict[str, Callable[[Names, str], str]] = {
    "speaker": lambda names, value: names.actor(value).name,
    "on_behalf_of": lambda names, value: names.actor(value).name,
    "according_to": lambda names, value: names.actor(value).name,
    "topic": _topic_label,
    "condition_topic": lambda names, value: getattr(names.known_topic(value), "label", value),
    "document": _document_name,
    "said_at": lambda _, value: dates.said(value),
    "happened_at": lambda _, value: dates.said(value),
}


def field_name(field: str) -> str:
    """Return the name of a field in words."""
    words = {
        "topic": gettext("topic"),
        "speaker": gettext("speaker"),
        "on_behalf_of": gettext("on behalf of"),
        "stance": gettext("stance"),
        "no_position_reason": gettext("reason for no position"),
        "condition": gettext("condition"),
        "condition_topic": gettext("topic of the condition"),
        "said_at": gettext("date"),
        "happened_at": gettext("date"),
        "document": gettext("source"),
        FURTHER_SOURCES: gettext("list of further sources"),
        "attribution": gettext("attribution"),
        "reported_via": gettext("reported via"),
        "quote": gettext("quote"),
        "quote_lang": gettext("language of the quote"),
        "quote_wording": gettext("wording of the quote"),
        "quote_translated_by": gettext("translator of the quote"),
        "translation": gettext("translation"),
        "paraphrase": gettext("paraphrase"),
        "hedge": gettext("hedge"),
        "asked": gettext("question asked"),
        "mandate_reason": gettext("reason to speak for both"),
        "utterance": gettext("utterance"),
        "title": gettext("title"),
        "summary": gettext("summary"),
        "status": gettext("status"),
        "according_to": gettext("according to"),
        "topics": gettext("topics"),
    }
    return words.get(field, field)


def _correction(
    one: Amendment, scale: Scale | None, names: Names, *, withheld: bool = False
) -> str:
    field = one.field or ""
    if withheld and field in (*Statement.WORDS, *Development.WORDS):
        return gettext("%(field)s was corrected", field=field_name(field))
    return gettext(
        "%(field)s: %(old)s, corrected to: %(new)s",
        field=field_name(field),
        # the sentence around them ends them
        old=field_value(field, one.old, scale, names).removesuffix("."),
        new=field_value(field, one.new, scale, names).removesuffix("."),
    )
