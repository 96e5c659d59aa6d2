"""Explain a position: the rule, what counted, and what did not and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import position
from timeline.domain.position.edition2 import RULE
from timeline.projections.queries import entries
from timeline.projections.queries.entries import order_is_open
from timeline.projections.queries.positions import explained, lane_counts
from timeline.projections.queries.withheld import hidden_numbers
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n.translate import gettext
from web.lanes.address import to_lane
from web.shell.publisher import publisher
from web.wording import stances
from web.wording.facts import sentence_facts, statements_needed
from web.wording.names import Names
from web.wording.sentences import Sentence, of_position
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from timeline.domain.position import Ignored, Position
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.clocks import Clocks

SHOWN = 100
"""The most statements of each kind that the page lists; it counts the rest."""


class Because(msgspec.Struct, frozen=True):
    """A statement that does not count, and why."""

    statement: StatementView
    reason: str


class WhyPage(msgspec.Struct, frozen=True, kw_only=True):
    """The explanation of one position; ``way`` leads to its lane."""

    topic: Topic
    actor: Actor
    clocks: Clocks
    stance: StanceView | None
    counted: list[StatementView]
    ignored: list[Because]
    more: int
    reported: str
    sentences: tuple[Sentence, ...]
    way: str
    rule: int = RULE

    @property
    def set_aside(self) -> list[tuple[str, list[StatementView]]]:
        """The statements that do not count, by reason, in order of the latest."""
        by_reason: dict[str, list[StatementView]] = {}
        for because in self.ignored:
            by_reason.setdefault(because.reason, []).append(because.statement)
        return [*by_reason.items()]


def why_page(conn: Connection, topic: Topic, actor: Actor, clocks: Clocks, host: str) -> WhyPage:
    """Explain an actor's position on a topic at both clocks; links begin with ``host``."""
    positions = explained(conn, clocks, topic=topic.id, lane=actor.id)
    position = positions[0].position if positions else None
    hidden = hidden_numbers(conn)
    ignored = (
        [item for item in position.ignored if item.statement not in hidden] if position else []
    )
    shown = sorted(ignored, key=lambda item: -item.statement)[:SHOWN]
    counted, reported = (position.counted, position.reported) if position else ((), None)
    numbers = {
        *counted,
        *(reported.statements if reported else ()),
        *(item.statement for item in shown),
    }
    said = entries.statements(conn, numbers, clocks.known_at)
    said |= entries.statements(conn, numbers - said.keys())
    names = Names(conn)
    presenter = Presenter(conn, names, list(said.values()))
    views = {number: presenter.statement(entry) for number, entry in said.items()}
    holds = position is not None and bool(position.counted)
    return WhyPage(
        topic=topic,
        actor=actor,
        clocks=clocks,
        stance=stances.of_position(topic.scale, position, said) if holds and position else None,
        counted=[views[n] for n in counted if n in views],
        ignored=[Because(views[item.statement], _reason(item, counted, said)) for item in shown],
        more=len(ignored) - len(shown),
        reported=stances.reported_words(topic.scale, reported, said),
        sentences=_sentences(conn, topic, actor, position, clocks, host),
        way=to_lane(topic, actor.slug, lane_counts(conn, [topic.id]).get(topic.id, 0)),
    )


def _sentences(
    conn: Connection,
    topic: Topic,
    actor: Actor,
    position_found: Position | None,
    clocks: Clocks,
    host: str,
) -> tuple[Sentence, ...]:
    known_position = position_found or position(())
    facts = sentence_facts(
        conn,
        statements_needed(known_position),
        host,
        clocks.known_at,
        own=publisher().language,
        lanes=[actor.id],
        topics=[topic.id],
    )
    return of_position(topic.id, actor.id, known_position, facts, clocks)


def _reason(ignored: Ignored, counted: Iterable[int], said: Mapping[int, StatementEntry]) -> str:
    if ignored.reason == "superseded" and order_is_open([ignored.statement], counted, said):
        return gettext("other words count later; the order of the two is unclear")
    entry = said.get(ignored.statement)
    if ignored.reason == "superseded" and entry and entry.attribution == "voted":
        return gettext("superseded by a later vote")
    reasons = {
        "retracted": gettext("retracted by us"),
        "no_position": gettext("takes no position"),
        "outranked": gettext("first-hand words take precedence"),
        "superseded": gettext("superseded by newer words"),
        "later_than_as_of": gettext("said later than the moment shown"),
        "not_known_yet": gettext("not on record at the moment shown"),
        "withdrawn": gettext("withdrawn by the actor"),
        "joint_beside_own_words": gettext("own words of that day stand before a joint statement"),
        "earlier_that_day": gettext("superseded by later words of the same day"),
        "second_hand": gettext("what others say of somebody holds no position"),
        "voice": gettext("speaks for this side, but does not decide for it"),
        "order_open": gettext("may have been said later; the order of the two is unclear"),
    }
    return reasons[ignored.reason]
