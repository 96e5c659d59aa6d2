"""The answer of a topic in words: where each side stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.projections.queries import attached, entries
from timeline.projections.queries.coverage import read_coverage
from timeline.projections.queries.natures import natures
from web.entries.sources import attribution_of, shown_sources
from web.i18n import dates
from web.i18n.translate import gettext, ngettext
from web.lanes.address import TopicAddress
from web.lanes.company import Tally, tally
from web.lanes.coverage import gap_in_words
from web.lanes.history import own_lanes
from web.shell.request import this_request
from web.wording import answers, lede, stances
from web.wording.answers import Proof
from web.wording.grammar import Noun, noun
from web.wording.quotations import QuoteView, quote_of
from web.wording.when import changed_at, on_date, proofs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Position, Stance
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.entries.views import SourceView
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names
    from web.wording.stances import StanceView

DAY_BY_DAY = "tl-h"
"""The id of the heading above what was said on a topic."""

FEW_TOLD = 2
"""The most actors known only through others that a summary without sides names."""

MOST = 12
"""The most sides that are answered in full; the changed ones come first."""


class SideAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where one side stands, in words.

    ``sentence`` has its ``proofs``; after a change, ``before`` has ``proofs_before``. ``entry`` is
    the last statement of the position, with its ``sources``; ``replied`` is the day of the actor's
    reply to it. ``said`` and ``moved`` count statements and changes, empty if unknown; ``gap`` says
    that nobody watches, ``moved_href`` is the list of changes, ``last_known`` the day of an old
    position.
    """

    actor: Actor
    stance: StanceView
    sentence: str
    proofs: tuple[Proof, ...]
    before: str
    proofs_before: tuple[Proof, ...]
    quote: QuoteView | None
    words: str
    words_field: str
    entry: StatementEntry | None
    attribution: str
    sources: tuple[SourceView, ...]
    said: str
    moved: str
    moved_href: str
    replied: str = ""
    gap: str = ""
    last_known: str = ""

    @property
    def translated(self) -> tuple[str, ...]:
        """The fields of ``words`` that are in the reader's language."""
        return self.entry.translated if self.entry else ()


class BriefAnswer(msgspec.Struct, frozen=True):
    """Where one side stands, in a word; ``last_known`` is the day of an old position."""

    actor: Actor
    stance: StanceView
    last_known: str = ""


class Answer(msgspec.Struct, frozen=True):
    """A topic's answer: a sentence for all sides, and one for each, changed ones first.

    ``summary`` says where they stand, ``latest`` who changed, ``further`` are more sentences.
    ``others`` are further sides with one word each; ``in_person`` are people who only spoke for a
    side. It ``is_unsigned`` where words differ of a side that is not told
    to have changed.
    """

    summary: str
    latest: str
    further: str
    changed: list[SideAnswer]
    unchanged: list[SideAnswer]
    others: list[BriefAnswer]
    in_person: list[BriefAnswer]
    is_unsigned: bool

    @property
    def sides(self) -> list[SideAnswer]:
        """The sides that are answered in full, changed ones first."""
        return [*self.changed, *self.unchanged]

    @property
    def names_anybody(self) -> bool:
        """Tell whether any actor has an answer of their own."""
        return bool(self.sides or self.others or self.in_person)


def answer(
    conn: Connection,
    topic: Topic,
    lanes: Sequence[LaneHistory],
    names: Names,
    clocks: Clocks,
    speakers: Sequence[LaneHistory] = (),
    read: Mapping[int, StatementEntry] | None = None,
) -> Answer | None:
    """Return the answer of these sides; ``None`` if no valid statement is on record.

    ``speakers`` are the lanes of people who only spoke for a side, ``read`` are statements that
    were read already.
    """
    with_position = [lane for lane in lanes if lane.position.counted]
    changed = sorted(
        (lane for lane in with_position if lane.latest), key=lambda lane: -lane.moved_at
    )
    unchanged = [lane for lane in with_position if lane.latest is None]
    unchanged.sort(key=lambda lane: -lane.last_word)
    in_order = [*changed, *unchanged]
    sides = side_answers(conn, topic, in_order[: 2 * MOST], names, clocks, read)
    counted = tally(lanes, speakers)
    people = {lane.actor for lane in counted.persons}
    once = {lane.actor for lane in counted.every} - people
    changed_sides = [lane for lane in changed if lane.actor in once]
    spoke = [
        lane
        for lane in counted.persons
        if lane.latest and not once.intersection({lane.actor, *lane.latest.lanes})
    ]
    is_unsigned = any(lane.has_steps for lane in unchanged)
    opening = [
        *_opening(conn, topic, [*counted.sides, *counted.earlier], names, clocks, read),
        *_in_person(topic.scale, counted, names),
        *([] if counted.every else _reported_sentences(conn, topic, lanes, names, clocks.known_at)),
    ]
    took_none = sum(map(_took_no_position, [*lanes, *([] if counted.every else speakers)]))
    opening.append(lede.silent(took_none, alone=not any(opening)))
    summary, *further = [sentence for sentence in opening if sentence] or [""]
    if not summary:
        return None
    return Answer(
        summary,
        " ".join(
            filter(
                None,
                (
                    _who_moved(
                        conn, changed_sides, len(once), names, clocks, is_unsigned=is_unsigned
                    ),
                    _speakers_moved(conn, spoke, names, clocks),
                ),
            )
        ),
        " ".join(further),
        sides[: len(changed)],
        sides[len(changed) :],
        _in_a_word(
            conn, topic, [*in_order[2 * MOST :], *filter(_is_only_reported, lanes)], names, clocks
        ),
        _in_a_word(
            conn, topic, [lane for lane in speakers if lane.position.counted], names, clocks
        ),
        is_unsigned,
    )


def standing_of(
    conn: Connection, topic: Topic, lanes: list[LaneHistory], names: Names, clocks: Clocks
) -> str:
    """Return a sentence on where the sides of a topic stood when last heard."""
    sides = own_lanes(lanes)
    shown = {lane.actor for lane in sides}
    counted = tally(sides, [lane for lane in lanes if lane.actor not in shown])
    sentences = _opening(conn, topic, [*counted.sides, *counted.earlier], names, clocks)
    return next(filter(None, sentences), "")


def _in_person(scale: Scale, counted: Tally, names: Names) -> Iterator[str]:
    """Yield sentences on speakers who differ from their side, or whose side has no position."""
    unlike = [lane for lane in counted.persons if lane.actor not in counted.voices]
    voices = [lane for lane in counted.persons if lane.actor in counted.voices]
    yield lede.in_person(scale, _by_step(scale, unlike, names))
    yield lede.by_voices(scale, _by_step(scale, voices, names))


def _reported_sentences(
    conn: Connection,
    topic: Topic,
    lanes: Iterable[LaneHistory],
    names: Names,
    known_at: int | None,
) -> list[str]:
    """Return sentences on actors who are known only through the words of others."""
    reported_lanes = [lane for lane in lanes if _is_only_reported(lane)][:FEW_TOLD]
    reported = {
        lane.actor: later_words
        for lane in reported_lanes
        if (later_words := lane.position.reported)
    }
    said = entries.statements(
        conn, {reported.statements[-1] for reported in reported.values()}, known_at
    )
    names.actors({*reported})
    return [
        lede.silent_itself(
            topic.scale,
            noun(names.actor(actor)),
            reported.stance,
            said[reported.statements[-1]].said_at,
        )
        for actor, reported in reported.items()
        if reported.statements[-1] in said
    ]


def _is_only_reported(lane: LaneHistory) -> bool:
    """Tell whether an actor is known only through the words of others."""
    return not lane.position.counted and lane.position.reported is not None


def _took_no_position(lane: LaneHistory) -> bool:
    """Tell whether a lane has valid statements, but none ever took a position.

    Retracted statements do not count; a position that was withdrawn does.
    """
    why = {ignored.reason for ignored in lane.position.ignored}
    return not lane.position.counted and "no_position" in why and "withdrawn" not in why


def _opening(
    conn: Connection,
    topic: Topic,
    lanes: Iterable[LaneHistory],
    names: Names,
    clocks: Clocks,
    read: Mapping[int, StatementEntry] | None = None,
) -> Iterator[str]:
    """Yield sentences on where these sides stood when last heard."""
    ordered = sorted(lanes, key=lambda lane: -lane.statements)
    names.actors({lane.actor for lane in ordered})
    nouns = {lane.actor: noun(names.actor(lane.actor)) for lane in ordered}
    fresh = [lane for lane in ordered if not lane.position.last_known]
    old = [nouns[lane.actor] for lane in ordered if lane.position.last_known]
    is_recurring = bool(old) and natures(conn, [topic], clocks.known_at)[topic.id].recurring
    has_date = is_recurring or topic.scale.name == "vote"
    date = _same_date(conn, fresh, clocks, read) if has_date else ""
    groups = _by_step(topic.scale, fresh, names)
    yield lede.standing(topic.scale, groups, date, is_recurring=is_recurring)
    yield lede.differing([nouns[lane.actor] for lane in fresh if lane.position.stance == MIXED])
    yield lede.conditions([nouns[lane.actor] for lane in fresh if lane.position.terms])
    if old:
        yield lede.not_taking_part(old) if is_recurring else lede.long_silent(old)


def _same_date(
    conn: Connection,
    lanes: Iterable[LaneHistory],
    clocks: Clocks,
    read: Mapping[int, StatementEntry] | None,
) -> str:
    """Return the EDTF date on which all of these positions were last taken; empty if several."""
    numbers = {number for lane in lanes if (number := lane.position.last)}
    said = entries.statements(conn, numbers, clocks.known_at, read=read)
    said_at = {entry.said_at for entry in said.values()}
    return said_at.pop() if len(said_at) == 1 else ""


def _by_step(scale: Scale, lanes: Iterable[LaneHistory], names: Names) -> dict[int, list[Noun]]:
    nouns: dict[int, list[Noun]] = {step: [] for step in scale.steps}
    for lane in lanes:
        if isinstance(lane.position.stance, int):
            nouns[lane.position.stance].append(noun(names.actor(lane.actor)))
    return nouns


def _who_moved(
    conn: Connection,
    moved: Sequence[LaneHistory],
    sides: int,
    names: Names,
    clocks: Clocks,
    *,
    is_unsigned: bool,
) -> str:
    """Say which of so many sides changed; ``moved`` are their lanes, the latest first."""
    latest = [lane.latest for lane in moved if lane.latest]
    numbers = {number for change in latest for number in proofs_of(change)}
    said = entries.statements(conn, numbers, clocks.known_at)
    dates_of = [changed_at(change, said) for change in latest]
    sides_and_turns = [(noun(names.actor(lane.actor)), lane.turns) for lane in moved]
    date = next(iter(dates_of), "")
    return lede.moved(sides, sides_and_turns, date, dates_of.count(date), is_unsigned=is_unsigned)


def _speakers_moved(
    conn: Connection, moved: Sequence[LaneHistory], names: Names, clocks: Clocks
) -> str:
    """Say which speakers changed; ``moved`` are their lanes."""
    in_order = sorted(moved, key=lambda lane: -lane.moved_at)
    latest = in_order[0].latest if in_order else None
    said = entries.statements(conn, proofs_of(latest), clocks.known_at) if latest else {}
    nouns = [noun(names.actor(lane.actor)) for lane in in_order]
    changes = sum(lane.turns for lane in in_order)
    return lede.speakers_moved(nouns, changes, changed_at(latest, said) if latest else "")


def _in_a_word(
    conn: Connection, topic: Topic, lanes: list[LaneHistory], names: Names, clocks: Clocks
) -> list[BriefAnswer]:
    names.actors({lane.actor for lane in lanes})
    old = {lane.actor: lane.position.last for lane in lanes if lane.position.last_known}
    said = entries.statements(conn, {number for number in old.values() if number}, clocks.known_at)
    answers = []
    for lane in lanes:
        stance, rank = _said_of(lane.position)
        last = said.get(old.get(lane.actor) or 0)
        answers.append(
            BriefAnswer(
                names.actor(lane.actor),
                stances.view(topic.scale, stance, rank=rank),
                dates.said(last.said_at) if last else "",
            )
        )
    return answers


def _said_of(position: Position) -> tuple[Stance, int | None]:
    """Return the stance and rank of own words, else of what others last said."""
    if position.counted or position.reported is None:
        return position.stance, position.rank
    return position.reported.stance, position.reported.rank


def side_answers(
    conn: Connection,
    topic: Topic,
    lanes: Iterable[LaneHistory],
    names: Names,
    clocks: Clocks,
    read: Mapping[int, StatementEntry] | None = None,
) -> list[SideAnswer]:
    """Return the answer of each of these lanes, in their order."""
    shown = list(lanes)
    numbers = {number for lane in shown for number in _statements_read(lane)}
    said = entries.statements(conn, numbers, clocks.known_at, read=read)
    names.learn(said.values())
    names.actors({lane.actor for lane in shown})
    proving = {number for lane in shown if (number := lane.position.last)}
    sources = attached.sources(conn, proving, clocks.known_at) if proving else {}
    names.documents({source.document for group in sources.values() for source in group})
    answered = attached.replies(conn, proving, clocks.known_at) if proving else {}
    watched = read_coverage(conn, topic.id, clocks.known_at)
    moment = clocks.moment(this_request().now)
    answers_of_sides = []
    for lane in shown:
        last = lane.position.last or 0
        side = _side_answer(topic, lane, said, names, clocks, sources.get(last, []))
        replies = [dates.said(reply.replied_at) for reply in answered.get(last, []) if reply.text]
        gap = watched.gap_at(moment, lane.actor) if watched.spans else None
        answers_of_sides.append(
            msgspec.structs.replace(
                side,
                replied=replies[-1] if replies and side.entry else "",
                gap=gap_in_words(gap) if gap else "",
            )
        )
    return answers_of_sides


def _statements_read(lane: LaneHistory) -> set[int]:
    change, position = lane.came_by, lane.position
    ends = {number for number in (position.first, position.last) if number}
    sides = (*change.before[-1:], *change.after) if change else ()
    if change is None and lane.latest:
        sides = lane.latest.after
    return ends | set(position.counted[-1:]) | set(sides)


def _side_answer(
    topic: Topic,
    lane: LaneHistory,
    said: dict[int, StatementEntry],
    names: Names,
    clocks: Clocks,
    sources: list[attached.Source],
) -> SideAnswer:
    actor, position, change = names.actor(lane.actor), lane.position, lane.came_by
    view = stances.of_position(topic.scale, position, said)
    entry = said.get(position.last or 0)
    quote = quote_of(entry)
    words, field = _words(entry, quote)
    shown, count = shown_sources(entry, sources, names), lane.statements
    return SideAnswer(
        actor=actor,
        stance=view,
        sentence=answers.stands(topic.scale, actor, position, view.manner),
        proofs=answers.proofs([position.first, position.last], actor, said, names),
        before=answers.before(topic.scale, change, said) or _turned(topic, lane, said),
        proofs_before=answers.proofs(change.before[-1:] if change else (), actor, said, names),
        quote=quote,
        words=words,
        words_field=field,
        entry=entry,
        attribution=attribution_of(entry, shown) if entry else "",
        sources=shown,
        said=ngettext("%(num)d statement", "%(num)d statements", count) if count else "",
        moved=ngettext("%(num)d change", "%(num)d changes", lane.turns) if lane.turns else "",
        moved_href=_to_changes(topic, actor, clocks),
        last_known=dates.said(entry.said_at) if entry and position.last_known else "",
    )


def _turned(topic: Topic, lane: LaneHistory, said: dict[int, StatementEntry]) -> str:
    """Say how a side last changed that stands elsewhere by now without a change."""
    last = lane.latest
    if last is None or last.from_ is None or last.to is None or last.back_on is not None:
        return ""
    return gettext(
        "last change %(on_date)s: from %(before)s to %(after)s",
        on_date=on_date(changed_at(last, said)),
        before=stances.word(topic.scale, last.from_),
        after=stances.word(topic.scale, last.to),
    )


def _words(entry: StatementEntry | None, quote: QuoteView | None) -> tuple[str, str]:
    """Return our summary of a statement, and its field; empty beside a quote that stands alone."""
    if entry is None or entry.withheld or (quote is not None and quote.stands_alone):
        return "", ""
    texts = {"paraphrase": entry.words.paraphrase, "translation": entry.words.translation}
    return next(((words, field) for field, words in texts.items() if words), ("", ""))


def _to_changes(topic: Topic, actor: Actor, clocks: Clocks) -> str:
    """Return the address of an actor's changes at this moment, oldest first."""
    changes = TopicAddress(
        actor=(actor.slug,),
        only="changes",
        order="old",
        as_of=clocks.as_of_text,
        known_at=clocks.known_text,
    )
    return f"{changes.url(topic.slug)}#{DAY_BY_DAY}"
