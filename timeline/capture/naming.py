"""How a text names a speaker, how certain that speaker is, and who else is possible."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.first_names import gender_of
from timeline.capture.nearby import BEFORE, persons_before
from timeline.capture.tables import table

if TYPE_CHECKING:
    from timeline.capture.finding import FoundPassage, Speaker
    from timeline.capture.reading.tokens import Sentence
    from timeline.capture.suggestion import Article

SURE = 0.9
"""Least share of right speakers for filling in a speaker."""

CHOICES, LOOKED_BACK = 2, 4
"""How many speakers are offered, and in how many sentences they are searched for."""

PARAGRAPHS_BACK = 2
_PARAGRAPHS = re.compile(r"\n\s*")

BESIDE = {"source", "aside"}
"""Rules that find any source, also a thing: "laut Wetterkarte"."""

WITHIN = {"quote", *BESIDE}
"""Rules that may find the speaker amid the words: „Wir bauen“, sagte Anna Kern, „bald.“"""


@cache
def shares(lang: str) -> dict[str, float]:
    """Return the share of right speakers for each way of naming."""
    return msgspec.convert(table(__package__, "rules.toml")["speaker"][lang], dict[str, float])


def choices(article: Article, name: str | None, at: int) -> tuple[str, ...]:
    """Return possible speakers: the one found by rules, and people named just before."""
    persons = persons_before(article.text, article.lang, at, LOOKED_BACK)
    others = (person for person in persons if not name or person.split()[-1] != name.split()[-1])
    return tuple(filter(None, (name, *others)))[:CHOICES]


def way_of_naming(  # noqa: PLR0911 - a return for each way
    article: Article, sentence: Sentence, passage: FoundPassage, speaker: Speaker
) -> str:
    """Return the way in which a text names a speaker.

    In the sentence: *named*, or *subject* for a person who is the subject of the passage. Before
    it: *on* for a person whose words continue, *near* for a pronoun or a role, *body* for a
    ministry and the like whose words continue, *loose* for anything else. In the paragraph before:
    *next* for a person whose quotation continues. In one of the two before: *again* for a person,
    if nobody else is possible. Else *far*.
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
    is_alone = is_carried and not text[paragraph : passage.start].strip()
    if is_alone and passage.goes_on and passage.rule == "carried-quote":
        return "next"
    if surname in text[passage.start : passage.end]:
        return "subject"
    is_only = not is_alone and _is_only_one(article, passage, speaker)
    return "again" if is_only else "far"


def _is_only_one(article: Article, passage: FoundPassage, speaker: Speaker) -> bool:
    """Tell whether a name is shortly before a passage, without another possible name after it.

    Unless somebody spoke just before, nor may there be another in the paragraph with the name.
    """
    text, at = article.text, passage.start
    surname = speaker.name.rsplit(maxsplit=1)[-1]
    begin = text.rfind(surname, max(0, at - BEFORE), at)
    if begin < 0:
        return False
    between = text[begin if passage.goes_on else text.rfind("\n", 0, begin) + 1 : at]
    if len(_PARAGRAPHS.findall(between)) > PARAGRAPHS_BACK:
        return False
    persons = persons_before(text, article.lang, at, between.count(".") + LOOKED_BACK)
    return not any(_may_be_meant(person, speaker, between) for person in persons)


def _may_be_meant(name: str, speaker: Speaker, between: str) -> bool:
    first, *_, surname = name.split()
    genders = {gender_of(first), speaker.gender or gender_of(speaker.name.split()[0])} - {""}
    return surname in between and not speaker.name.endswith(surname) and genders != {"he", "she"}


def is_left_open(text: str, begin: int) -> bool:
    """Tell whether a quotation of the paragraph before continues in the one that begins here."""
    before = text[text.rfind("\n", 0, begin - 1) + 1 : begin]
    is_open = before.rfind("“") > before.rfind("”") or before.endswith(":\n")
    return text[begin : begin + 1] == "“" and is_open
