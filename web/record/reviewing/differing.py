"""What somebody reads differently in an entry: kept as codes, told in the language of who reads."""

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


class Differing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field that somebody reads differently, and how.

    ``place`` counts the stances of several from 1, 0 for an entry of one. A stance is kept as its
    ``value`` on a ``scale`` where it is one of its words; ``words`` are everything else.
    """

    field: str
    words: str = ""
    place: int = 0
    scale: str = ""
    value: str = ""


_decode = msgspec.json.Decoder(Differing).decode


def differing(field: str, words: str, place: int, scale: Scale | None) -> Differing:
    """Return what differs; ``scale`` is that of the topic, whose words the reader may have used."""
    if field == STANCE and scale:
        choices = {one: _stance(scale, one) for one in (*filter(None, scale.words), NO_POSITION)}
        for value, called in choices.items():
            if called == words:
                return Differing(field, place=place, scale=scale.name, value=value)
    return Differing(field, words, place)


def kept(pair: Differing) -> str:
    """Return what differs as a form carries it."""
    return msgspec.json.encode(pair).decode()


def in_words(kept_text: str) -> str:
    """Return what differs in the reader's language; older versions kept that itself."""
    try:
        pair = _decode(kept_text)
        reading = _stance(scale_named(pair.scale), pair.value) if pair.value else pair.words
    except (msgspec.MsgspecError, Refused):
        return kept_text
    name = str(_names().get(pair.field, pair.field))
    if pair.place:
        name = gettext("Stance %(n)s of these words, %(field)s", n=pair.place, field=name)
    return gettext("%(field)s: %(reading)s", field=name, reading=reading) if reading else name


def _stance(scale: Scale, value: str) -> str:
    if value == NO_POSITION:
        return gettext("takes no position")
    return stances.word(scale, scale.value(value))


def _names() -> dict[str, object]:
    source = {field.name: gettext(field.label) for field in DOCUMENT}
    return {**DEVELOPMENT_ROWS, **STATEMENT_ROWS, **source, FIELD: gettext("Embargo")}
