"""The sentences of comparisons and matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, ngettext
from web.wording.grammar import capitalised, in_words, listed, noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.projections.queries.directory import Actor, Topic

NAMED = 4
"""The most actors that a heading names; more are counted."""

BOTH = 2


def heading(actors: Sequence[Actor]) -> str:
    """Return the heading of a comparison."""
    if not actors:
        return gettext("Compare positions")
    if len(actors) > NAMED:
        return ngettext(
            "%(num)d actor, question by question",
            "%(num)d actors, question by question",
            len(actors),
        )
    return gettext(
        "%(actors)s, question by question",
        actors=capitalised(listed(noun(actor).subject for actor in actors)),
    )


def matrix_heading(topics: Sequence[Topic], actors: Sequence[Actor]) -> str:
    """Return the heading of a matrix: its one question, its one actor, or its actors."""
    if len(topics) == 1:
        return topics[0].question
    if len(actors) == 1:
        return actors[0].name
    return gettext("Who stood where")


def moved_between(differ: int, both: int, first: str, last: str) -> str:
    """Say how many positions changed between two moments."""
    return ngettext(
        "%(first)s and %(last)s compared: of %(both)d with a position at both, %(num)d changed.",
        "%(first)s and %(last)s compared: of %(both)d with a position at both, %(num)d changed.",
        differ,
        both=both,
        first=first,
        last=last,
    )


def agreed(actors: int, complete: int, questions: int) -> str:
    """Say on how many questions everybody has a position."""
    every = in_words(questions)
    if not complete:
        return gettext(
            "On none of these %(questions)s questions did all take a position.", questions=every
        )
    if complete == questions > 1:
        if actors == BOTH:
            return gettext("Both took a position on each of these questions.")
        return gettext(
            "All %(actors)s took a position on each of these questions.", actors=in_words(actors)
        )
    if actors == BOTH:
        return ngettext(
            "Both took a position on one of these %(questions)s questions.",
            "Both took a position on %(complete)s of these %(questions)s questions.",
            complete,
            complete=in_words(complete),
            questions=every,
        )
    return ngettext(
        "All %(actors)s took a position on one of these %(questions)s questions.",
        "All %(actors)s took a position on %(complete)s of these %(questions)s questions.",
        complete,
        actors=in_words(actors),
        complete=in_words(complete),
        questions=every,
    )


def parted(questions: int) -> str:
    """Say on how many questions they stand on opposite sides; the questions follow."""
    if not questions:
        return gettext("On none of them did they last stand on opposite sides.")
    return ngettext(
        "On one they last stood on opposite sides:",
        "On %(count)s they last stood on opposite sides:",
        questions,
        count=in_words(questions),
    )


def differing(cells: int, every: int) -> str:
    """Say how many cells of an earlier moment read differently now."""
    return ngettext(
        "%(some)s of these %(every)s cells reads differently now.",
        "%(some)s of these %(every)s cells read differently now.",
        cells,
        some=capitalised(in_words(cells)),
        every=in_words(every),
    )


def abbreviated(actors: Sequence[Actor]) -> list[str]:
    """Return short, distinct initials for each actor: "Me", "Ma", "US"."""
    for letters in (2, 3, 4):
        short_names = [_short(actor, letters) for actor in actors]
        if len({*short_names}) == len(short_names):
            return short_names
    return [str(place) for place, _ in enumerate(actors, start=1)]


def _short(actor: Actor, letters: int) -> str:
    words = actor.name.replace("-", " ").split() or [actor.slug]
    if actor.kind == "person" or len(words) == 1:
        return words[-1][:letters]
    return "".join(word[0] for word in words if word[0].isupper()) or words[0][:letters]
