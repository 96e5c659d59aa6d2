"""The language of a quote to which nobody gave one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.languages import plain_language_of
from timeline.domain.errors import Refused
from web.i18n.languages import language_named
from web.i18n.translate import gettext
from web.record.fields.languages import read_language

if TYPE_CHECKING:
    from web.record.forms.form_state import FormState


def preset_language(sheet: FormState) -> None:
    """Give a quote without a language that of its source, else that in which it plainly stands.

    On a page in another language it would stand in the wrong quotation marks.
    """
    quote = sheet.value("quote.text")
    if not quote.strip() or sheet.value("quote.lang").strip():
        return
    lang = _source_language(sheet) or plain_language_of(sheet.value("text") or quote)
    if lang:
        sheet.put("quote.lang", lang)
        sheet.notes["quote.lang"] = gettext(
            "taken to be %(language)s; write another if it is not", language=language_named(lang)
        )


def _source_language(sheet: FormState) -> str:
    """Return the language of the source, empty where it is given as none."""
    written = sheet.value("source.lang").strip()
    try:
        return read_language(written, "source.lang") if written else ""
    except Refused:
        return ""
