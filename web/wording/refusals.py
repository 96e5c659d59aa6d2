"""Error messages in the reader's language.

The domain has English templates and knows no reader. The catalogues translate them in one context;
the type of each value says how to write it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import shorten
from timeline.domain.messages import EdtfDate, Either, InQuotes, Sentence, Word
from web.i18n import dates
from web.i18n.translate import gettext, lazy_pgettext, pgettext

if TYPE_CHECKING:
    from timeline.domain.errors import StandlineError
    from timeline.domain.messages import Value

CONTEXT = "refusal"
"""The context of these templates in the catalogues."""

_WORDS = (
    lazy_pgettext("refusal", "statement"),
    lazy_pgettext("refusal", "development"),
    lazy_pgettext("refusal", "document"),
    lazy_pgettext("refusal", "quoted"),
    lazy_pgettext("refusal", "reported"),
    lazy_pgettext("refusal", "voted"),
    lazy_pgettext("refusal", "joint"),
    lazy_pgettext("refusal", "ascribed"),
)
"""Words that fill messages; they are listed here for the catalogues."""


def message_of(error: StandlineError) -> str:
    """Return the message of an error in the reader's language."""
    return shorten(in_words(error.what))


def fix_of(error: StandlineError) -> str:
    """Return the advice of an error in the reader's language; empty if it has none."""
    return in_words(error.remedy)


def in_words(sentence: Sentence) -> str:
    """Return a sentence in the reader's language; untranslated if the catalogue lacks it."""
    if not sentence.template:
        return ""
    values = {name: _in_words(value) for name, value in sentence.values.items()}
    return pgettext(CONTEXT, sentence.template) % values


def _in_words(value: Value) -> str | int:
    match value:
        case InQuotes(str(given)):
            words = repr(given)[1:-1].replace("\\'", "'")
            return gettext("“%(words)s”", words=words)
        case Word(text):
            return pgettext(CONTEXT, text)
        case EdtfDate(text):
            return dates.said(text)
        case Either(names):
            return pgettext("refusal", " or ").join(names)
        case Sentence():
            return in_words(value)
    return value if isinstance(value, int) else str(value)
