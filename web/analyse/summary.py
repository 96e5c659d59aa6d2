"""An answer in a sentence: what stands out in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from web.analyse import figures
from web.i18n.translate import gettext, ngettext, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from timeline.analysis.answers import Agreement, Polarisation, Tie
    from timeline.analysis.inquiry import Found
    from web.analyse.figures import Named

SEVERAL = 3
"""Actors whose distance is told: two alone are at either end soon."""


def summary(question: str, found: Found, named: Named) -> str:
    """Return what stands out; empty where there is nothing to tell."""
    return _TELLING[question](found, named) if found.answers else ""


def _polarisation(found: Found, named: Named) -> str:
    every: Sequence[Polarisation] = found.answers
    last = max(polarisation.as_of for polarisation in every)
    at_end = [
        polarisation
        for polarisation in every
        if polarisation.as_of == last and polarisation.actors >= SEVERAL
    ]
    polarisations = sorted(
        (polarisation for polarisation in at_end if polarisation.polarisation is not None),
        key=lambda one: (-(one.polarisation or 0), one.topic),
    )
    if not polarisations:
        return ""
    furthest, closest = polarisations[0], polarisations[-1]
    date = figures.period(last, found.every)
    first = gettext(
        "Furthest apart at the end, %(date)s: %(topic)s (%(value)s).",
        date=date,
        topic=named.topic(furthest.topic).label,
        value=figures.figure(furthest.polarisation or 0),
    )
    if furthest is closest:
        return first
    then = gettext(
        "Closest: %(topic)s (%(value)s).",
        topic=named.topic(closest.topic).label,
        value=figures.figure(closest.polarisation or 0),
    )
    return f"{first} {then}"


def _agreement(found: Found, named: Named) -> str:
    every: Sequence[Agreement] = found.answers
    last = max(agreement.until for agreement in every)
    agreements = [
        agreement for agreement in every if agreement.until == last and agreement.topics >= SEVERAL
    ]
    agreements.sort(key=lambda one: (-one.agreement, -one.topics, one.one, one.other))
    if not agreements or agreements[-1].agreement == agreements[0].agreement:
        return ""
    return gettext(
        "In the last window, up to %(date)s, most alike: %(most)s. Least: %(least)s.",
        date=figures.period(last, found.every),
        most=_pair(agreements[0], named),
        least=_pair(agreements[-1], named),
    )


def _pair(one: Agreement, named: Named) -> str:
    return gettext(
        "%(one)s and %(other)s, %(share)s of %(topics)s",
        one=named.actor(one.one).name,
        other=named.actor(one.other).name,
        share=figures.share(one.agreement),
        topics=figures.questions(one.topics),
    )


def _matrix(found: Found, _named: Named) -> str:
    return _counted(len({(answer.topic, answer.actor) for answer in found.answers}), found.answers)


def _stood(found: Found, _named: Named) -> str:
    return _counted(len(found.answers), found.answers)


def _counted(positions: int, found: Sequence[Any]) -> str:
    return gettext(
        "%(positions)s of %(actors)s on %(topics)s.",
        positions=ngettext("%(num)d position", "%(num)d positions", positions),
        actors=figures.actors(len({one.actor for one in found})),
        topics=figures.questions(len({one.topic for one in found})),
    )


def _ties(found: Found, named: Named) -> str:
    every: Sequence[Tie] = found.answers
    names = {slug for tie in every for slug in (tie.one, tie.other)}
    first = gettext(
        "%(ties)s between %(actors)s.",
        ties=ngettext("%(num)d tie", "%(num)d ties", len(every)),
        actors=figures.actors(len(names)),
    )
    strongest = max(every, key=lambda one: (one.difference, one.one, one.other))
    if strongest.difference <= 0:
        return first
    then = gettext(
        "Congruence exceeds conflict most between %(one)s and %(other)s: %(congruence)s to "
        "%(conflict)s.",
        one=named.actor(strongest.one).name,
        other=named.actor(strongest.other).name,
        congruence=translator().figure(strongest.congruence),
        conflict=translator().figure(strongest.conflict),
    )
    return f"{first} {then}"


def _moved(found: Found, _named: Named) -> str:
    return f"{figures.kinds_counted(Counter(answer.kind for answer in found.answers))}."


_TELLING: dict[str, Callable[..., str]] = {
    "polarisation": _polarisation,
    "agreement": _agreement,
    "matrix": _matrix,
    "networks": _ties,
    "positions": _stood,
    "changes": _moved,
}
