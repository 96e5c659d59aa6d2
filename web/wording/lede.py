"""The opening of a topic in sentences: who stood where when last heard, and who moved.

All of it is told in the past tense: what was said is past, and nobody knows what is held now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, ngettext, pgettext
from web.wording import verbs
from web.wording.comparing import listed
from web.wording.grammar import ONE, SEVERAL, Noun, begun
from web.wording.when import on_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timeline.domain.scales import Scale

NAMED = 4
"""Sides that a group names; of more it names the first, and says how many they are."""
FIRST = 2


def in_words(number: int) -> str:
    """Return a small number as a word, as it stands in a sentence: "three"; 13 stays 13."""
    words = (
        pgettext("number", "none"),
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
        pgettext("number", "eleven"),
        pgettext("number", "twelve"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


def standing(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    """Say where sides stood: "When last heard, Poland supported this; Hungary opposed this".

    ``groups`` are the sides by their step; the strongest support comes first.
    """
    told = _by_step(scale, groups)
    if not told:
        return ""
    if scale.name == "vote":
        return gettext("When they last voted, %(who)s.", who=told)
    return gettext("When last heard, %(who)s.", who=told)


def in_person(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    """Say where people stood who speak for a side and differ from it, by the same groups."""
    told = _by_step(scale, groups)
    return gettext("Unlike the side they speak for, %(who)s.", who=told) if told else ""


def _by_step(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    return "; ".join(
        f"{_who(groups[step])} {verbs.did(scale.name, step, _number(groups[step]))}"
        for step in reversed(scale.steps)
        if groups.get(step)
    )


def _who(nouns: Sequence[Noun]) -> str:
    if len(nouns) <= NAMED:
        return listed(one.subject for one in nouns)
    named = listed(one.subject for one in nouns[:FIRST])
    return gettext("%(number)s, among them %(named)s,", number=in_words(len(nouns)), named=named)


def _number(nouns: Sequence[Noun]) -> int:
    return SEVERAL if len(nouns) > 1 else nouns[0].number if nouns else ONE


def differing(nouns: Sequence[Noun]) -> str:
    """Say of whom answers of one day differ."""
    if not nouns:
        return ""
    return begun(
        ngettext(
            "%(who)s gave differing answers on one day.",
            "%(who)s gave differing answers on one day.",
            _number(nouns),
            who=_who(nouns),
        )
    )


def conditions(nouns: Sequence[Noun]) -> str:
    """Say who named a condition."""
    if not nouns:
        return ""
    return begun(
        ngettext(
            "%(who)s named a condition.",
            "%(who)s named conditions.",
            _number(nouns),
            who=_who(nouns),
        )
    )


def long_silent(nouns: Sequence[Noun]) -> str:
    """Say who was not heard again within the topic's limit."""
    if not nouns:
        return ""
    return begun(
        ngettext(
            "%(who)s has not been heard on it for long.",
            "%(who)s have not been heard on it for long.",
            _number(nouns),
            who=_who(nouns),
        )
    )


def moved(sides: int, turned: Sequence[tuple[Noun, int]], date: str) -> str:
    """Say how many of so many sides changed, who most often, and who last; ``date`` is EDTF.

    ``turned`` are those that changed, the last to do so first, each with how often it did.
    """
    if not turned:
        return _nobody(sides)
    last, most = turned[0], max(count for _, count in turned)
    often = [noun for noun, count in turned if count == most]
    told = {
        "number": in_words(len(turned)),
        "sides": in_words(sides),
        "last": last[0].subject,
        "on_date": on_date(date),
    }
    if len(turned) == 1:
        return begun(
            ngettext(
                "One of these %(sides)s changed its position: %(last)s, %(on_date)s.",
                "One of these %(sides)s changed its position: %(last)s, %(on_date)s.",
                sides,
                **told,
            )
            if sides > 1
            else gettext("It changed its position last %(on_date)s.", **told)
        )
    if most > 1 and len(often) == 1 and often[0] != last[0]:
        return begun(
            gettext(
                "%(number)s of these %(sides)s changed their position: %(often)s most often,"
                " %(last)s last, %(on_date)s.",
                often=often[0].subject,
                **told,
            )
        )
    if most > 1 and often == [last[0]]:
        return begun(
            gettext(
                "%(number)s of these %(sides)s changed their position: %(last)s most often,"
                " and last, %(on_date)s.",
                **told,
            )
        )
    return begun(
        gettext(
            "%(number)s of these %(sides)s changed their position: %(last)s last, %(on_date)s.",
            **told,
        )
    )


def _nobody(sides: int) -> str:
    if sides < 1:
        return ""
    return ngettext(
        "No change of its position is on record.",
        "No change of position is on record for any of these %(sides)s.",
        sides,
        sides=in_words(sides),
    )


def silent(actors: int) -> str:
    """Say how many spoke who are on no side; empty where there are none."""
    if not actors:
        return ""
    return begun(
        ngettext(
            "%(number)s more spoke without taking a position.",
            "%(number)s more spoke without taking a position.",
            actors,
            number=in_words(actors),
        )
    )
