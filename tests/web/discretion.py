"""A paper of which every word can be told by its mark, and every address that shows the record."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any

from timeline.application.commands import Condition, Excerpt, Quoted, RecordDevelopment, Source
from timeline.domain.codebook import Codebook
from timeline.domain.variables import TEXT, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.routing import Rule

    from tests.web.paper import Paper

MURMURED = "murmured"
"""A word that stands before every mark, to search for."""

SLUGS = ("union", "deal", "quiet", "talks", "bland", "dora", "eland")
STORED = "stored text of the source"
"""The one text that is for editors alone."""

PART = re.compile(r"<(?:([^<>]*):)?([a-z]+)>")
"""A part of a route that varies: what it may be, if that is said, and its name."""

PAINTED = {"png"}
"""What shows words without their letters; the same picture is an SVG, too."""


class Marks:
    """Hands out texts that each hold a mark of their own, which says what the text was."""

    def __init__(self, letter: str) -> None:
        self._what: dict[str, str] = {}
        self._letter = letter

    def text(self, what: str) -> str:
        """Return a text for a purpose."""
        mark = f"z{self._letter}{len(self._what):02d}z"
        self._what[mark] = what
        return f"{MURMURED} {mark}"

    @property
    def purposes(self) -> set[str]:
        """What the texts were handed out for."""
        return {*self._what.values()}

    def found_in(self, text: str) -> set[str]:
        """Return what a text gives away."""
        # Numbers in base 64 may look like a mark that nobody gave.
        found = {*re.findall(f"z{self._letter}[0-9]+z", text)} & self._what.keys()
        return {self._what[mark] for mark in found}


class Confidences:
    """What is told in confidence: an entry of each kind, with a topic and an actor.

    ``marks`` are those of the entries and of their sources, ``names`` those of topic and actor.
    """

    def __init__(self, paper: Paper) -> None:
        self.paper, self.marks, self.names = paper, Marks("e"), Marks("n")
        self._name()
        self.said = self._say()
        self.happened = self._happen()
        for number in (self.said, self.happened):
            self._hang_on(number)

    @property
    def numbers(self) -> tuple[int, int]:
        """The numbers of the statement and the development."""
        return self.said, self.happened

    def desk(self, number: int) -> Any:  # noqa: ANN401 - the commands of either kind
        """Return the commands of an entry's kind."""
        room = self.paper.newsroom
        return room.statements if number == self.said else room.developments

    def documents(self, number: int) -> tuple[str, ...]:
        """Return the ids of the sources of an entry."""
        stream = self.desk(number).stream(number)
        history = self.paper.services.log.streams_of([stream])[stream]
        return tuple(self.desk(number).KIND.replay(history).sources)

    def withhold(self) -> None:
        """Retract both entries, their words withheld."""
        for number in self.numbers:
            self.desk(number).retract(self.paper.dora(), number, "A private person.", withhold=True)

    def erase(self) -> None:
        """Erase everything that the law can have erased."""
        room, dora = self.paper.newsroom, self.paper.dora
        documents = {one for number in self.numbers for one in self.documents(number)}
        for number in self.numbers:
            self.desk(number).redact(dora(), number, "Art. 17 GDPR")
        for document in sorted(documents):
            room.documents.redact(dora(), document, "Art. 17 GDPR")
        room.actors.redact(dora(), "eland", "Art. 17 GDPR")
        room.topics.redact(dora(), "quiet", "Art. 17 GDPR")

    def _name(self) -> None:
        """Open a topic and introduce an actor, each named anew and translated."""
        room, dora, text = self.paper.newsroom, self.paper.dora, self.names.text
        asked, called = text("question"), text("name of the topic")
        room.topics.open(dora(), asked, "position", slug="quiet", name=called, story="talks")
        named = text("name of the actor")
        room.actors.introduce(dora(), named, "state", slug="eland")
        room.actors.mandate(dora(), "dora", "eland", "Envoy")
        room.actors.mandate(dora(), "eland", "aland", text("role"))
        for turn in ("first", "later"):
            words = {"topic_question": text(f"German question, {turn}")}
            room.topics.translate(dora(), "quiet", "de", words, text("translator of the topic"))
            words = {"actor_name": text(f"German name, {turn}")}
            room.actors.translate(dora(), "eland", "de", words, text("translator of the actor"))
            question, reason = text(f"question, {turn}"), text(f"reason to word it anew, {turn}")
            room.topics.reword(dora(), "quiet", question, reason, same_meaning=True)
            name, reason = text(f"name, {turn}"), text(f"reason to rename, {turn}")
            room.actors.rename(dora(), "eland", name, reason)
        room.actors.add_alias(dora(), "eland", text("alias"))
        party = Variable(id="party", kind=TEXT, label=text("label"), is_attribute=True)
        room.topics.write_codebook(dora(), "quiet", Codebook(variables=(party,)))
        self.paper.services.models.catch_up()
        room.actors.describe(dora(), "eland", {"party": text("attribute")})

    def _say(self) -> int:
        text = self.marks.text
        asked = Codebook(variables=(Variable(id="frame", kind=TEXT),))
        self.paper.newsroom.topics.write_codebook(self.paper.dora(), "union", asked)
        return self.paper.say(
            "secret",
            "dora",
            "no_position",
            "2025-12-10",
            on_behalf_of="eland",
            mandate_reason=text("reason to speak for both"),
            variables={"frame": text("own variable")},
            no_position_reason="declined",
            asked=text("question asked"),
            attribution="second_hand",
            reported_via=text("who reports"),
            quote=Quoted(
                text=text("quote"),
                lang="en",
                wording="translated",
                translated_by=text("translator of the quote"),
                prefix=text("passage before the quote"),
                suffix=text("passage after the quote"),
            ),
            passage=Excerpt(
                text=text("passage"),
                prefix=text("before the passage"),
                suffix=text("after the passage"),
            ),
            translation=text("our translation of the quote"),
            paraphrase=text("paraphrase"),
            condition=Condition(text=text("condition")),
            hedge=text("hedge"),
            utterance="one breath",
            source=self._source("source"),
        )

    def _happen(self) -> int:
        text = self.marks.text
        happened = RecordDevelopment(
            topics=("union", "quiet"),
            title=text("title"),
            summary=text("summary"),
            status="claimed",
            according_to="eland",
            happened_at="2025-12-11",
            source=self._source("source of a development"),
        )
        return self.paper.newsroom.developments.record(self.paper.dora(), happened).position

    def _source(self, what: str) -> Source:
        def text(part: str) -> str:
            return self.marks.text(f"{part} of the {what}")

        address = text("address").replace(" ", "-")
        return Source(
            outlet=text("outlet"),
            title=text("headline"),
            author=text("author"),
            url=f"https://example.org/{address}",
            published_at="2025-12-16",
            lang="en",
        )

    def _hang_on(self, number: int) -> None:
        """Correct, translate, link, second, read and answer an entry, and mend its source."""
        room, dora, text, desk = (
            self.paper.newsroom,
            self.paper.dora,
            self.marks.text,
            self.desk(number),
        )
        field = "paraphrase" if number == self.said else "title"
        for turn in ("first", "corrected"):
            german = {field: text(f"German {field}, {turn}")}
            desk.translate(dora(), number, "de", german, text("translator"))
            desk.correct(dora(), number, {field: text(f"{field}, {turn}")}, "Closer.")
        further = self._source(f"further source of the {field}")
        desk.second(
            dora(), number, further, "second_hand", text("who reports to the further source")
        )
        desk.link(
            dora(), number, "contradicts", self.paper.numbers["wants"], text("note of a link")
        )
        still = self.paper.numbers["still"]
        room.statements.link(dora(), still, "contradicts", number, text("note of a link to it"))
        for document in self.documents(number):
            room.documents.take_snapshot(dora(), document, text(STORED))
            room.documents.correct(
                dora(), document, "title", text("headline, corrected"), "Closer."
            )
        if number == self.said:
            desk.code(dora(), number, "opposes", note=text("note of another reading"))
            desk.request_reply(dora(), number, text("request for a reply"))
            desk.receive_reply(dora(), number, "2025-12-15", text("reply"), "en")


VIEWS = {
    "topic.show": (
        "view=table",
        "only=changes",
        "clock=known",
        "sources=all",
        "s={said}",
        "s={happened}",
    ),
    "compare.show": ("actor=eland&actor=dora&topic=union&topic=quiet", "story=talks"),
    "compare.data": ("actor=eland&actor=dora&topic=union&topic=quiet", "story=talks"),
    "api.entries": ("topic=union", "actor=eland", "order=old"),
    "api.events": ("limit=500",),
    "api.positions": ("why=1", "topic=union"),
    "api.changes": ("topic=union",),
    "api.matrix": ("topic=union&topic=quiet",),
    "compare.matrix": ("topic=union", "actor=eland", "story=talks&at=2025-12"),
    "compare.matrix_data": ("topic=union", "actor=eland", "topic=quiet&layout=wide"),
    "log.diff": ("topic=union&a=@{happened}", "topic=quiet&clock=said&a=2025-12-01"),
    "search.show": (f"q={MURMURED}",),
    "api.search": (f"q={MURMURED}",),
    "analyse.show": ("question=positions", "question=networks"),
    "analyse.data": ("question=positions", "question=networks"),
    "actor.everyone": (f"q={MURMURED}",),
}
"""What else an address can ask for, by its route."""

APART = ("/record", "/static", "/log.", "/live")
"""What readers do not get, what holds no record, and what tells of log positions without end."""


def addresses(confidences: Confidences) -> Iterator[str]:
    """Yield the address of every page, frame, feed and file for readers, at several moments."""
    head = confidences.paper.services.log.head()
    known = ((confidences.said + head) // 2, head - 1)
    moments = ["", *(f"known_at=@{position}" for position in known)]
    for rule in confidences.paper.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(APART):
            for path, view, moment in product(
                _paths(rule, confidences), _views(rule, confidences), moments
            ):
                yield f"{path}?{'&'.join(filter(None, (view, moment)))}"
    yield from (f"/log?at={position}" for position in range(1, head + 1))


def _views(rule: Rule, confidences: Confidences) -> list[str]:
    views = VIEWS.get(rule.endpoint, ())
    return [
        "",
        *(view.format(said=confidences.said, happened=confidences.happened) for view in views),
    ]


def _paths(rule: Rule, confidences: Confidences) -> Iterator[str]:
    numbers = [str(one) for one in (*confidences.numbers, confidences.paper.numbers["still"])]
    versions = [
        f"{number}@{at}"
        for number in confidences.numbers
        for at in (number, confidences.happened + 3)
    ]
    values: dict[str, Sequence[str]] = {
        "slug": SLUGS,
        "actor": SLUGS,
        "reference": [*numbers, *versions],
        "number": numbers,
        "then": numbers,
        "later": numbers,
        "level": ("0", "entries"),
        "place": (f"000.p/{min(255, confidences.paper.services.log.count())}",),
    }
    fixed, *parts = PART.split(rule.rule)
    kinds, names, between = parts[::3], parts[1::3], parts[2::3]
    choices = [values.get(name) or _named(kind) for kind, name in zip(kinds, names, strict=True)]
    for chosen in product(*choices):
        # What was split stands between the parts that vary.
        pairs = zip(chosen, between, strict=True)
        yield fixed + "".join(f"{value}{after}" for value, after in pairs)


def _named(kind: str | None) -> Sequence[str]:
    """Return what a part may be where its route names it: ``any(json, csv)``."""
    named = re.fullmatch(r"any\((.*)\)", kind or "")
    return [one for one in named[1].split(", ") if one not in PAINTED] if named else ("x",)
