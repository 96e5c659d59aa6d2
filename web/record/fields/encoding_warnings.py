"""Warnings that a text looks mis-decoded: shown beside its field, and they block nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.text import repair_mojibake
from web.i18n.translate import gettext
from web.record.forms.form_state import Offer, Problem

if TYPE_CHECKING:
    from web.record.forms.form_state import FormState

WORDS = tuple(
    field.name
    for field in (*STATEMENT, *DEVELOPMENT, *DOCUMENT)
    if field.type is Type.TEXT and field.correctable
)
TIDY = "tidy=1"


def warn_of_encoding(sheet: FormState) -> None:
    """Note each field whose text looks mis-decoded, with the text as it was probably meant."""
    for name in WORDS:
        if (repaired := repair_mojibake(sheet.value(name))) != sheet.value(name):
            sheet.doubts[name] = _warning(name, Offer(repaired, f"{name}={repaired}"))
    if repair_mojibake(sheet.value("text")) != sheet.value("text"):
        sheet.doubts["text"] = _warning("text", Offer(gettext("Fix the text"), TIDY))


def _warning(name: str, offer: Offer) -> Problem:
    message = gettext("This looks as if it had been read in the wrong encoding.")
    return Problem(name, message, (offer,))
