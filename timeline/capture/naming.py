"""How a text names who speaks, how surely that is who is meant, and who else may be."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.nearby import persons_before
from timeline.capture.tables import table

if TYPE_CHECKING:
    from timeline.capture.finding import Found, Speaker
    from timeline.capture.reading.tokens import Sentence
    from timeline.capture.suggestion import Article

SURE = 0.9
"""From this share of right ones on a speaker is taken for the one who is meant."""

CHOICES, LOOKED_BACK = 2, 4
"""How many are offered, and in how many sentences they are looked for."""

WITHIN = {"quote", "source", "aside"}
"""Rules that may find who speaks amid the words: „Wir bauen“, sagte Anna Kern, „bald.“"""


@cache
def shares(lang: str) -> dict[str, float]:
    """Return how often a speaker whom a text names in such a way was the right one."""
    return msgspec.convert(table(__package__, "rules.toml")["speaker"][lang], dict[str, float])


def choices(article: Article, name: str | None, at: int) -> tuple[str, ...]:
    """Return who may be meant: whom the rules found, and who is named just before."""
    named = persons_before(article.text, article.lang, at, LOOKED_BACK)
    others = (one for one in named if not name or one.split()[-1] != name.split()[-1])
    return tuple(filter(None, (name, *others)))[:CHOICES]


def way_of_naming(text: str, sentence: Sentence, found: Found, speaker: Speaker) -> str:
    """Return where a text names who speaks.

    That is *named* in the sentence, *subject* for a person of whom the passage tells; before it
    *on* for a person whose words go on, *near* for one who is meant by a pronoun or a role, *body*
    for a ministry and the like whose words go on, *loose* for anything else; or *far*.
    """
    name = speaker.name
    surname = name.rsplit(maxsplit=1)[-1]
    beside = text[sentence.start : found.start] + text[found.end : sentence.end]
    if found.rule in WITHIN:
        beside = text[sentence.start : sentence.end]
    if surname in beside:
        return "named"
    begin = text.rfind("\n", 0, found.start) + 1
    while begin and is_left_open(text, begin):
        begin = text.rfind("\n", 0, begin - 1) + 1
    if surname not in text[begin : found.start]:
        is_within = surname in text[found.start : found.end]
        return "subject" if is_within and speaker.is_person else "far"
    if not speaker.is_person:
        return "body" if found.goes_on and not speaker.is_thing else "loose"
    return "on" if found.rule.startswith("carried") else "near"


def is_left_open(text: str, begin: int) -> bool:
    """Tell whether the quotation of the paragraph before goes on in the one that begins here."""
    before = text[text.rfind("\n", 0, begin - 1) + 1 : begin]
    return text[begin : begin + 1] == "“" and before.rfind("“") > before.rfind("”")
