"""The page of two wordings: their differences, and all wordings of their lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.projections.queries import entries
from timeline.projections.queries.answers import word
from web.entries.presenter import Presenter
from web.i18n import dates
from web.i18n.languages import direction
from web.lanes.dropped_words import DroppedWord, dropped_words_in
from web.lanes.history import LaneHistory, history_on
from web.shell.data_answer import data_answer
from web.wording import rewording, stances
from web.wording.changed_words import Piece, Rewording, compare_words
from web.wording.names import Names
from web.wording.quotations import in_translation

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.entries.views import StatementView
    from web.wording.clocks import Clocks
    from web.wording.stances import StanceView

NOT_TWO_STATEMENTS = Message(
    "not_two_statements",
    "#%(then)s and #%(later)s are not two statements on record",
    fix="compare two statements of one actor on one topic",
)
NOT_ONE_LANE = Message(
    "not_one_lane",
    "#%(then)s and #%(later)s are not of one lane on one topic",
    fix="compare two statements of one actor on one topic",
)


class Pair(msgspec.Struct, frozen=True):
    """Two statements by number, the earlier first."""

    then: int
    later: int

    @property
    def href(self) -> str:
        """The address of the page that compares them."""
        return f"/s/{self.then}..{self.later}"


class RewordingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the template reads; ``between`` are statements between the two.

    ``entries`` are the two as recorded. ``changed`` is ``None`` if the words are not verbatim in
    one language. ``wordings`` are those of the lane around the two, ``more`` counts the statements
    that are left out. ``ended`` are words that the lane dropped.
    """

    heading: str
    topic: Topic
    lane: Actor
    clocks: Clocks
    pair: Pair
    entries: tuple[StatementEntry, StatementEntry]
    then: StatementView
    later: StatementView
    changed: Rewording | None
    distance: str
    between: list[StatementView]
    rule: str
    before: Pair | None
    after: Pair | None
    wordings: list[Wording]
    more: int
    ended: list[DroppedWord]

    @property
    def ended_between(self) -> list[DroppedWord]:
        """The dropped words that the earlier text has and the later one lacks."""
        earlier, later = self.entries
        return [
            word
            for word in self.ended
            if earlier.counts_from <= word.last.counts_from
            and word.gone.counts_from <= later.counts_from
        ]


def rewording_page(conn: Connection, first: int, second: int, clocks: Clocks) -> RewordingPage:
    """Read the page; raises `NotFound` or `Refused` for statements that cannot be compared."""
    said = entries.statements(conn, {first, second}, clocks.known_at)
    if len(said) < 2:  # noqa: PLR2004 - a pair
        raise NotFound(NOT_TWO_STATEMENTS, then=first, later=second)
    names = Names(conn, said.values())
    lane = _lane(conn, said[first], said[second], names, clocks)
    earlier, later = sorted(said.values(), key=lambda entry: (entry.counts_from, entry.number))
    numbers = _with(lane.in_order, earlier, later)
    begin, end = numbers.index(earlier.number), numbers.index(later.number)
    wordings, more = all_wordings(conn, numbers, (begin, end), names, clocks.known_at)
    between = numbers[begin + 1 : end][:MOST_BETWEEN]
    all_said = said | entries.statements(conn, between, clocks.known_at)
    views = Presenter(conn, names, [*all_said.values()], known_at=clocks.known_at)
    changed = compare_words(earlier, later)
    shown_then, shown_later = views.statement(earlier), views.statement(later)
    topic = names.topic(earlier.topic)
    return RewordingPage(
        heading=rewording.heading(shown_then.said, shown_later.said),
        topic=topic,
        lane=names.actor(lane.actor),
        clocks=clocks,
        pair=Pair(earlier.number, later.number),
        entries=(earlier, later),
        then=shown_then,
        later=shown_later,
        changed=changed,
        distance=rewording.distance(end - begin - 1),
        between=[views.statement(all_said[number]) for number in between if number in all_said],
        rule=rewording.rule(changed, _stood(lane, topic, later)),
        before=Pair(numbers[begin - 1], earlier.number) if begin else None,
        after=Pair(later.number, numbers[end + 1]) if end + 1 < len(numbers) else None,
        wordings=wordings,
        more=more,
        ended=dropped_words_in(conn, topic, numbers, names, clocks),
    )


MOST_BETWEEN = 12
"""The most statements between the two that are named."""


def _lane(
    conn: Connection, entry: StatementEntry, other: StatementEntry, names: Names, clocks: Clocks
) -> LaneHistory:
    """Return the lane of both: that of the side for which both were said, if any."""
    shared = [
        lane
        for lane in (names.lane(by).id for by in (other.on_behalf_of, other.speaker) if by)
        if lane in {names.lane(by).id for by in entry.actors}
    ]
    if entry.topic == other.topic:
        for lane in shared:
            history = history_on(conn, entry.topic, lane, clocks)
            if history is not None:
                return history
    raise Refused(NOT_ONE_LANE, then=entry.number, later=other.number)


def _with(numbers: list[int], *retracted: StatementEntry) -> list[int]:
    """Return the statements of a lane, with the compared ones even if retracted."""
    missing = [entry.number for entry in retracted if entry.number not in numbers]
    return [*missing, *numbers]


def _stood(lane: LaneHistory, topic: Topic, later: StatementEntry) -> stances.StanceView | None:
    """Return the position of the lane with the later statement."""
    position = lane.position_at(later.counts_from, None)
    return (
        stances.view(topic.scale, position.stance, rank=position.rank) if position.counted else None
    )


def as_json(page: RewordingPage) -> Response:
    """Return one object with the lane, both statements in pieces, and their differences."""
    changed = page.changed
    sides = zip(page.entries, (page.then, page.later), strict=True)
    earlier, later = (_told(page, entry, shown) for entry, shown in sides)
    fields = {
        "topic": page.topic.slug,
        "actor": page.lane.slug,
        "known_at": page.clocks.known_at,
        "then": earlier | {"pieces": changed.then if changed else []},
        "later": later | {"pieces": changed.later if changed else []},
        "marked": bool(changed and changed.is_marked),
        "shared": changed.shared if changed else 0,
        "gone": changed.gone if changed else [],
        "new": changed.new if changed else [],
        "ended": [
            {"word": word.word, "last": word.last.number, "gone": word.gone.number}
            for word in page.ended
        ],
    }
    return data_answer(msgspec.json.encode(fields), "application/json")


def _told(page: RewordingPage, entry: StatementEntry, shown: StatementView) -> dict[str, Any]:
    return {
        "number": entry.number,
        "said_at": entry.said_at,
        "stance": word(page.topic.scale, entry.stance),
        "lang": shown.quote_lang,
        "url": shown.sources[0].href if shown.sources else "",
    }


AROUND = 20
"""The most statements before and after the two that are listed."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One wording: the first statement with it, and how often it was repeated in a row.

    ``pieces`` are its words, with changes from the wording before marked; ``gone`` are the words
    that it lacks. ``holds`` are the numbers of all its statements.
    """

    number: int
    holds: tuple[int, ...]
    stance: StanceView
    said: str
    machine: str
    again: str
    pieces: tuple[Piece, ...]
    lang: str
    direction: str
    in_translation: str
    gone: list[str]
    field: str
    entry: StatementEntry


def all_wordings(
    conn: Connection, numbers: list[int], at: tuple[int, int], names: Names, known_at: int | None
) -> tuple[list[Wording], int]:
    """Return the wordings around two statements at the indexes ``at``, and count the rest."""
    near = [*range(max(at[0] - AROUND, 0), min(at[1] + AROUND + 1, len(numbers)))]
    if len(near) > 4 * AROUND:
        near = [*near[: 2 * AROUND], *near[-2 * AROUND :]]
    shown = [numbers[place] for place in near]
    statements = entries.statements(conn, shown, known_at)
    said = [statements[number] for number in shown if number in statements]
    return _wordings(said, names), len(numbers) - len(shown)


def _wordings(said: list[StatementEntry], names: Names) -> list[Wording]:
    groups: list[list[StatementEntry]] = []
    for entry in said:
        if groups and _text(groups[-1][0]) == _text(entry) and groups[-1][0].stance == entry.stance:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    before = [None, *(group[-1] for group in groups)]
    return [_wording(group, old, names) for old, group in zip(before, groups, strict=False)]


def _wording(group: list[StatementEntry], before: StatementEntry | None, names: Names) -> Wording:
    first, last = group[0], group[-1]
    changed = compare_words(before, first) if before else None
    quote = first.words.quote if not first.withheld else None
    return Wording(
        number=first.number,
        holds=tuple(entry.number for entry in group),
        stance=stances.of(names.topic(first.topic).scale, first),
        said=dates.said(first.said_at),
        machine=dates.machine(first.counts_from),
        again=rewording.again(len(group) - 1, dates.said(last.said_at)) if group[1:] else "",
        pieces=_marked(changed, _text(first)),
        lang=quote.lang if quote else "",
        direction=direction(quote.lang) if quote else "ltr",
        gone=changed.gone if changed and changed.is_marked else [],
        in_translation=in_translation(quote),
        field="" if quote else "paraphrase",
        entry=first,
    )


def _marked(changed: Rewording | None, text: str) -> tuple[Piece, ...]:
    if changed is None or not changed.is_marked:
        return (Piece(text, "both"),) if text else ()
    return changed.later


def _text(entry: StatementEntry) -> str:
    """Return the quote, else our summary."""
    if entry.withheld:
        return ""
    quote = entry.words.quote
    return quote.exact if quote else entry.words.paraphrase or entry.words.translation
