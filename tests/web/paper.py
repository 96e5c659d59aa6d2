"""A paper about invented countries, and a reader who opens its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tests.web.site import Site, plain
from timeline.application.commands import (
    Condition,
    Quoted,
    RecordDevelopment,
    RecordStatement,
    Source,
)
from timeline.bootstrap import open_store
from timeline.domain.actor import Actor
from timeline.domain.statement import Statement
from timeline.domain.topic import Topic
from timeline.domain.translation import Translatable
from timeline.projections.queries.entries import statements
from timeline.projections.queries.waiting import change_basis, unsigned_changes
from web.record.signing.rows import proposed_sentence
from web.wording.changes import naming_conditions
from web.wording.names import Names
from web.wording.when import dates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.application.newsroom import Newsroom
    from timeline.domain.event import Byline
    from timeline.domain.verdict import SignedIn

__all__ = ["TIMES", "Paper", "plain"]

START = 1_765_900_000_000_000
"""2025-12-16T15:46:40Z in microseconds."""

TIMES = Source(
    outlet="Invented Times",
    title="Talks in the capital",
    published_at="2025-12-16",
    lang="en",
    url="https://example.org/talks",
)


class Paper(Site):
    """The site over a small store; commands are a second apart, and reading takes no time."""

    def __init__(self, url: str) -> None:
        self.now = START
        """The time on every clock, in microseconds UTC."""
        store = open_store(url, clock=self._tick)
        super().__init__(msgspec.structs.replace(store, clock=lambda: self.now))
        self.numbers: dict[str, int] = {}

    def go_on_from(self, earlier: Paper) -> None:
        """Go on where an earlier paper stopped, over a copy of its store."""
        self.now, self.numbers = earlier.now, dict(earlier.numbers)

    def _tick(self) -> int:
        self.now += 1_000_000
        return self.now

    def wait(self, days: int) -> None:
        """Let days go by."""
        self.now += days * 86_400_000_000

    @property
    def newsroom(self) -> Newsroom:
        """The commands."""
        return self.services.newsroom

    def dora(self) -> Byline:
        """Return a byline of now."""
        return self.newsroom.byline("dora", "form")

    def say(self, name: str, actor: str, stance: str, said_at: str, **more: object) -> int:
        """Put a statement on record under a short name and return its number."""
        given: dict[str, Any] = {"topic": "union", "source": TIMES} | more
        command = RecordStatement(actor=actor, stance=stance, said_at=said_at, **given)
        self.numbers[name] = self.newsroom.statements.record(self.dora(), command).position
        return self.numbers[name]

    def sign(self, words: str = "", caveat: str = "", also: Sequence[SignedIn] = ()) -> int:
        """Let an editor sign what waits, by its proposed sentence unless ``words`` are given.

        Returns how much that was.
        """
        models = self.services.models
        models.catch_up()
        with self.app.test_request_context(), models.engine().connect() as conn:
            every = unsigned_changes(conn)
            numbers = {n for change in every for n in (*change.change.before, *change.change.after)}
            said_then = statements(conn, numbers)
            dates, conditional = dates_of(said_then), naming_conditions(said_then)
            for one in every:
                terms = change_basis(conn, one).terms
                sentence = proposed_sentence(one, terms, dates, Names(conn), conditional)
                said = words or sentence
                self.newsroom.changes.sign(self.dora(), one.ends, said, caveat, also)
        models.catch_up()
        return len(every)

    def put_into_german(self) -> None:
        """Put all names and words of ours on record into German, where they are the same."""
        room = self.newsroom
        nouns: dict[str, tuple[Any, type[Translatable]]] = {
            "actor": (room.actors, Actor),
            "topic": (room.topics, Topic),
            "statement": (room.statements, Statement),
        }
        for stream in dict.fromkeys(event.originator_id for _, event in self.services.log.stream()):
            history = self.services.log.stream_of(stream)
            desk, kind = nouns.get(history[0].TOPIC.partition(".")[0], (None, Translatable))
            translatable = kind.replay(history) if desk else None
            words = (
                {name: text for name, text in translatable.texts().items() if text}
                if translatable
                else {}
            )
            if words:
                desk.translate(self.dora(), stream, "de", words)

    def print_first_edition(self) -> None:
        """Put on record what the tests read."""
        room = self.newsroom
        room.stories.open(self.dora(), "Invented talks", slug="talks")
        room.topics.open(
            self.dora(), "Should Aland join the union?", "position", slug="union", story="talks"
        )
        room.topics.open(
            self.dora(),
            "Will there be a deal by spring?",
            "expectation",
            slug="deal",
            story="talks",
        )
        for slug, name, kind in (
            ("aland", "Aland", "state"),
            ("bland", "Bland", "state"),
            ("cland", "Cland", "state"),
            ("dora", "Dora Example", "person"),
        ):
            room.actors.introduce(self.dora(), name, kind, slug=slug)
        room.actors.mandate(self.dora(), "dora", "aland", "President")
        self._talk()

    def _talk(self) -> None:
        quote = Quoted(text="nous ne nous opposons pas", lang="fr", wording="original")
        for_aland = {"on_behalf_of": "aland"}
        self.say("no", "dora", "opposes", "2025-07-02", paraphrase="Rejects it.", **for_aland)
        self.say(
            "yes",
            "dora",
            "accepts",
            "2025-09-02",
            quote=quote,
            translation="we do not oppose",
            **for_aland,
        )
        self.say(
            "circles",
            "aland",
            "supports",
            "2025-12~",
            attribution="second_hand",
            reported_via="government circles",
            paraphrase="Could want it.",
            hedge="könnte",
        )
        self.say("wants", "bland", "supports", "2025-08-15", paraphrase="Wants it.")
        self.say("still", "bland", "supports", "2025-12-01", paraphrase="Wants it still.")
        self.say(
            "if",
            "cland",
            "conditional",
            "2025-09",
            paraphrase="Only after reforms.",
            condition=Condition(text="reforms first", topic="deal"),
        )
        self.say(
            "likely",
            "bland",
            "thinks likely",
            "2025-12-15",
            topic="deal",
            paraphrase="Says that it can be done.",
        )
        self.say(
            "silent",
            "dora",
            "no_position",
            "2025-12-15",
            topic="deal",
            no_position_reason="declined",
            asked="By when?",
            paraphrase="Would not name a date.",
            **for_aland,
        )
        happened = RecordDevelopment(
            topics=("union", "deal"),
            title="Talks in the capital end without a text",
            status="confirmed",
            happened_at="2025-12-14",
            source=TIMES,
        )
        recorded = self.newsroom.developments.record(self.dora(), happened)
        self.numbers["end"] = recorded.position
