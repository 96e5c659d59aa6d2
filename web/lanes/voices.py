"""Findings that are no changes: people of one side who differ, and votes against a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.projections.queries import entries
from timeline.projections.queries.tracks import course, vote_topics
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.request import this_request
from web.wording import stances, verbs
from web.wording.grammar import noun
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.domain.position.edition2.recurring import Dissent
    from timeline.domain.position.edition2.voices import Disagreement
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.clocks import Clocks
    from web.wording.names import Names

SHOWN = 6
"""The most dissents that are shown at once; earlier ones are folded."""


class DifferingView(msgspec.Struct, frozen=True):
    """Two people of one side who differ: in one sentence, and with time and proofs.

    ``differed`` says who and when; ``said`` is what each said, with the numbers of statements and
    their dates in words. ``is_open`` while both may speak for the side and neither changed.
    """

    side: Actor
    sentence: str
    differed: str
    said: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    is_open: bool


class DissentView(msgspec.Struct, frozen=True):
    """A vote against a body: by whom, the stance (``None`` if open), the date, and the proof."""

    actor: Actor
    stance: StanceView | None
    when: str
    number: int


class Findings(msgspec.Struct, frozen=True):
    """Findings beside changes; ``statements`` are the proofs of differing voices."""

    voices: tuple[DifferingView, ...] = ()
    dissents: tuple[DissentView, ...] = ()
    statements: frozenset[int] = frozenset()

    @property
    def latest(self) -> tuple[DissentView, ...]:
        """The dissents that are shown at once, the latest first."""
        return self.dissents[:SHOWN]

    @property
    def earlier(self) -> tuple[DissentView, ...]:
        """The earlier dissents, which are folded."""
        return self.dissents[SHOWN:]


def read_findings(
    conn: Connection,
    topic: Topic,
    names: Names,
    clocks: Clocks,
    actors: Collection[str] = (),
) -> Findings:
    """Return the findings on a topic at both clocks, only of ``actors`` if given."""
    if vote_topics(conn, [topic.id], clocks.known_at):
        return Findings()
    findings = course(conn, topic.id, clocks).findings
    moment = clocks.moment(this_request().now)
    voices = [
        pair for pair in findings.voices if _is_asked((pair.side, pair.against, pair.other), actors)
    ]
    votes = [
        dissent
        for dissent in findings.dissents
        if _is_asked((dissent.body, dissent.person), actors)
    ]
    proofs = {number for pair in voices for number in pair.statements}
    said = entries.statements(conn, proofs | {dissent.vote for dissent in votes}, clocks.known_at)
    names.actors({who for pair in voices for who in (pair.side, pair.against, pair.other)})
    names.actors({dissent.person for dissent in votes})
    still = [pair for pair in voices if pair.until is None or pair.until * DAY > moment]
    newest = sorted(voices, key=lambda pair: (pair not in still, -pair.since))
    return Findings(
        tuple(_differing(topic, pair, said, names, is_open=pair in still) for pair in newest),
        tuple(_dissents(topic, reversed(votes), said, names)),
        frozenset(proofs),
    )


def _is_asked(concerned: Iterable[str], actors: Collection[str]) -> bool:
    return not actors or not {*actors}.isdisjoint(concerned)


def _differing(
    topic: Topic,
    pair: Disagreement,
    said: Mapping[int, StatementEntry],
    names: Names,
    *,
    is_open: bool,
) -> DifferingView:
    shown = [said[number] for number in pair.statements if number in said]
    side = names.actor(pair.side)
    both = [
        (names.actor(who), [entry for entry in shown if names.lane(entry.speaker).id == who])
        for who in (pair.against, pair.other)
    ]
    said_by_both = [_says(topic, actor, words) for actor, words in both]
    return DifferingView(
        side=side,
        sentence=gettext(
            "Those who spoke for %(sides)s differed: %(sentence)s.",
            sides=noun(side).for_whom,
            sentence="; ".join(said_by_both),
        ),
        differed=_differed(side, pair, is_open=is_open),
        said=tuple(
            (says, tuple((entry.number, dates.said(entry.said_at)) for entry in words))
            for says, (_, words) in zip(said_by_both, both, strict=True)
        ),
        is_open=is_open,
    )


def _differed(side: Actor, pair: Disagreement, *, is_open: bool) -> str:
    whose, since = noun(side).for_whom, dates.day(pair.since * DAY)
    if is_open or pair.until is None:
        return gettext(
            "Those who spoke for %(sides)s have differed since %(date)s", sides=whose, date=since
        )
    return gettext(
        "Those who spoke for %(sides)s differed from %(first)s to %(last)s",
        sides=whose,
        first=since,
        last=dates.day(pair.until * DAY),
    )


def _says(topic: Topic, actor: Actor, words: Iterable[StatementEntry]) -> str:
    """Say where a person stood then: "Pistorius opposed this"."""
    stance = next((entry.stance for entry in words if entry.stance is not None), None)
    if stance is None:
        return actor.name
    who = noun(actor)
    return f"{who.subject} {verbs.did(topic.scale.name, stance, who.number)}"


def _dissents(
    topic: Topic, dissents: Iterable[Dissent], said: Mapping[int, StatementEntry], names: Names
) -> Iterable[DissentView]:
    for dissent in dissents:
        if dissent.vote in said:
            yield DissentView(
                names.actor(dissent.person),
                None if dissent.direction is None else stances.view(topic.scale, dissent.direction),
                dates.said(said[dissent.vote].said_at),
                dissent.vote,
            )
