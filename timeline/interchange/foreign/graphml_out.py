"""GraphML: who shares a position with whom, as discourse network analysis counts it.

Congruence, conflict and their difference are those of Discourse Network Analyzer (P. Leifeld,
"Discourse Network Analysis", 2017): of two actors, the products of their counts of statements on a
topic, of the same or of opposite sign, summed over all topics.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from timeline.domain.instants import calendar_date, day_of
from timeline.domain.variables import ATTRIBUTES
from timeline.interchange.foreign.named_rows import is_in_own_words, named_rows, step_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from timeline.interchange.foreign.named_rows import NamedRow
    from timeline.interchange.formats.contracts import ExportOptions, Store

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_ATTRIBUTES = (
    *(("label", "node", "string"), ("mode", "node", "string"), ("kind", "node", "string")),
    *(("weight", "edge", "double"), ("agree", "edge", "int"), ("disagree", "edge", "int")),
)
_THURSDAY = 3
"""The weekday of day 0 (1970-01-01); weeks begin with Monday, 0."""

Counts = dict[str, Counter[str]]
"""Numbers of statements by topic and actor."""


class GraphmlExporter:
    """Actors and topics linked by statements, or actors linked by shared positions."""

    name = "graphml"

    def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
        """Write one undirected graph; memory grows with its nodes and edges."""
        counted = _Network(options.duplicates)
        for entry in named_rows(store, options):
            counted.take(entry)
        root = ET.Element("graphml", {"xmlns": NAMESPACE})
        for name, of, kind in _ATTRIBUTES:
            _declare(root, name, of, kind)
        for name in counted.attributes:
            _declare(root, name, "node", "string")
        graph = ET.SubElement(root, "graph", {"id": options.network, "edgedefault": "undirected"})
        for node, data in counted.nodes(topics=options.network == "affiliation"):
            _put(graph, "node", {"id": node}, data)
        for (left, right), data in counted.edges(options.network):
            _put(graph, "edge", {"source": left, "target": right}, data)
        ET.indent(root)
        ET.ElementTree(root).write(out, "utf-8", xml_declaration=True)
        out.write(b"\n")


def _declare(root: ET.Element, name: str, of: str, kind: str) -> None:
    ET.SubElement(root, "key", {"id": name, "for": of, "attr.name": name, "attr.type": kind})


def _put(graph: ET.Element, tag: str, about: dict[str, str], data: dict[str, Any]) -> None:
    element = ET.SubElement(graph, tag, about)
    for name, value in data.items():
        ET.SubElement(element, "data", {"key": name}).text = _readable(str(value))


def _readable(text: str) -> str:
    """Return a text without characters that XML 1.0 does not allow."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


class _Network:
    """The statements of an export, counted by actor, topic and side.

    A statement counts for the actor on whose behalf it was made, else for the speaker. Statements
    that take no side, and hearsay, do not count.
    """

    def __init__(self, duplicates: str) -> None:
        self._duplicates = duplicates
        self._seen: set[tuple[Any, ...]] = set()
        self._sides: tuple[Counts, Counts] = (defaultdict(Counter), defaultdict(Counter))
        self._actors: dict[str, dict[str, str]] = {}
        self._topics: dict[str, str] = {}

    @property
    def attributes(self) -> list[str]:
        """The attributes that actors have, such as ``attributes.party``."""
        names = {name for actor in self._actors.values() for name in actor}
        return sorted(name for name in names if name.startswith(ATTRIBUTES))

    def take(self, entry: NamedRow) -> None:
        """Count an entry."""
        row = entry.row
        step = step_of(row) if row["kind"] == "statement" else None
        if not step or not is_in_own_words(row):
            return
        field = "on_behalf_of" if row.get("on_behalf_of") else "actor"
        actor, topic = row[field], row["topic"]
        if self._duplicates != "all":
            key = (actor, topic, step > 0, self._once(entry))
            if key in self._seen:
                return
            self._seen.add(key)
        if actor not in self._actors:
            data = {"label": entry.name_of(field), "mode": "actor", "kind": entry.kind_of(field)}
            self._actors[actor] = data | entry.attributes_of(field)
        self._topics[topic] = entry.questions[topic]
        self._sides[step > 0][topic][actor] += 1

    def _once(self, entry: NamedRow) -> tuple[Any, ...]:
        """Return the document or period in which repeated statements count once."""
        row = entry.row
        if self._duplicates == "document":
            names = ("url", "outlet", "title", "published_at")
            return tuple(row.get(f"source.{name}") for name in names)
        day = day_of(entry.counts_from)
        if self._duplicates == "week":
            return ((day + _THURSDAY) // 7,)
        year, month, _ = calendar_date(day)
        return (year, month) if self._duplicates == "month" else (year,)

    def nodes(self, *, topics: bool) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the nodes: all actors, and with ``topics`` all topics."""
        for actor, data in self._actors.items():
            yield f"a/{actor}", {name: value for name, value in data.items() if value}
        for topic, question in self._topics.items() if topics else ():
            yield f"t/{topic}", {"label": question, "mode": "topic"}

    def edges(self, network: str) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
        """Yield the edges of a network with their weights."""
        if network == "affiliation":
            yield from self._affiliations()
            return
        against, for_ = self._sides
        weights: Counter[tuple[str, str]] = Counter()
        for topic in self._topics:
            for pair in combinations(sorted({*against[topic], *for_[topic]}), 2):
                weights[pair] += _shared(network, against[topic], for_[topic], pair)
        for (left, right), weight in weights.items():
            if weight:
                yield (f"a/{left}", f"a/{right}"), {"weight": weight}

    def _affiliations(self) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
        against, for_ = self._sides
        for topic in self._topics:
            for actor in sorted({*against[topic], *for_[topic]}):
                agree, disagree = for_[topic][actor], against[topic][actor]
                data = {"weight": agree - disagree, "agree": agree, "disagree": disagree}
                yield (f"a/{actor}", f"t/{topic}"), data


def _shared(network: str, against: Counter[str], for_: Counter[str], pair: tuple[str, str]) -> int:
    """Return what a topic adds to the weight between two actors."""
    left, right = pair
    congruence = for_[left] * for_[right] + against[left] * against[right]
    conflict = for_[left] * against[right] + against[left] * for_[right]
    if network == "subtract":
        return congruence - conflict
    return congruence if network == "congruence" else conflict
