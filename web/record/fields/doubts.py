"""Words that may be meant otherwise: told beside their field, and in the way of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.text import repair_mojibake
from web.i18n.translate import gettext
from web.record.forms.sheet import Offer, Problem

if TYPE_CHECKING:
    from web.record.forms.sheet import Sheet

WORDS = tuple(
    field.name
    for field in (*STATEMENT, *DEVELOPMENT, *DOCUMENT)
    if field.type is Type.TEXT and field.correctable
)
TIDY = "tidy=1"


def doubt(sheet: Sheet) -> None:
    """Note where words look as if they were read in the wrong encoding, with what may be meant."""
    for name in WORDS:
        if (meant := repair_mojibake(sheet.value(name))) != sheet.value(name):
            sheet.doubts[name] = _garbled(name, Offer(meant, f"{name}={meant}"))
    if repair_mojibake(sheet.value("text")) != sheet.value("text"):
        sheet.doubts["text"] = _garbled("text", Offer(gettext("Fix the text"), TIDY))


def _garbled(name: str, offer: Offer) -> Problem:
    told = gettext("This looks as if it had been read in the wrong encoding.")
    return Problem(name, told, (offer,))
