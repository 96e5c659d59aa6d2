"""The language of a text in a form, and a warning where the text looks mis-decoded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale

from timeline.domain.common_words import plain_language_of
from timeline.domain.errors import Refused
from timeline.domain.field import Type
from timeline.domain.fields import DEVELOPMENT, DOCUMENT, STATEMENT
from timeline.domain.messages import Advice, InQuotes
from timeline.domain.text import repair_mojibake
from timeline.domain.translation import NOT_A_LANGUAGE
from web.i18n.languages import LANGUAGES, language_named
from web.i18n.translate import gettext
from web.record.forms.form_state import Offer, Problem

if TYPE_CHECKING:
    from web.record.forms.form_state import FormState

TAG_OR_NAME = Advice("write its tag or its name, such as de or German")

_TAG = re.compile(r"([a-z]{2,3})((?:-[a-z0-9]{2,8})*)", re.IGNORECASE)
"""The language of a BCP 47 tag, and its other parts: a script, a region, a variant."""


def read_language(written: str, field: str) -> str:
    """Return the tag of a language; raises `Refused` if it is neither a tag nor a name."""
    name = " ".join(written.split())
    tag = _TAG.fullmatch(name.replace("_", "-"))
    if tag and tag[1].lower() in Locale("en").languages:
        return tag[1].lower() + tag[2]
    if known_tag := _tags_by_name().get(name.casefold()):
        return known_tag
    raise Refused(NOT_A_LANGUAGE, field=field, fix=TAG_OR_NAME, language=InQuotes(name))


@lru_cache(maxsize=1)
def _tags_by_name() -> dict[str, str]:
    """Return the tags of languages by their names, in each language of the site."""
    return {
        name.casefold(): tag.replace("_", "-")
        for language in LANGUAGES
        for tag, name in Locale.parse(language).languages.items()
    }


def preset_language(sheet: FormState) -> None:
    """Set the language of a quote that has none: its source's language, else the detected one.

    Without it, a page in another language shows the wrong quotation marks.
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
    """Return the tag of the source's language, empty if there is none or it cannot be read."""
    written = sheet.value("source.lang").strip()
    try:
        return read_language(written, "source.lang") if written else ""
    except Refused:
        return ""


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
