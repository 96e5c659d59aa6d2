"""A network as a ring: actors who share positions are neighbours, opponents face each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING

from web.analyse import figures
from web.analyse.drawing import Line, Network, Node, Tie
from web.i18n.translate import gettext, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.analysis.answers import Tie as Shared
    from timeline.analysis.inquiry import Result
    from web.analyse.figures import NameLookup

ACTORS, TIES, EACH_OF = 24, 60, 2
"""The most actors and ties of a chart, and the fewest ties of each kind for an actor."""

MIDDLE, WIDE, ABOVE = 50.0, 20.0, 30
"""The middle and half the width of the ring in percent, and pixels above and below it."""

EACH = 9.5
"""Pixels of half the ring's height for each actor, so that names do not overlap."""

THINNEST, THICKEST = 0.8, 5.0
LEAST, MOST = 3.0, 7.5
ROUNDS = 60
"""Rounds after which the order is stable."""


def network(result: Result, names: NameLookup) -> Network:
    """Return the actors with the most ties, and the strongest ties between them."""
    weight: dict[str, int] = defaultdict(int)
    for tie in result.answers:
        for slug in (tie.one, tie.other):
            weight[slug] += tie.congruence + tie.conflict
    chosen = sorted(weight, key=lambda slug: (-weight[slug], slug))[:ACTORS]
    ties = [answer for answer in result.answers if {answer.one, answer.other} <= {*chosen}]
    ties.sort(key=lambda tie: (-abs(tie.difference), tie.one, tie.other))
    shown = _strongest(ties)
    half = max(EACH * len(chosen), 60)
    places = _ring(_in_order(chosen, ties), half)
    top = max((weight[slug] for slug in chosen), default=1)
    return Network(
        nodes=tuple(_node(names, slug, places[slug], weight[slug] / top) for slug in places),
        ties=tuple(_ties(names, shown, places)),
        height=round(2 * (half + ABOVE)),
        left_out=len(weight) - len(chosen),
        ties_left_out=len(result.answers) - len(shown),
    )


def _strongest(ties: Sequence[Shared]) -> list[Shared]:
    """Return the ties to draw: first the strongest of each actor and kind, then the strongest.

    ``ties`` come strongest first; ties without a difference are not drawn.
    """
    uneven = [tie for tie in ties if tie.difference]
    count: Counter[tuple[str, bool]] = Counter()
    own: list[Shared] = []
    rest: list[Shared] = []
    for tie in uneven:
        kinds = [(slug, tie.difference > 0) for slug in (tie.one, tie.other)]
        (own if any(count[kind] < EACH_OF for kind in kinds) else rest).append(tie)
        count.update(kinds)
    chosen = (own + rest)[:TIES]
    return [tie for tie in uneven if tie in chosen]


def _in_order(chosen: Sequence[str], ties: Iterable[Shared]) -> list[str]:
    """Sort actors along the direction in which they differ most.

    It is the first eigenvector of the shares (congruence less conflict), by power iteration.
    """
    near: dict[str, dict[str, float]] = {slug: {} for slug in chosen}
    for tie in ties:
        share = tie.difference / ((tie.congruence + tie.conflict) or 1)
        near[tie.one][tie.other] = near[tie.other][tie.one] = share
    value = {slug: 1.0 if at % 2 else -1.0 for at, slug in enumerate(chosen)}
    for _ in range(ROUNDS):
        # Adding a multiple of the vector makes all eigenvalues positive.
        next_value = {
            slug: len(chosen) * value[slug]
            + sum(share * value[other] for other, share in near[slug].items())
            for slug in chosen
        }
        length = sqrt(sum(x * x for x in next_value.values())) or 1.0
        value = {slug: coordinate / length for slug, coordinate in next_value.items()}
    return sorted(chosen, key=lambda slug: (round(value[slug], 9), slug))


def _ring(order: Sequence[str], half: float) -> dict[str, tuple[float, float]]:
    """Place the first actor at the left, the last at the right, the others in between."""
    places = {}
    for at, slug in enumerate(order):
        angle = pi * (at + 0.5) / len(order)
        side = 1 if at % 2 else -1
        x, y = MIDDLE - WIDE * cos(angle), ABOVE + half * (1 + side * sin(angle))
        places[slug] = round(x, 3), round(y, 1)
    return places


def _node(names: NameLookup, slug: str, place: tuple[float, float], size: float) -> Node:
    actor = names.actor(slug)
    return Node(
        x=place[0],
        y=place[1],
        radius=round(LEAST + (MOST - LEAST) * sqrt(size), 1),
        name=actor.name,
        href=f"/a/{actor.slug}",
        text=actor.name,
        is_left=place[0] < MIDDLE,
        noun=actor,
    )


def _ties(
    names: NameLookup, ties: Sequence[Shared], places: dict[str, tuple[float, float]]
) -> Iterable[Tie]:
    most = max((abs(tie.difference) for tie in ties), default=1)
    # The strongest come last, above the others.
    for tie in reversed(ties):
        (x1, y1), (x2, y2) = places[tie.one], places[tie.other]
        share = abs(tie.difference) / most
        yield Tie(
            Line(x1, y1, x2, y2),
            round(THINNEST + (THICKEST - THINNEST) * share, 1),
            tie.difference < 0,
            _in_words(names, tie),
        )


def _in_words(names: NameLookup, tie: Shared) -> str:
    return gettext(
        "%(one)s and %(other)s: congruence %(congruence)s, conflict %(conflict)s (%(topics)s)",
        one=names.actor(tie.one).name,
        other=names.actor(tie.other).name,
        congruence=translator().figure(tie.congruence),
        conflict=translator().figure(tie.conflict),
        topics=figures.questions(tie.topics),
    )
