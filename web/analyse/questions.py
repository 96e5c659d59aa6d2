"""The questions of the page: their names, titles and methods, and their answers in a sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from web.analyse import figures
from web.i18n.translate import gettext, lazy_gettext, ngettext, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask_babel.speaklater import LazyString

    from timeline.analysis.answers import Agreement, Polarisation, Tie
    from timeline.analysis.inquiry import Result
    from web.analyse.figures import NameLookup


class QuestionText(msgspec.Struct, frozen=True):
    """The texts of a question: its name, the title of its chart, and the method."""

    name: LazyString
    title: LazyString
    method: LazyString


QUESTION_TEXTS = {
    "polarisation": QuestionText(
        lazy_gettext("Polarisation"),
        lazy_gettext("How far apart actors stood, question by question"),
        lazy_gettext(
            "The variance of all positions, in parts of the greatest that there can be: 0 where "
            "all say the same, 1 where half stand at either end of the scale. Mixed positions are "
            "left out. A position is the last that was said, however long ago. Who spoke on a "
            "question for somebody else alone counts with them, unless chosen by name."
        ),
    ),
    "agreement": QuestionText(
        lazy_gettext("Agreement"),
        lazy_gettext("How often two said the same"),
        lazy_gettext(
            "The share of questions with the same answer, among those that both answered within "
            "the window before each moment. Of one actor all pairs are shown, of several those "
            "among them. Mixed positions are left out."
        ),
    ),
    "matrix": QuestionText(
        lazy_gettext("Over time"),
        lazy_gettext("Where actors stood from moment to moment"),
        lazy_gettext(
            "At the end of each period the last position that was said by then, however long ago. "
            "Who spoke on a question for somebody else alone counts with them, unless chosen by "
            "name."
        ),
    ),
    "networks": QuestionText(
        lazy_gettext("Network"),
        lazy_gettext("Who shares positions with whom, and who stands against whom"),
        lazy_gettext(
            "For each question two actors' numbers of statements are multiplied: those on the same "
            "side are congruence, those on opposite sides conflict, as discourse network analysis "
            "counts them (P. Leifeld, 2017). A line shows whichever is more. A statement counts "
            "for whom it was made, else for whoever made it."
        ),
    ),
    "positions": QuestionText(
        lazy_gettext("Positions"),
        lazy_gettext("Where everybody stood at one moment"),
        lazy_gettext(
            "The last position of each actor that was said by then, however long ago, in their own "
            "words; a side stands where whoever decides for it stands. Who spoke on a question for "
            "somebody else alone counts with them, unless chosen by name."
        ),
    ),
    "changes": QuestionText(
        lazy_gettext("Changes"),
        lazy_gettext("When actors moved"),
        lazy_gettext(
            "The changes that are printed: those that an editor signed, decisions and votes. What "
            "waits for an editor is not among them. Each counts once, for whoever moved."
        ),
    ),
}
"""By question, in the order of the form."""


SEVERAL = 3
"""The fewest actors of a topic that is named: two are soon at opposite ends."""


def summary(question: str, result: Result, names: NameLookup) -> str:
    """Return a sentence on what stands out, empty if nothing does."""
    return _SUMMARIES[question](result, names) if result.answers else ""


def _polarisation(result: Result, names: NameLookup) -> str:
    every: Sequence[Polarisation] = result.answers
    last = max(polarisation.as_of for polarisation in every)
    at_end = [
        polarisation
        for polarisation in every
        if polarisation.as_of == last and polarisation.actors >= SEVERAL
    ]
    polarisations = sorted(
        (polarisation for polarisation in at_end if polarisation.polarisation is not None),
        key=lambda item: (-(item.polarisation or 0), item.topic),
    )
    if not polarisations:
        return ""
    furthest, closest = polarisations[0], polarisations[-1]
    date = figures.period(last, result.every)
    first = gettext(
        "Furthest apart at the end, %(date)s: %(topic)s (%(value)s).",
        date=date,
        topic=names.topic(furthest.topic).label,
        value=figures.figure(furthest.polarisation or 0),
    )
    if furthest is closest:
        return first
    second = gettext(
        "Closest: %(topic)s (%(value)s).",
        topic=names.topic(closest.topic).label,
        value=figures.figure(closest.polarisation or 0),
    )
    return f"{first} {second}"


def _agreement(result: Result, names: NameLookup) -> str:
    every: Sequence[Agreement] = result.answers
    last = max(agreement.until for agreement in every)
    agreements = [
        agreement for agreement in every if agreement.until == last and agreement.topics >= SEVERAL
    ]
    agreements.sort(key=lambda pair: (-pair.agreement, -pair.topics, pair.one, pair.other))
    if not agreements or agreements[-1].agreement == agreements[0].agreement:
        return ""
    return gettext(
        "In the last window, up to %(date)s, most alike: %(most)s. Least: %(least)s.",
        date=figures.period(last, result.every),
        most=_pair(agreements[0], names),
        least=_pair(agreements[-1], names),
    )


def _pair(agreement: Agreement, names: NameLookup) -> str:
    return gettext(
        "%(one)s and %(other)s, %(share)s of %(topics)s",
        one=names.actor(agreement.one).name,
        other=names.actor(agreement.other).name,
        share=figures.share(agreement.agreement),
        topics=figures.questions(agreement.topics),
    )


def _matrix(result: Result, _names: NameLookup) -> str:
    return _totals(len({(answer.topic, answer.actor) for answer in result.answers}), result.answers)


def _positions(result: Result, _names: NameLookup) -> str:
    return _totals(len(result.answers), result.answers)


def _totals(positions: int, answers: Sequence[Any]) -> str:
    return gettext(
        "%(positions)s of %(actors)s on %(topics)s.",
        positions=ngettext("%(num)d position", "%(num)d positions", positions),
        actors=figures.actors(len({answer.actor for answer in answers})),
        topics=figures.questions(len({answer.topic for answer in answers})),
    )


def _ties(result: Result, names: NameLookup) -> str:
    every: Sequence[Tie] = result.answers
    slugs = {slug for tie in every for slug in (tie.one, tie.other)}
    first = gettext(
        "%(ties)s between %(actors)s.",
        ties=ngettext("%(num)d tie", "%(num)d ties", len(every)),
        actors=figures.actors(len(slugs)),
    )
    strongest = max(every, key=lambda tie: (tie.difference, tie.one, tie.other))
    if strongest.difference <= 0:
        return first
    second = gettext(
        "Congruence exceeds conflict most between %(one)s and %(other)s: %(congruence)s to "
        "%(conflict)s.",
        one=names.actor(strongest.one).name,
        other=names.actor(strongest.other).name,
        congruence=translator().figure(strongest.congruence),
        conflict=translator().figure(strongest.conflict),
    )
    return f"{first} {second}"


def _changes(result: Result, _names: NameLookup) -> str:
    return f"{figures.kinds_counted(Counter(answer.kind for answer in result.answers))}."


_SUMMARIES: dict[str, Callable[..., str]] = {
    "polarisation": _polarisation,
    "agreement": _agreement,
    "matrix": _matrix,
    "networks": _ties,
    "positions": _positions,
    "changes": _changes,
}
