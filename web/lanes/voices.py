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
    """Two people of one side who differ: a sentence, the time, and its proofs.

    ``opening`` is the sentence with the side. ``proofs`` are numbers of statements with their dates
    in words. ``is_open`` while both may speak for the side and neither changed.
    """

    side: Actor
    sentence: str
    opening: str
    when: str
    proofs: tuple[tuple[int, str], ...]
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
    since = dates.day(pair.since * DAY)
    when = gettext("since %(date)s", date=since)
    if not is_open and pair.until is not None:
        when = gettext("%(first)s to %(last)s", first=since, last=dates.day(pair.until * DAY))
    side = names.actor(pair.side)
    both = (_says(topic, names.actor(who), shown, names) for who in (pair.against, pair.other))
    sentence = "; ".join(both)
    return DifferingView(
        side=side,
        sentence=sentence,
        opening=gettext(
            "Those who spoke for %(sides)s differed: %(sentence)s.",
            sides=noun(side).for_whom,
            sentence=sentence,
        ),
        when=when,
        proofs=tuple((entry.number, dates.said(entry.said_at)) for entry in shown),
        is_open=is_open,
    )


def _says(topic: Topic, actor: Actor, shown: Iterable[StatementEntry], names: Names) -> str:
    """Say where a person stood then: "Pistorius opposed this"."""
    stances_taken = (entry.stance for entry in shown if names.lane(entry.speaker).id == actor.id)
    stance = next((value for value in stances_taken if value is not None), None)
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
