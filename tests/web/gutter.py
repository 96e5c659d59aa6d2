"""A paper into which somebody wrote markup wherever words are taken."""

from __future__ import annotations

from typing import Any

from tests.web.paper import Paper
from timeline.application.commands import (
    Condition,
    Quoted,
    RecordDevelopment,
    Source,
)

EVIL = (
    "'\"><b hx-get=/log/rebuild hx-trigger=load onclick=x()>EVIL</b></title></textarea></svg>"
    "<script>x()</script><img src=x onerror=x()>{{ 7*7 }}{% raw %}&lt;"
)
SOURCE = Source(
    outlet=EVIL,
    title=EVIL,
    author=EVIL,
    url="https://example.org/talks",
    published_at="2025-12-16",
    lang="en",
)


class Gutter(Paper):
    """The site over such a record."""

    def print_first_edition(self) -> None:
        """Put markup on record under every name and in every field."""
        room = self.newsroom
        room.stories.open(self.dora(), EVIL, slug="talks")
        room.actors.introduce(self.dora(), EVIL, "state", slug="aland")
        room.actors.introduce(self.dora(), f"B {EVIL}", "person", slug="bland")
        room.actors.add_alias(self.dora(), "bland", f"C {EVIL}")
        room.actors.mandate(self.dora(), "bland", "aland", EVIL)
        room.topics.open(self.dora(), EVIL, "position", slug="union", story="talks", name=EVIL)
        room.topics.open(self.dora(), f"{EVIL}2", "claim", slug="next", succeeds="union")
        self._quarrel()
        self._think_again()
        room.topics.close(self.dora(), "union", EVIL)

    def _quarrel(self) -> None:
        words = Quoted(text=EVIL, lang="en", wording="original", prefix=EVIL, suffix=EVIL)
        self._put("own", "opposes", "2025-07-01", quote=words, translation=EVIL, utterance="u")
        self._put("later", "supports", "2025-08-01")
        self._put("heard", "doubts", "2025-09-01", attribution="second_hand", reported_via=EVIL)
        declined = {"no_position_reason": "declined", "asked": EVIL, "condition": None}
        self._put("silent", "no_position", "2025-07-01", topic="next", utterance="u", **declined)
        happened = RecordDevelopment(
            topics=("union",),
            title=EVIL,
            summary=EVIL,
            status="claimed",
            according_to="aland",
            happened_at="2025-08-03",
            source=SOURCE,
        )
        recorded = self.newsroom.developments.record(self.dora(), happened)
        self.numbers["event"] = recorded.position

    def _put(self, name: str, stance: str, said_at: str, **more: object) -> None:
        fields: dict[str, Any] = {
            "topic": "union",
            "on_behalf_of": "aland",
            "paraphrase": EVIL,
            "hedge": EVIL,
            "asked": EVIL,
            "condition": Condition(text=EVIL, topic="next"),
            "source": SOURCE,
        }
        self.say(name, "bland", stance, said_at, **(fields | more))

    def _think_again(self) -> None:
        room, number = self.newsroom.statements, self.numbers
        room.correct(self.dora(), number["own"], {"paraphrase": f"{EVIL}!"}, EVIL)
        room.correct(self.dora(), number["own"], {"said_at": "2025-07-02"}, EVIL)
        room.link(self.dora(), number["later"], "contradicts", number["own"], EVIL)
        room.receive_reply(self.dora(), number["own"], "2025-12-16", EVIL, "en")
        room.code(self.dora(), number["own"], "doubts", None, EVIL)
        room.second(self.dora(), number["later"], Source(outlet=f"{EVIL}2"), "reported")
        room.retract(self.dora(), number["silent"], EVIL)
