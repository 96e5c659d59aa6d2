"""How a text names who speaks, how surely that is who is meant, and who else may be."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.first_names import gender_of
from timeline.capture.nearby import BEFORE, persons_before
from timeline.capture.tables import table

if TYPE_CHECKING:
    from timeline.capture.finding import Found, Speaker
    from timeline.capture.reading.tokens import Sentence
    from timeline.capture.suggestion import Article

SURE = 0.9
"""From this share of right ones on a speaker is taken for the one who is meant."""

CHOICES, LOOKED_BACK = 2, 4
"""How many are offered, and in how many sentences they are looked for."""

PARAGRAPHS_BACK = 2
_PARAGRAPHS = re.compile(r"\n\s*")

BESIDE = {"source", "aside"}
"""Rules that find whoever is named as a source, also a thing: "laut Wetterkarte"."""

WITHIN = {"quote", *BESIDE}
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


def way_of_naming(article: Article, sentence: Sentence, passage: Found, speaker: Speaker) -> str:
    """Return where a text names who speaks.

    That is *named* in the sentence, *subject* for a person of whom the passage tells; before it
    *on* for a person whose words go on, *near* for one who is meant by a pronoun or a role, *body*
    for a ministry and the like whose words go on, *loose* for anything else; in one of the two
    paragraphs before *again* for the person who spoke last, if no other may be meant; or *far*.
    """
    text, surname = article.text, speaker.name.rsplit(maxsplit=1)[-1]
    beside = text[sentence.start : passage.start] + text[passage.end : sentence.end]
    if passage.rule in WITHIN:
        beside = text[sentence.start : sentence.end]
    if surname in beside:
        return "loose" if speaker.is_thing and passage.rule not in BESIDE else "named"
    begin = paragraph = text.rfind("\n", 0, passage.start) + 1
    while begin and is_left_open(text, begin):
        begin = text.rfind("\n", 0, begin - 1) + 1
    is_carried = passage.rule.startswith("carried")
    if surname in text[begin : passage.start]:
        if speaker.is_person or (is_carried and begin < paragraph):
            return "on" if is_carried else "near"
        return "body" if passage.goes_on and not speaker.is_thing else "loose"
    if not speaker.is_person:
        return "far"
    if surname in text[passage.start : passage.end]:
        return "subject"
    is_alone = is_carried and not text[paragraph : passage.start].strip()
    is_last = passage.last == speaker.name and _is_last_named(article, speaker, passage.start)
    return "again" if is_last and not is_alone else "far"


def _is_last_named(article: Article, speaker: Speaker, at: int) -> bool:
    """Tell whether a name stands not far before a place, and no other that may be meant behind."""
    surname = speaker.name.rsplit(maxsplit=1)[-1]
    begin = article.text.rfind(surname, max(0, at - BEFORE), at)
    between = article.text[begin:at]
    if begin < 0 or len(_PARAGRAPHS.findall(between)) > PARAGRAPHS_BACK:
        return False
    named = persons_before(article.text, article.lang, at, between.count(".") + LOOKED_BACK)
    return not any(_may_be_meant(one, speaker, between) for one in named)


def _may_be_meant(name: str, speaker: Speaker, between: str) -> bool:
    first, *_, surname = name.split()
    genders = {gender_of(first), speaker.gender or gender_of(speaker.name.split()[0])} - {""}
    return surname in between and not speaker.name.endswith(surname) and genders != {"he", "she"}


def is_left_open(text: str, begin: int) -> bool:
    """Tell whether the quotation of the paragraph before goes on in the one that begins here."""
    before = text[text.rfind("\n", 0, begin - 1) + 1 : begin]
    is_open = before.rfind("“") > before.rfind("”") or before.endswith(":\n")
    return text[begin : begin + 1] == "“" and is_open
