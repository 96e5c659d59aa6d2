"""The page of a search: actors, topics and entries, with the matched words marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import msgspec

from timeline.domain.spelling import name_key
from timeline.projections.queries import attached, directory, speaking
from timeline.projections.queries.asking import respelled
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.search import matching, search
from timeline.projections.queries.utterances import repeats_of
from web.entries.sources import shown_sources
from web.i18n import dates
from web.i18n.languages import direction, quoted
from web.lanes.answers import SideAnswer, side_answers
from web.search.answering import Answer, AskedDay, asked_day, read_answer, typed_day
from web.search.narrowing import GROUPS, Narrowing, SearchAddress, read_narrowed, read_narrowing
from web.shell.pagination import Part
from web.wording import stances
from web.wording.clocks import Clocks
from web.wording.grammar import noun
from web.wording.kinds import kind_word
from web.wording.names import Names
from web.wording.quotations import in_translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from timeline.projections.queries.attached import Source
    from timeline.projections.queries.directory import Actor
    from timeline.projections.queries.entries import DevelopmentEntry, Entry
    from timeline.projections.queries.search import SearchResults
    from web.entries.views import SourceView
    from web.wording.stances import StanceView


BRIEF, FULL = 5, 60
"""The most hits of each group in the list under the field, and on a page."""

COMPARED = 4
"""The most actors in the link to a comparison: with so many, cells still hold words."""

SHORT, LONG = 90, 220
"""The most characters of a text that a result shows."""


class ActorHit(msgspec.Struct, frozen=True):
    """An actor; ``called`` is the other name that matched, if one did."""

    slug: str
    name: str
    called: str
    kind: str
    topics: int
    statements: int


class TopicHit(msgspec.Struct, frozen=True):
    """A topic with its question in pieces."""

    slug: str
    question: tuple[Piece, ...]
    statements: int


class EntryHit(msgspec.Struct, frozen=True, kw_only=True):
    """A statement or a development.

    ``lang`` is set where the text is a quote or a passage; the outlet of a passage is
    ``worded_by``. ``is_condition`` tells that it is what the stance depends on. ``source`` is left
    out where the list is brief.
    """

    number: int
    who: str
    for_whom: str
    stance: StanceView | None
    text: tuple[Piece, ...]
    lang: str = ""
    direction: str = "ltr"
    topic: str
    when: str
    retracted: bool
    worded_by: str = ""
    is_condition: bool = False
    in_translation: str = ""
    source: SourceView | None = None


class MatchedText(NamedTuple):
    """The text of a statement that matches; see `EntryHit`."""

    text: str = ""
    lang: str = ""
    worded_by: str = ""
    is_condition: bool = False


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the templates of a search read; ``parts`` are by group.

    ``uncounted`` tells that there are more entries than were counted. ``meant`` is the corrected
    spelling that was searched instead, if nothing matched the typed one. ``short_answer`` is one
    sentence, ``answer`` its proof, both as of ``clocks``; ``no_day`` says why that is not the typed
    day.
    """

    typed: str
    actors: list[ActorHit] = []
    topics: list[TopicHit] = []
    entries: list[EntryHit] = []
    total: int = 0
    uncounted: bool = False
    parts: dict[str, Part] = {}
    near: list[Actor] = []
    meant: str = ""
    clocks: Clocks = Clocks()
    address: SearchAddress = SearchAddress("")
    narrowing: Narrowing | None = None
    day: AskedDay | None = None
    no_day: str = ""
    short_answer: Answer | None = None
    answer: SideAnswer | None = None

    @property
    def compare(self) -> str:
        """The address of a comparison of the first actors found."""
        return "/compare?" + urlencode([("actor", hit.slug) for hit in self.actors[:COMPARED]])

    @property
    def found_nothing(self) -> bool:
        """Tell whether a search had no results."""
        results = self.short_answer or self.actors or self.topics or self.entries or self.day
        return bool(self.typed) and not (results or self.is_narrowed_to_nothing)

    @property
    def is_narrowed_to_nothing(self) -> bool:
        """Tell whether entries match, but the filters leave out all of them."""
        is_known = self.narrowing is not None and self.narrowing.matches > 0
        return self.address.is_narrowed and not self.total and is_known


def search_page(conn: Connection, address: SearchAddress, *, brief: bool) -> SearchPage:
    """Search for the typed text; ``brief`` for the list under the field.

    If a group has too few hits to skip, they are shown from the first.
    """
    typed, group = address.typed, address.group
    if not typed:
        return SearchPage(typed=typed)
    chosen = read_narrowed(conn, address)
    limit = BRIEF if brief else FULL
    results = search(conn, typed, limit=limit, skip=address.skip, scope=chosen)
    if _is_unknown(conn, address, results) and (meant := respelled(conn, typed)) != typed:
        page = search_page(conn, msgspec.structs.replace(address, typed=meant), brief=brief)
        return msgspec.structs.replace(page, typed=typed, meant=meant)
    names = Names(conn, results.entries)
    shown = {group} if group else {*GROUPS}
    day = typed_day(typed)
    clocks = day.clocks
    answer = None if group else read_answer(conn, day.beside, names, clocks)
    page = SearchPage(
        typed=typed,
        short_answer=answer,
        clocks=clocks,
        answer=None if brief or not answer else _answer(conn, answer, names, clocks),
        actors=[_actor(conn, actor, results) for actor in results.actors if "actors" in shown],
        topics=[
            TopicHit(topic.slug, snippet(topic.question, results.points_at, LONG), topic.statements)
            for topic in results.topics
            if "topics" in shown
        ],
        entries=_entries(conn, results, names, brief=brief) if "entries" in shown else [],
        total=results.total,
        uncounted=results.uncounted,
        parts=_parts(address, results),
        address=address,
        narrowing=read_narrowing(conn, address, chosen)
        if "entries" in shown and not brief
        else None,
        day=None if brief or group else asked_day(conn, clocks, [answer.topic] if answer else []),
        no_day=day.problem,
    )
    if not page.found_nothing:
        return page
    if address.skip:
        return search_page(conn, msgspec.structs.replace(address, skip=0), brief=brief)
    return msgspec.structs.replace(page, near=directory.actors_near(conn, typed))


def _is_unknown(conn: Connection, address: SearchAddress, results: SearchResults) -> bool:
    """Tell whether nothing matches, even without filters."""
    if results.total or results.topics:
        return False
    return not (address.is_narrowed and matching(conn, address.typed))


def _answer(conn: Connection, answer: Answer, names: Names, clocks: Clocks) -> SideAnswer | None:
    """Return the full proof of an answer; ``None`` if no statement counts."""
    if answer.lane is None or not answer.lane.position.counted:
        return None
    return side_answers(conn, answer.topic, [answer.lane], names, clocks)[0]


def _parts(address: SearchAddress, results: SearchResults) -> dict[str, Part]:
    skip = address.skip
    counts = {
        "actors": (len(results.actors), results.actors_total),
        "topics": (len(results.topics), results.topics_total),
        "entries": (len(results.entries), results.total),
    }
    parts = {}
    for group, (here, total) in counts.items():
        last = skip + here
        goes_on = results.more if group == "entries" else last < total
        parts[group] = Part(
            first=skip + 1,
            last=last,
            total=total,
            before=address.url(group=group, skip=max(skip - FULL, 0)) if skip else "",
            following=address.url(group=group, skip=last) if goes_on else "",
        )
    return parts


def _actor(conn: Connection, actor: Actor, results: SearchResults) -> ActorHit:
    counts = speaking.counts_of(conn, [actor.id]).get(actor.id, speaking.NOTHING)
    called = results.called[actor.id]
    sounds_like_it = set(name_key(called).split()) & set(name_key(actor.name).split())
    return ActorHit(
        actor.slug,
        actor.name,
        "" if sounds_like_it else called,
        kind_word(actor.kind),
        counts.topics,
        counts.statements - repeats_of(conn, actor.id),
    )


def _entries(
    conn: Connection, results: SearchResults, names: Names, *, brief: bool
) -> list[EntryHit]:
    length = SHORT if brief else LONG
    hits = [_entry(entry, results, names, length) for entry in results.entries]
    if brief:
        return hits
    sources = attached.sources(conn, [entry.number for entry in results.entries])
    names.documents({source.document for group in sources.values() for source in group[:1]})
    return [
        msgspec.structs.replace(hit, source=next(iter(_first(entry, sources, names)), None))
        for hit, entry in zip(hits, results.entries, strict=True)
    ]


def _first(entry: Entry, sources: dict[int, list[Source]], names: Names) -> tuple[SourceView, ...]:
    return shown_sources(entry, sources.get(entry.number, [])[:1], names)


def _entry(entry: Entry, results: SearchResults, names: Names, length: int) -> EntryHit:
    if isinstance(entry, StatementEntry):
        return _statement(entry, results, names, length)
    return _development(entry, results, names, length)


def _statement(
    entry: StatementEntry, results: SearchResults, names: Names, length: int
) -> EntryHit:
    topic = names.topic(entry.topic)
    behalf = noun(names.lane(entry.on_behalf_of)).for_whom if entry.on_behalf_of else ""
    telling = _matched_text(entry, results, names)
    text, lang = telling.text, telling.lang
    is_quote = bool(lang) and not telling.worded_by
    return EntryHit(
        number=entry.number,
        who=names.actor(entry.speaker).name,
        for_whom=behalf,
        stance=stances.of(topic.scale, entry),
        text=snippet(quoted(text, lang) if is_quote else text, results.points_at, length),
        lang=lang,
        direction=direction(lang) if lang else "ltr",
        topic=topic.label,
        when=dates.said(entry.said_at),
        retracted=entry.retracted,
        worded_by=telling.worded_by,
        is_condition=telling.is_condition,
        in_translation=in_translation(entry.words.quote) if is_quote else "",
    )


def _matched_text(entry: StatementEntry, results: SearchResults, names: Names) -> MatchedText:
    """Return the text that matches; the source's wording is tried last."""
    words = entry.words
    if entry.withheld:
        return MatchedText()
    texts = [MatchedText(words.quote.exact, words.quote.lang)] if words.quote else []
    texts += [MatchedText(text) for text in (words.paraphrase, words.translation) if text]
    if words.condition:
        texts.append(MatchedText(words.condition, is_condition=True))
    if words.passage:
        document = names.document(entry.document)
        called = document.outlet or document.title or document.url
        texts.append(MatchedText(words.passage.exact, document.lang, called))
    telling = (
        text for text in texts if any(p.found for p in snippet(text[0], results.points_at, 500))
    )
    return next(telling, texts[0] if texts else MatchedText())


def _development(
    entry: DevelopmentEntry, results: SearchResults, names: Names, length: int
) -> EntryHit:
    says = names.actor(entry.according_to).name if entry.according_to else ""
    return EntryHit(
        number=entry.number,
        who=says,
        for_whom="",
        stance=None,
        text=() if entry.withheld else snippet(entry.title, results.points_at, length),
        topic=names.topic(entry.topics[0]).label if entry.topics else "",
        when=dates.said(entry.happened_at),
        retracted=entry.retracted,
    )


_WORD = re.compile(r"[^\W_]+")
LEAD = 0.3
"""The share of a snippet before its first matched word."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text; ``found`` if it matches the search."""

    text: str
    found: bool


def snippet(text: str, points_at: Callable[[str], bool], length: int) -> tuple[Piece, ...]:
    """Return about ``length`` characters of a text, cut between words."""
    spans = [match.span() for match in _WORD.finditer(text) if points_at(match[0])]
    start, end = _window(text, spans[0][0] if spans else 0, length)
    pieces = [Piece("…", found=False)] if start else []
    at = start
    for begin, stop in spans:
        if begin >= start and stop <= end:
            pieces += [Piece(text[at:begin], found=False), Piece(text[begin:stop], found=True)]
            at = stop
    pieces.append(Piece(text[at:end], found=False))
    if end < len(text):
        pieces.append(Piece("…", found=False))
    return tuple(piece for piece in pieces if piece.text)


def _window(text: str, first: int, length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    start = max(0, min(first - int(length * LEAD), len(text) - length))
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    return start, end
