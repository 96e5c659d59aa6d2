"""Fields that a reviewer reads differently: stored as codes, shown in each reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.errors import Refused
from timeline.domain.fields import DOCUMENT
from timeline.domain.scales import NO_POSITION, scale_named
from web.i18n.translate import gettext
from web.record.fields.written_moments import FIELD
from web.record.reviewing.in_words import DEVELOPMENT_ROWS, STATEMENT_ROWS
from web.wording import stances

if TYPE_CHECKING:
    from timeline.domain.scales import Scale

STANCE = "stance"


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field that somebody reads differently, and how.

    ``place`` counts several stances from 1; it is 0 if there is one. A stance is stored as its
    ``value`` on a ``scale`` if it is a word of that scale; anything else as ``words``.
    """

    field: str
    words: str = ""
    place: int = 0
    scale: str = ""
    value: str = ""


_decode = msgspec.json.Decoder(Difference).decode


def new_difference(field: str, words: str, place: int, scale: Scale | None) -> Difference:
    """Return a difference; ``scale`` is that of the topic, whose words the reader may have used."""
    if field == STANCE and scale:
        choices = {
            value: _stance(scale, value) for value in (*filter(None, scale.words), NO_POSITION)
        }
        for value, word in choices.items():
            if word == words:
                return Difference(field, place=place, scale=scale.name, value=value)
    return Difference(field, words, place)


def encode_difference(diff: Difference) -> str:
    """Return a difference as JSON, as a form carries it."""
    return msgspec.json.encode(diff).decode()


def difference_in_words(stored: str) -> str:
    """Return a difference in the reader's language; older versions stored the words themselves."""
    try:
        diff = _decode(stored)
        reading = _stance(scale_named(diff.scale), diff.value) if diff.value else diff.words
    except (msgspec.MsgspecError, Refused):
        return stored
    name = str(_names().get(diff.field, diff.field))
    if diff.place:
        name = gettext("Stance %(n)s of these words, %(field)s", n=diff.place, field=name)
    return gettext("%(field)s: %(reading)s", field=name, reading=reading) if reading else name


def _stance(scale: Scale, value: str) -> str:
    if value == NO_POSITION:
        return gettext("takes no position")
    return stances.word(scale, scale.value(value))


def _names() -> dict[str, object]:
    source = {field.name: gettext(field.label) for field in DOCUMENT}
    return {**DEVELOPMENT_ROWS, **STATEMENT_ROWS, **source, FIELD: gettext("Embargo")}
