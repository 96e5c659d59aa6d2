"""The filters above the chart: their boxes, and the entries that they let through."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

from timeline.domain.dates import parse_as_of, parse_start
from timeline.domain.spelling import romanise
from timeline.domain.variables import OF_ACTORS, OF_STATEMENTS, parse_variable_filter
from timeline.projections.queries import crowds, directory, log, paging
from timeline.projections.queries.documents import documents_like
from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
from timeline.projections.queries.own_values import (
    numbers_by_value,
    numbers_having,
    statements_having,
)
from timeline.projections.queries.paging import EVERYTHING, Filter
from timeline.projections.queries.selected_entries import BriefStatement
from timeline.projections.tables.lanes import Lanes, lanes_known
from web.entries.variables import asked_now, variables_now
from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from web.entries.variables import VariableView
    from web.lanes.address import TopicAddress
    from web.lanes.history import LaneHistory
    from web.wording.clocks import Clocks
    from web.wording.names import Names


MOST_COUNTED = 5_000
"""The most statements of a topic that are counted one by one for the boxes of filters.

With more, boxes show only counts that are stored.
"""

SOURCES, MOST_SOURCES = 8, 500
"""The most sources with a box, by number of statements; and the most if all are asked for."""

TITLE = 32
"""The most characters of a title that names its source."""

TELLING = 13
"""Characters of a document's id that identify it; addresses accept more, too."""


Proofs: TypeAlias = Mapping[str, frozenset[int]]
"""By lane (an actor's id) the statements that prove its changes, without first positions."""

AnyStatement: TypeAlias = StatementEntry | BriefStatement
S = TypeVar("S", bound=StatementEntry | BriefStatement)


class Option(msgspec.Struct, frozen=True):
    """One box of a filter; ``count`` respects the other filters, None if it is unknown."""

    value: str
    label: str
    count: int | None
    chosen: bool
    stance: StanceView | None = None


class FilterCandidates(msgspec.Struct, frozen=True):
    """What the filters of a topic choose among; ``said`` is None if there are too many."""

    lanes: list[LaneHistory]
    said: Mapping[int, BriefStatement] | None
    proofs: Proofs


class Filters(msgspec.Struct, frozen=True):
    """The boxes of each filter; ``more_sources`` counts the sources without a box.

    ``variables`` are those of the codebook, each with its label.
    """

    actors: list[Option]
    stances: list[Option]
    sources: list[Option]
    kinds: list[Option]
    variables: list[tuple[str, list[Option]]]
    more_sources: int


class Counts(msgspec.Struct, frozen=True):
    """How many valid entries each box leaves, None if unknown; ``every`` counts the sources."""

    actors: Mapping[str, int] | None
    stances: Mapping[int | None, int] | None
    sources: Mapping[str, int | None]
    every: int


def read_filter(
    conn: Connection, topic: str, address: TopicAddress, known_at: int | None = None
) -> Filter:
    """Return the filter of an address for a topic (an id).

    Statements that prove changes are selected by `only_proving`.
    """
    actor_ids: set[str] = set()
    for slug in address.actor:
        actor_ids |= lanes_known(conn).members(directory.actor(conn, slug).id)
    return Filter(
        actors=frozenset(actor_ids),
        stances=frozenset(None if value == "none" else int(value) for value in address.stance),
        documents=_documents(conn, address),
        kinds=frozenset(address.kind),
        having=statements_having(conn, {topic}, address.variable, known_at),
        begin=parse_start(address.begin) if address.begin else None,
        end=parse_as_of(address.end) if address.end else None,
        recorded_after=log.read_known(conn, address.since) if address.only == "new" else None,
    )


def _documents(conn: Connection, address: TopicAddress) -> frozenset[str]:
    """Return the chosen documents; an unknown one is kept, and lets nothing through."""
    documents = (documents_like(conn, source) or {source} for source in address.source)
    return frozenset(document for ids in documents for document in ids)


def only_proving(filter_: Filter, proofs: Proofs) -> Filter:
    """Let through only the statements that prove a change.

    If actors are chosen, only changes of their own lanes count.
    """
    numbers = (
        proofs_of_actor
        for actor, proofs_of_actor in proofs.items()
        if not filter_.actors or actor in filter_.actors
    )
    return msgspec.structs.replace(filter_, numbers=frozenset().union(*numbers))


def lets_through(filter_: Filter, statement: AnyStatement) -> bool:
    """Tell whether a statement passes."""
    return (
        (not filter_.actors or bool(filter_.actors.intersection(statement.actors)))
        and (not filter_.stances or statement.stance in filter_.stances)
        and (not filter_.documents or statement.document in filter_.documents)
        and (not filter_.kinds or "statement" in filter_.kinds)
        and (filter_.numbers is None or statement.number in filter_.numbers)
        and (filter_.having is None or statement.number in filter_.having)
        and (filter_.begin is None or statement.counts_from >= filter_.begin)
        and (filter_.end is None or statement.counts_from <= filter_.end)
        and (filter_.recorded_after is None or statement.number > filter_.recorded_after)
    )


def passing(filter_: Filter, said: Mapping[int, S]) -> list[S]:
    """Return the statements that pass."""
    if filter_ == EVERYTHING:
        return [*said.values()]
    return [statement for statement in said.values() if lets_through(filter_, statement)]


def hidden_numbers(filter_: Filter, said: Mapping[int, AnyStatement]) -> frozenset[int]:
    """Return the numbers of the statements that do not pass."""
    return frozenset(said.keys() - {statement.number for statement in passing(filter_, said)})


def is_on_axis(filter_: Filter, entry: DevelopmentEntry) -> bool:
    """Tell whether a development is shown; filters of actors and stances do not hide it."""
    return (
        (not filter_.kinds or "development" in filter_.kinds)
        and (filter_.begin is None or entry.counts_from >= filter_.begin)
        and (filter_.end is None or entry.counts_from <= filter_.end)
    )


def filters(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    filter_: Filter,
    candidates: FilterCandidates,
    names: Names,
) -> Filters:
    """Return every box with the number of entries that it would leave."""
    most = MOST_SOURCES if address.sources else SOURCES
    chosen = {document for part in address.source for document in documents_like(conn, part)}
    if candidates.said is None:
        counts = _counts_on_record(conn, topic, clocks, filter_, most, chosen)
    else:
        counts = _counted(filter_, candidates.said, names.lanes, most, chosen)
        if filter_.numbers is not None:
            counts = msgspec.structs.replace(
                counts, actors=_changes(filter_, candidates.proofs, candidates.said)
            )
    names.documents(set(counts.sources))
    return Filters(
        actors=sorted(
            (_actor(names.actor(lane.actor), counts.actors, address) for lane in candidates.lanes),
            key=lambda option: romanise(option.label),
        ),
        stances=[
            _stance(topic, value, counts.stances, address) for value in (*topic.scale.steps, None)
        ],
        sources=[
            Option(
                document[:TELLING], _dated_source(names, document), count, chosen=document in chosen
            )
            for document, count in counts.sources.items()
        ],
        kinds=_kinds(conn, topic, address, clocks, filter_, candidates.said),
        variables=_variables(conn, topic, address, clocks, filter_, candidates.said),
        more_sources=counts.every - len(counts.sources),
    )


def _counted(
    filter_: Filter,
    said: Mapping[int, BriefStatement],
    lanes: Lanes,
    most: int,
    chosen: set[str],
) -> Counts:
    """Count entries for each box, from the statements that were read."""

    def but(**without: frozenset[object]) -> list[BriefStatement]:
        statements = passing(msgspec.structs.replace(filter_, **without), said)
        return [statement for statement in statements if not statement.retracted]

    spoken = Counter(
        (statement.speaker, statement.on_behalf_of) for statement in but(actors=frozenset())
    )
    by_actor: Counter[str] = Counter()
    for (speaker, behalf), count in spoken.items():
        for lane in {lanes.of(actor) for actor in (speaker, behalf) if actor}:
            by_actor[lane] += count
    by_stance = Counter(statement.stance for statement in but(stances=frozenset()))
    by_source = Counter(statement.document for statement in but(documents=frozenset()))
    listed = passing(msgspec.structs.replace(filter_, documents=frozenset()), said)
    by_source.update(dict.fromkeys({*chosen, *(statement.document for statement in listed)}, 0))
    shown = dict(by_source.most_common(most)) | {
        document: by_source[document] for document in sorted(chosen)
    }
    return Counts(by_actor, by_stance, shown, len(by_source))


def _changes(filter_: Filter, proofs: Proofs, said: Mapping[int, BriefStatement]) -> dict[str, int]:
    """Count the statements that prove changes of each actor."""
    everybody = msgspec.structs.replace(filter_, actors=frozenset(), numbers=None)
    shown = {statement.number for statement in passing(everybody, said)}
    return {actor: len(shown & numbers) for actor, numbers in proofs.items()}


def _counts_on_record(
    conn: Connection,
    topic: Topic,
    clocks: Clocks,
    filter_: Filter,
    most: int,
    chosen: set[str],
) -> Counts:
    """Return stored counts, which exist for now and without other filters."""

    def is_all_but(**without: frozenset[object]) -> bool:
        return clocks.is_now and msgspec.structs.replace(filter_, **without) == EVERYTHING

    by_actor = crowds.on_record(conn, topic.id) if is_all_but(actors=frozenset()) else None
    counts, every = crowds.sources(conn, topic.id, most, chosen)
    numbered = is_all_but(documents=frozenset())
    by_source = {document: count if numbered else None for document, count in counts.items()}
    return Counts(by_actor, None, by_source, every)


def _actor(actor: Actor, counts: Mapping[str, int] | None, address: TopicAddress) -> Option:
    count = None if counts is None else counts.get(actor.id, 0)
    return Option(actor.slug, actor.name, count, chosen=actor.slug in address.actor)


def _kinds(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    filter_: Filter,
    said: Mapping[int, BriefStatement] | None,
) -> list[Option]:
    labels = {"statement": gettext("statements"), "development": gettext("developments")}
    counts = {
        kind: paging.count(
            conn, topic.id, msgspec.structs.replace(filter_, kinds=frozenset({kind})), clocks
        )
        for kind in labels
    }
    if said is not None:
        listed = passing(msgspec.structs.replace(filter_, kinds=frozenset()), said)
        counts["statement"] -= sum(statement.retracted for statement in listed)
    return [
        Option(kind, word, counts[kind], chosen=kind in address.kind)
        for kind, word in labels.items()
    ]


def _variables(
    conn: Connection,
    topic: Topic,
    address: TopicAddress,
    clocks: Clocks,
    filter_: Filter,
    said: Mapping[int, BriefStatement] | None,
) -> list[tuple[str, list[Option]]]:
    boxes = [variable for variable in variables_now(conn, topic.id) if variable.choices]
    values_by_variable = parse_variable_filter(address.variable)
    ids = {variable.id for variable in boxes} | values_by_variable.keys()
    numbers = numbers_by_value(conn, {topic.id}, ids, clocks.known_at) if boxes else {}
    filled = []
    for box in boxes:
        others = {name: values for name, values in values_by_variable.items() if name != box.id}
        but = msgspec.structs.replace(filter_, having=numbers_having(others, numbers))
        standing = (
            None
            if said is None
            else {statement.number for statement in passing(but, said) if not statement.retracted}
        )
        options = [
            Option(
                f"{box.id}:{value}",
                label,
                None if standing is None else len(standing & numbers.get((box.id, value), set())),
                chosen=value in values_by_variable.get(box.id, ()),
            )
            for value, label in box.choices
        ]
        filled.append((box.label, options))
    return filled


def boxes(
    conn: Connection, chosen: Collection[str], topics: Collection[str] | None
) -> list[tuple[str, list[Option]]]:
    """Return the boxes of variables of statements on topics (ids, all for ``None``)."""
    return _boxes(asked_now(conn, OF_STATEMENTS, topics), chosen)


def actor_boxes(conn: Connection, chosen: Collection[str]) -> list[tuple[str, list[Option]]]:
    """Return the boxes of variables of actors."""
    return _boxes(asked_now(conn, OF_ACTORS), chosen)


def _boxes(
    variables: Iterable[VariableView], chosen: Collection[str]
) -> list[tuple[str, list[Option]]]:
    return [
        (
            variable.label,
            [
                Option(name := f"{variable.id}:{value}", label, None, chosen=name in chosen)
                for value, label in variable.choices
            ],
        )
        for variable in variables
        if variable.choices
    ]


def sources(said: Mapping[int, BriefStatement], names: Names) -> list[tuple[str, int]]:
    """Return the outlets that statements come from, most often first."""
    by_source = Counter(
        statement.document for statement in said.values() if not statement.retracted
    )
    names.documents(set(by_source))
    by_outlet: Counter[str] = Counter()
    for document, count in by_source.items():
        by_outlet[_source(names, document)] += count
    return by_outlet.most_common()


def _stance(
    topic: Topic,
    value: int | None,
    counts: Mapping[int | None, int] | None,
    address: TopicAddress,
) -> Option:
    name = "none" if value is None else str(value)
    shown = stances.view(topic.scale, value)
    count = None if counts is None else counts.get(value, 0)
    return Option(name, shown.word, count, chosen=name in address.stance, stance=shown)


def _source(names: Names, document: str) -> str:
    source = names.document(document)
    return source.outlet or source.title or source.url


def _dated_source(names: Names, document: str) -> str:
    """Return a source with its date, or its title if it has no date."""
    source = names.document(document)
    if source.published_at:
        return f"{_source(names, document)}, {dates.said(source.published_at)}"
    title = textwrap.shorten(source.title, TITLE, placeholder="…")
    return title or _source(names, document)
