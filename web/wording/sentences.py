"""A position or change as one sentence to paste: attributed, dated, hedged, with its source.

There is a sentence in each language in which everything that it names has a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.domain.scales import FIRST_VERSION
from web.i18n import dates
from web.i18n.languages import quoted
from web.i18n.translate import gettext, speaking
from web.wording import clauses, stances
from web.wording.facts import statements_needed
from web.wording.grammar import before_verb, noun
from web.wording.quotations import is_translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.domain.position import Change, LaterHearsay, Position
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.positions import LaneChange
    from web.wording.clocks import Clocks
    from web.wording.facts import SentenceFacts, StatementFacts


class Sentence(msgspec.Struct, frozen=True):
    """One sentence in one language."""

    lang: str
    text: str


def of_statement(number: int, languages: Iterable[SentenceFacts]) -> tuple[Sentence, ...]:
    """Say what somebody said."""

    def say(facts: SentenceFacts) -> str:
        return _statement(facts, facts.statements[number]) if facts.has_words([number]) else ""

    return _in_each(languages, say)


def of_position(
    topic: str, actor: str, position: Position, languages: Iterable[SentenceFacts], clocks: Clocks
) -> tuple[Sentence, ...]:
    """Say where somebody stands and by which words, or that nothing is on record.

    ``topic`` and ``actor`` are ids.
    """

    def say(facts: SentenceFacts) -> str:
        named = facts.names.topic(topic), facts.names.actor(actor)
        if not (facts.has(*named) and facts.has_words(statements_needed(position))):
            return ""
        return _position(facts, *named, position, clocks)

    return _in_each(languages, say)


def of_change(
    change: LaneChange, languages: Iterable[SentenceFacts], left: Position | None = None
) -> tuple[Sentence, ...]:
    """Say how a position changed, as an editor signed it; empty without words on record.

    With ``left``, the position that ended, it also says since when that is on record.
    """

    def say(facts: SentenceFacts) -> str:
        after, who = change.change.after[-1:], facts.names.actor(change.lane)
        is_told = facts.statements.keys() >= {*after} and facts.has(who) and facts.has_words(after)
        return _change(facts, who, change, left) if after and is_told else ""

    return _in_each(languages, say)


def _in_each(
    languages: Iterable[SentenceFacts], say: Callable[[SentenceFacts], str]
) -> tuple[Sentence, ...]:
    sentences = []
    for facts in languages:
        with speaking(facts.lang):
            if text := say(facts):
                sentences.append(Sentence(facts.lang, text))
    return tuple(sentences)


def _statement(facts: SentenceFacts, statement: StatementFacts) -> str:
    said = statement.entry
    says = clauses.said(
        statement.topic, said.stance, said.no_position_reason, version=said.scale_version
    )
    speaker, side = statement.speaker, statement.behalf
    who = clauses.name(speaker, side) if side else before_verb(speaker)
    main = clauses.on_question(statement.topic, who, says)
    main += _manner(statement, announced=_announces(statement)) + _words(facts, statement)
    return _closed(main, [_date(statement), *_source(statement)])


def _position(
    facts: SentenceFacts, topic: Topic, actor: Actor, position: Position, clocks: Clocks
) -> str:
    statements = facts.statements
    holding = [statements[number] for number in position.counted if number in statements]
    if not holding:
        none = gettext(
            "On the question “%(question)s”, no statement by %(who)s is on record",
            question=topic.question,
            who=noun(actor).for_whom,
        )
        return _closed(none, clocks.in_words())
    last = holding[-1]
    main = clauses.on_question(topic, before_verb(actor), clauses.said(topic, position.stance))
    if position.stance == MIXED:
        main += _each_stance(topic, holding) + _manner(last)
        proven = [_date(last), *(part for statement in holding for part in _source(statement))]
    else:
        main += _manner(last) + _words(facts, last)
        proven = [_first_and_last(position, statements), *_speaker(last, actor), *_source(last)]
    if position.reported:
        main += _beside(topic, position.reported, statements)
    return _closed(main, [*dict.fromkeys(proven), *clocks.in_words()])


def _each_stance(topic: Topic, holding: list[StatementFacts]) -> str:
    """Name the answers of one day: ": supports, opposes"."""
    answers = dict.fromkeys(statement.entry.stance for statement in holding)
    return ": " + ", ".join(stances.word(topic.scale, stance) for stance in answers)


def _beside(topic: Topic, reported: LaterHearsay, statements: dict[int, StatementFacts]) -> str:
    """Name what others report that differs from a position, and who they are."""
    stance = stances.word(topic.scale, reported.stance)
    via = [statements[number].via for number in reported.statements if number in statements]
    if not any(via):
        return gettext(", beside second-hand words: %(stance)s", stance=stance)
    return gettext(
        ", beside second-hand words according to %(via)s: %(stance)s",
        via=next(filter(None, via)),
        stance=stance,
    )


def _before(change: Change, statements: dict[int, StatementFacts], left: Position | None) -> str:
    """Say when the old position was said, first and last."""
    if left is not None and left.first != left.last:
        return gettext("before, %(said)s", said=_first_and_last(left, statements))
    before = [statements[number] for number in change.before if number in statements]
    if not before:
        return ""
    if left is not None:
        return gettext("before: %(date)s", date=dates.said(before[-1].entry.said_at))
    return gettext("before, %(said)s", said=_last(before[-1]))


def _change(
    facts: SentenceFacts, actor: Actor, lane_change: LaneChange, left: Position | None
) -> str:
    change, last = lane_change.change, facts.statements[lane_change.change.after[-1]]
    told = gettext(
        "On the question “%(question)s”: %(says)s",
        question=last.topic.question,
        says=" ".join(facts.told[lane_change].lines()),
    )
    parts = [_before(change, facts.statements, left), _date(last)]
    if change.to is not None and not change.joint:
        parts.append(_whose_words(last).removeprefix(", "))
    if not last.entry.withheld:
        parts += _limits(last, with_condition=change.kind != "terms")
    return _closed(told.removesuffix("."), [*parts, *_speaker(last, actor), *_source(last)])


def _date(statement: StatementFacts) -> str:
    date = dates.said(statement.entry.said_at)
    if statement.entry.attribution == "voted":
        return gettext("vote: %(date)s", date=date)
    if statement.entry.attribution == "ascribed":
        return gettext("held: %(date)s", date=date)
    return gettext("said: %(date)s", date=date)


def _last(statement: StatementFacts) -> str:
    date = dates.said(statement.entry.said_at)
    if statement.entry.attribution == "voted":
        return gettext("last such vote: %(date)s", date=date)
    if statement.entry.attribution == "ascribed":
        return gettext("last held: %(date)s", date=date)
    return gettext("last said: %(date)s", date=date)


def _first_and_last(position: Position, statements: dict[int, StatementFacts]) -> str:
    first, last = statements.get(position.first or 0), statements.get(position.last or 0)
    ends = [statement for statement in (first, last) if statement is not None]
    if first is None or last is None or first.entry.said_at == last.entry.said_at:
        return _date(ends[-1]) if ends else ""
    said = {
        "first": dates.said(first.entry.said_at),
        "last": dates.said(last.entry.said_at),
    }
    if last.entry.attribution == "voted":
        return gettext("first such vote: %(first)s, last: %(last)s", **said)
    if last.entry.attribution == "ascribed":
        return gettext("first held: %(first)s, last: %(last)s", **said)
    return gettext("first said: %(first)s, last said: %(last)s", **said)


def _announces(statement: StatementFacts) -> bool:
    """Tell whether the word for the stance already says that there is a condition."""
    said = statement.entry
    return (
        said.stance in dict(statement.topic.scale.earlier) and said.scale_version == FIRST_VERSION
    )


def _limits(statement: StatementFacts, *, with_condition: bool) -> Iterator[str]:
    """Say apart from a clause what limits a statement: its condition, its hedge."""
    words = statement.entry.words
    if words.condition and with_condition:
        yield gettext("condition: %(condition)s", condition=words.condition)
    if words.hedge:
        yield gettext("hedged in the source: %(hedge)s", hedge=words.hedge)


def _whose_words(statement: StatementFacts) -> str:
    manners = {
        "second_hand": gettext(", according to %(via)s", via=statement.via),
        "ascribed": gettext(", as the source has it"),
        "joint": gettext(", in a joint statement"),
    }
    return manners.get(statement.entry.attribution, "")


def _manner(statement: StatementFacts, *, announced: bool = False) -> str:
    """Say how a statement was reported, its condition and its hedge; no withheld words.

    With ``announced``, the clause before already says that there is a condition.
    """
    said, words = statement.entry, statement.entry.words
    manner = _whose_words(statement)
    if words.condition and not said.withheld:
        manner += _condition(words.condition, announced=announced)
    if words.hedge and not said.withheld:
        manner += gettext(", hedged in the source (%(hedge)s)", hedge=words.hedge)
    return manner


def _condition(words: str, *, announced: bool) -> str:
    """Return a condition to follow a clause: "if …", "that …", "after …"."""
    if announced:
        return gettext(": %(condition)s", condition=words)
    return gettext(", with a condition: %(condition)s", condition=words)


def _words(facts: SentenceFacts, statement: StatementFacts) -> str:
    """Return the quote of the source with its translation; only quotes have quotation marks."""
    words = statement.entry.words
    if words.quote is None or statement.entry.withheld:
        return ""
    text = f": {quoted(words.quote.exact, words.quote.lang)}"
    if is_translated(words.quote):
        text += gettext(" (in the source’s translation)")
    has_translation = facts.is_own or "translation" in statement.entry.translated
    if words.translation and has_translation and words.quote.lang.partition("-")[0] != facts.lang:
        text += gettext(" (translation: %(words)s)", words=words.translation)
    return text


def _speaker(statement: StatementFacts, actor: Actor) -> list[str]:
    return [] if statement.speaker.id == actor.id else [statement.speaker.name]


def _source(statement: StatementFacts) -> list[str]:
    """Return the source, then our record of it."""
    published = dates.said(statement.published_at) if statement.published_at else ""
    address = "" if statement.url == statement.outlet else statement.url
    return [", ".join(filter(None, (statement.outlet, published, address))), statement.link]


def _closed(main: str, parts: list[str]) -> str:
    shown = "; ".join(part for part in parts if part)
    return f"{main} ({shown})." if shown else f"{main}."
