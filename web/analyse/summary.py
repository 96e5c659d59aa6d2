"""An answer in a sentence: its extremes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from web.analyse import figures
from web.i18n.translate import gettext, ngettext, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.analysis.answers import Agreement, Polarisation, Tie
    from timeline.analysis.inquiry import Result
    from web.analyse.figures import NameLookup

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
