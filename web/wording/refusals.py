"""What is refused beneath the site, in the reader's language.

The domain speaks English and knows no reader. The catalogues hold its sentences with placeholders
for what varies; here a sentence is found again by its pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from web.i18n.translate import gettext, lazy_pgettext, tongue
from web.wording.noun_articles import named

CATALOGUES = Path(__file__).parents[1] / "translations"
CONTEXT = "refusal"
"""The context of these sentences in the catalogues."""

_SCHEMAS = (
    lazy_pgettext("refusal", "Must be one of: %(choices)s"),
    lazy_pgettext("refusal", "Not a valid integer"),
    lazy_pgettext("refusal", "Longer than maximum length %(length)s"),
    lazy_pgettext(
        "refusal", "Must be greater than or equal to %(least)s and less than or equal to %(most)s"
    ),
)
"""What schemas say of parts of an address, here so that the catalogues hold it."""

_KINDS = (
    lazy_pgettext("refusal", "topic"),
    lazy_pgettext("refusal", "story"),
    lazy_pgettext("refusal", "actor"),
    lazy_pgettext("refusal", "quoted"),
    lazy_pgettext("refusal", "reported"),
    lazy_pgettext("refusal", "voted"),
    lazy_pgettext("refusal", "joint"),
    lazy_pgettext("refusal", "ascribed"),
)
"""Of what kind something is, as sentences beneath the site fill it in."""

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"[^"]*\"""", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|(%%)")


def in_words(sentence: str) -> str:
    """Return a sentence in the reader's language, as it is where the catalogue has none."""
    for pattern, translation in _patterns(tongue().code):
        if found := pattern.fullmatch(sentence):
            parts = {name: _part(name, part) for name, part in found.groupdict().items()}
            return translation % parts
    return sentence


def _part(name: str, value: str) -> str:
    """Return what varies in a sentence as running text has it.

    What the domain quotes as Python does has the marks of the reader's language, and ``whom``
    somebody spoke for its article.
    """
    if _QUOTED.fullmatch(value):
        return gettext("“%(words)s”", words=value[1:-1].replace("\\'", "'"))
    return named(value, "", "accusative") if name == "whom" else in_words(value)


@lru_cache
def _patterns(lang: str) -> list[tuple[re.Pattern[str], str]]:
    """Return how to recognise each sentence, those that say most themselves first.

    A language without a catalogue is the one that every catalogue translates from.
    """
    path = CATALOGUES / lang / "LC_MESSAGES" / "messages.po"
    source = path if path.exists() else min(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
    with source.open("rb") as file:
        known = [one for one in read_po(file) if one.context == CONTEXT]
    told = [(str(one.id), str(one.string if source == path else one.id)) for one in known]
    told.sort(key=lambda pair: -len(_PLACEHOLDER.sub("", pair[0])))
    return [(re.compile(_expression(template), re.DOTALL), said) for template, said in told]


def _expression(template: str) -> str:
    expression, at = "", 0
    for found in _PLACEHOLDER.finditer(template):
        expression += re.escape(template[at : found.start()])
        expression += f"(?P<{found[1]}>.+)" if found[1] else "%"
        at = found.end()
    return expression + re.escape(template[at:])
