"""Random histories: what editors may do to a small record, in any order that the rules allow."""

from __future__ import annotations

import hashlib
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from timeline.domain.actor import KINDS as ACTOR_KINDS
from timeline.domain.actor import Actor, Mandate
from timeline.domain.clock import Clock
from timeline.domain.codebook import Codebook, StanceGuide
from timeline.domain.coverage import HOWS, Watch
from timeline.domain.dates import parse_date
from timeline.domain.development import (
    Development,
    DevelopmentRecorded,
    Headline,
    record_development,
)
from timeline.domain.document import Document, Imprint
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, stamp
from timeline.domain.lede import Lede
from timeline.domain.messages import Message
from timeline.domain.nature import ASKS, Nature
from timeline.domain.quote import Passage, Quote
from timeline.domain.signing import Ledger
from timeline.domain.standing import STANDINGS, StatedStanding
from timeline.domain.statement import Statement, StatementRecorded, Words, record_statement
from timeline.domain.story import Side, Story
from timeline.domain.topic import Topic
from timeline.domain.verdict import CAUSES, Ends, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.domain.aggregate import Aggregate
    from timeline.domain.event import Event

NOTHING_SAID = Message("nothing_said", "nothing was said yet")

START = 1_765_800_000_000_000
"""2025-12-15T12:00:00Z in microseconds."""

DAYS = (
    *("2025-11-03", "2025-11-10", "2025-11-17", "2025-11-24", "2025-12-01", "2025-12-07"),
    "2025-12-10",
    "2025-12-11",
    "2025-12-11T09:00:00Z",
    "2025-12-11T15:00:00Z",
    "2025-12-12",
    "2025-12",
    "../2025-12-13",
    "2025-12-09/2025-12-11",
)
PUBLISHED = (None, "2025-12-12", "2025-12-14")
STANCES = (-2, -1, 0, 1, 2, None)
ATTRIBUTIONS = (
    *("reported", "quoted", "quoted", "joint", "quoted", "reported", "quoted", "quoted"),
    *("second_hand", "ascribed", "voted", "voted"),
)
KINDS = ("state", "person", "person", "organisation")
LONGEST = 100

How = tuple[int, int, int]
"""Which of the things there are, to be read anew whatever there is."""

Choice = tuple[int, int, int, int]


class Past:
    """A history as it is being made; every choice is read anew, so that any will do."""

    def __init__(self, *, may_hide: bool = True) -> None:
        self._may_hide = may_hide
        self.events: list[Event] = []
        self._now = START
        self._story = Story.open(self._byline(), "talks", "Talks")
        self._keep(self._story)
        self._topics = [self._topic("one", "position"), self._topic("two", "vote")]
        self._actors = [
            self._keep(Actor.introduce(self._byline(), f"actor-{n}", kind, f"Actor {n}"))
            for n, kind in enumerate(KINDS)
        ]
        self._documents = [
            self._keep(Document.file(self._byline(), Imprint(outlet=f"Paper {n}"), day, "en"))
            for n, day in enumerate(PUBLISHED)
        ]
        self._clock = Clock()
        self._ledger = Ledger()
        self._statements: list[Statement] = []
        self._verdicts: dict[str, Verdict] = {}
        self._developments: list[Development] = []

    def take(self, choices: list[Choice]) -> Past:
        """Do what these say, as far as the rules let us."""
        for which, a, b, c in choices:
            with suppress(Refused):
                DOINGS[which % len(DOINGS)](self, (a, b, c))
        return self

    def _byline(self) -> Byline:
        self._now += 1_000_000
        return Byline(self._now, "anna", "form")

    def _keep(self, aggregate: Any) -> Any:  # noqa: ANN401 - one of the nouns
        self.events.extend(aggregate.collect_events())
        return aggregate

    def _topic(self, slug: str, scale: str) -> Topic:
        story = self._story.id
        topic = Topic.open(self._byline(), slug, f"Is it {slug}?", scale, story=story)
        self._keep(topic)
        return topic

    def _id(self) -> str:
        return hashlib.sha256(str(len(self.events)).encode()).hexdigest()[:32]

    def _erased(self, aggregate: Aggregate) -> tuple[int, ...]:
        """Return the places in the log of the words of a stream; positions begin with one."""
        return tuple(
            place
            for place, event in enumerate(self.events, 1)
            if event.originator_id == aggregate.id and getattr(event, "content", None) is not None
        )

    def record(self, how: How) -> None:
        a, b, c = how
        speaker = self._actors[a % 7 % len(self._actors)]
        behalf = self._actors[b % len(self._actors)]
        speaks_for = speaker.kind == "person" and speaker is not behalf and c % 2
        stance = STANCES[(b + c) % len(STANCES)]
        attribution = ATTRIBUTIONS[(a + c) % len(ATTRIBUTIONS)]
        topic = self._topics[c % 7 % len(self._topics)]
        named = self._condition(how) if stance is not None else {}
        event = StatementRecorded(
            **stamp(self._byline(), self._id()),
            topic=topic.id,
            wording=topic.wording,
            speaker=speaker.id,
            said_at=DAYS[(a * 3 + b) % len(DAYS)],
            document=self._documents[(b + c) % len(self._documents)].id,
            attribution=attribution,
            content=Words(
                paraphrase=f"Words {a}",
                condition=named.pop("condition", ""),
                reported_via="circles" if attribution == "second_hand" else "",
                quote=Quote(exact="Yes.", lang="en") if attribution == "quoted" else None,
                variables={"room": f"{b % 3} lines"} if a % 3 == 0 else {},
            ),
            stance=stance,
            no_position_reason="unstated" if stance is None else None,
            on_behalf_of=behalf.id if speaks_for else None,
            utterance=f"utterance {a % 3}" if c % 3 == 0 else None,
            dissent=attribution == "voted" and b % 2 == 0,
            **named,
        )
        event = record_statement(event, topic.scale, speaker.kind)
        self.events.append(event)
        statement = Statement.replay([event])
        assert statement is not None
        self._statements.append(statement)

    def _condition(self, how: How) -> dict[str, Any]:
        """Name a condition anew, or one that was named before, or drop that."""
        a, b, c = how
        before = self._statements[(a + b) % len(self._statements)] if self._statements else None
        match (a + 3 * b + 7 * c) % 8:
            case 0 | 1:
                return {"condition": f"If it rains {c % 2}."}
            case 2 if before:
                return {"condition": "If so.", "condition_id": before.id}
            case 3 if before:
                return {"drops": (before.fields["condition_id"] or before.id,)}
            case 4:
                return {"condition_actor": self._actors[b % len(self._actors)].id}
        return {}

    def happen(self, how: How) -> None:
        a, b, c = how
        event = DevelopmentRecorded(
            **stamp(self._byline(), self._id()),
            topics=tuple(topic.id for topic in self._topics[: 1 + a % 2]),
            happened_at=DAYS[b % len(DAYS)],
            status="claimed",
            document=self._documents[c % len(self._documents)].id,
            content=Headline(title=f"Event {a}"),
            according_to=self._actors[c % len(self._actors)].id if b % 2 else None,
        )
        event = record_development(event)
        self.events.append(event)
        development = Development.replay([event])
        assert development is not None
        self._developments.append(development)

    def correct(self, how: How) -> None:
        a, b, c = how
        statement = self._statement(a)
        named = statement.fields["condition_id"]
        new: dict[str, Any] = (
            {"stance": STANCES[c % 5], "no_position_reason": None},
            {"said_at": DAYS[c % len(DAYS)]},
            {"topic": self._topics[c % len(self._topics)].id},
            {"speaker": self._actors[c % len(self._actors)].id, "on_behalf_of": None},
            {"attribution": ATTRIBUTIONS[c % 4]},
            {"document": self._documents[c % len(self._documents)].id},
            {"passage": f"Other words {c}"} if a % 2 else {"paraphrase": f"Other words {c}"},
            {"on_behalf_of": self._actors[c % len(self._actors)].id},
            {"variables.room": f"{c % 3} lines"},
            {"condition": f"If it snows {c}.", "condition_id": named or statement.id},
            {"condition_id": self._statement(a + c).id},
            {"drops": (self._statement(a + c).id,) if c % 3 else ()},
        )[b % 12]
        statement.correct(self._byline(), new, "A slip.", material=bool(c % 2))
        self._keep(statement)

    def retract(self, how: How) -> None:
        a, b, _ = how
        statement = self._statement(a)
        statement.retract(self._byline(), "Wrong.", withhold=bool(b % 2) and self._may_hide)
        self._keep(statement)

    def reinstate(self, how: How) -> None:
        a, _, _ = how
        retracted = [statement for statement in self._statements if statement.retracted]
        one = retracted[a % len(retracted)] if retracted else self._statement(a)
        one.reinstate(self._byline(), "Right after all.")
        self._keep(one)

    def second(self, how: How) -> None:
        a, b, c = how
        statement = self._statement(a)
        attribution = ATTRIBUTIONS[c % 4]
        statement.second(self._byline(), self._documents[b % len(self._documents)].id, attribution)
        self._keep(statement)

    def unsecond(self, how: How) -> None:
        a, b, _ = how
        several: list[Statement | Development] = [*self._statements, *self._developments]
        seconded = [one for one in several if one.further_sources]
        if seconded:
            one = seconded[a % len(seconded)]
            one.unsecond(self._byline(), one.further_sources[b % len(one.further_sources)], "No.")
            self._keep(one)

    def withdraw(self, how: How) -> None:
        a, b, _ = how
        # The later takes back the earlier, so that no circle comes about.
        other, statement = sorted((self._statement(a), self._statement(b)), key=self._place)
        if statement is other:
            other = self._statements[max(0, self._place(statement) - 1)]
        statement.link(self._byline(), "withdraws", other.id, "Takes it back.")
        self._keep(statement)

    def connect(self, how: How) -> None:
        a, b, _ = how
        statement, other = self._statement(a), self._statement(b)
        statement.link(self._byline(), "contradicts", other.id)
        self._keep(statement)

    def comment(self, how: How) -> None:
        a, b, c = how
        statement = self._statement(a)
        if b % 8 == 5:
            statement = self._judge_a_quote(statement, c)
        elif b % 4 == 3:
            statement.add_passage(self._byline(), Passage(f"It may join, it is said {c % 2}."))
        elif b % 3 == 0:
            coder: dict[str, Any] = (
                {"coder": "cora", "first_coder": "anna", "decision": "kept"} if c % 2 else {}
            )
            statement.code(self._byline(), 1, None, f"Note {c}", **coder)
        elif b % 3 == 1:
            statement.request_reply(self._byline(), f"Asked {c}")
        else:
            words = f"Reply {c}, {len(statement.replies)}"
            statement.receive_reply(self._byline(), statement.fields["said_at"], words, "en")
            if c % 2:
                statement.retract_reply(self._byline(), len(statement.replies), "A mix-up.")
        self._keep(statement)

    def _judge_a_quote(self, statement: Statement, n: int) -> Statement:
        latest = self._statements[::-1]
        if n % 2 and (read := next((each for each in latest if each.quote_readers), None)):
            read.unread_quote(msgspec.structs.replace(self._byline(), by=min(read.quote_readers)))
            return read
        statement = next((each for each in latest if each.fields["quote"]), statement)
        statement.read_quote(self._byline(), f"reader-{n % 3}", n % 5 - 2, carries=False)
        return statement

    def disconnect(self, how: How) -> None:
        a, b, _ = how
        linked = [statement for statement in self._statements if statement.links]
        if linked:
            one = linked[a % len(linked)]
            kind, target = sorted(one.links)[b % len(one.links)]
            one.unlink(self._byline(), kind, target, "A mix-up.")
            self._keep(one)

    def merge(self, how: How) -> None:
        a, b, _ = how
        one, other = self._actors[a % len(self._actors)], self._actors[b % len(self._actors)]
        one.merge_into(self._byline(), other.id, "The same.")
        self._keep(one)

    def unmerge(self, how: How) -> None:
        a, _, _ = how
        merged = [actor for actor in self._actors if actor.merged_into] or self._actors
        one = merged[a % len(merged)]
        one.undo_merge(self._byline(), "Two after all.")
        self._keep(one)

    def redate(self, how: How) -> None:
        a, b, c = how
        one = self._documents[a % len(self._documents)]
        if c % 3 == 0:
            one.correct(self._byline(), "author", f"Name {b % 4}", "Misread.")
        elif b % 4 == 0:
            one.take_snapshot(self._byline(), f"Text {b}")
        elif b % 4 == 1:
            one.correct(self._byline(), "title", f"Title {b}", "Misread.")
        else:
            one.correct(self._byline(), "published_at", PUBLISHED[1 + b % 4 % 2], "Misread.")
        self._keep(one)

    def redact(self, how: How) -> None:
        if not self._may_hide:
            return
        a, b, _ = how
        several: tuple[list[Any], ...] = (
            self._statements,
            self._documents,
            self._actors,
            self._topics,
            self._developments,
            [*self._verdicts.values()],
        )
        some = several[b % len(several)] or self._topics
        one = some[a % len(some)]
        one.redact(self._byline(), self._erased(one), "GDPR")
        self._keep(one)

    def name(self, how: How) -> None:
        a, b, c = how
        one = self._actors[a % len(self._actors)]
        if c % 5 == 4:
            one.describe(self._byline(), {"party": f"Party {b % 3}"}, "Looked up.")
        elif b % 2:
            one.add_alias(self._byline(), f"Alias {c % 4}")
        else:
            one.rename(self._byline(), f"Name {c % 4}", "Spelling.")
        self._keep(one)

    def classify(self, how: How) -> None:
        a, b, _ = how
        one = self._actors[a % len(self._actors)]
        one.classify(self._byline(), ACTOR_KINDS[b % len(ACTOR_KINDS)], "Looked up.")
        self._keep(one)

    def confirm_the_clock(self, how: How) -> None:
        a, _, _ = how
        if a % 4 == 0:
            self._clock.confirm(self._byline(), self._now)
            self._keep(self._clock)

    def rotate_the_key(self, how: How) -> None:
        a, b, _ = how
        if a % 4 == 0:
            self._ledger.rotate(self._byline(), f"note {b}")
            self._keep(self._ledger)

    def decide(self, how: How) -> None:
        a, b, c = how
        if len(self._statements) > 1:
            ends = self._ends(a, b)
            verdict = self._verdicts.setdefault(ends.stream, Verdict())
            stated = [one for one in self._verdicts.values() if one.verdict]
            if c % 5 == 4 and stated:
                verdict = stated[a % len(stated)]
                verdict.reopen(self._byline(), "Looked at again.")
            elif c % 5:
                verdict.sign(self._byline(), ends, f"Sentence {c % 3}.")
            else:
                verdict.decline(self._byline(), ends, CAUSES[c % len(CAUSES)])
            self._keep(verdict)

    def _ends(self, a: int, b: int) -> Ends:
        """Choose two statements of one speaker on one topic, one after the other."""
        fields = self._statement(a).fields
        topic, lane = fields["topic"], fields["speaker"]
        said = [
            statement
            for statement in self._statements
            if (statement.fields["topic"], statement.fields["speaker"]) == (topic, lane)
        ]
        said.sort(key=lambda statement: parse_date(statement.fields["said_at"]).latest)
        at = b % max(1, len(said) - 1)
        before, *after = (self._position(statement) for statement in said[at : at + 2])
        return Ends(topic, lane, 1 + (b % 4 > 0), (before,), (*after,) or (before,))

    def _position(self, statement: Statement) -> int:
        return next(
            place
            for place, event in enumerate(self.events, 1)
            if event.originator_id == statement.id
        )

    def mandate(self, how: How) -> None:
        a, b, c = how
        one, whom = self._actors[1 + a % 2], self._actors[b % len(self._actors)]
        mandate = Mandate(f"mandate-{a % 2}-{b % 4}-{c % 3}", whom.id, "Spokesperson", None, None)
        if c % 4 == 2 and one.mandates:
            on = self._topics[b % len(self._topics)].id if b % 2 else None
            said = StatedStanding(STANDINGS[a % 2], on, None, None, f"Reason {b % 3}.")
            one.state_standing(self._byline(), min(one.mandates), said)
        elif c % 4 == 3 and one.mandates:
            one.end_mandate(self._byline(), min(one.mandates), "2025-12-12")
        else:
            one.mandate(self._byline(), mandate)
        self._keep(one)

    def _watch(self, topic: Topic, how: How) -> None:
        a, b, c = how
        if topic.watches and b % 3 == 0:
            topic.withdraw_watch(self._byline(), min(topic.watches), "Nobody had the time.")
            return
        whom = self._actors[a % len(self._actors)].id if b % 2 else None
        way = ("", *HOWS)[c % 4]
        watch = Watch(since=f"20{10 + c % 9}", actor=whom, how=way, outlets=(f"Paper {b % 3}",))
        topic.watch(self._byline(), watch, max(topic.watches, default=0) if b % 5 == 4 else 0)

    def reword(self, how: How) -> None:
        a, b, c = how
        topic = self._topics[a % len(self._topics)]
        if c % 7 == 5:
            nature = Nature(ASKS[a % len(ASKS)], bool(b % 2), b % 30 or None)
            topic.classify(self._byline(), nature, "Looked at again.")
        elif c % 7 == 6:
            self._watch(topic, how)
        elif c % 7 == 4:
            pinned = tuple(each.id for each in self._statements[: a % 3])
            topic.set_lede(self._byline(), Lede(f"It began here, {b % 3}.", pinned))
        elif c % 5 == 4:
            guide = StanceGuide(stance=b % 3 or None, rule=f"Rule {b % 4}")
            topic.write_codebook(
                self._byline(), Codebook(stances=(guide,), reason="They differed.")
            )
        elif b % 4 == 3:
            topic.file_under(self._byline(), None if topic.story else self._story.id)
        elif b % 3 == 0:
            topic.reword(self._byline(), f"Is it {c % 4}?", "Clearer.", same_meaning=True)
        elif b % 3 == 1:
            topic.close(self._byline(), "Decided.")
        else:
            topic.reopen(self._byline(), "Not decided.")
        self._keep(topic)

    def translate(self, how: How) -> None:
        a, b, c = how
        several: tuple[list[Any], ...] = (
            self._statements,
            self._developments,
            self._topics,
            self._actors,
            [self._story],
        )
        some = several[b % len(several)] or self._topics
        one = some[a % len(some)]
        field, words = next(((name, text) for name, text in one.texts().items() if text), ("", ""))
        one.translate(self._byline(), "de" if c % 3 else "fr", {field: f"{words} ({c % 2})"}, "us")
        self._keep(one)

    def arrange(self, how: How) -> None:
        a, b, _ = how
        side = Side(label=f"Side {a % 2}", actors=(self._actors[b % len(self._actors)].id,))
        if a % 4 == 3:
            self._story.rename(self._byline(), f"Talks {b % 3}", "It is about more.")
        else:
            self._story.arrange_sides(self._byline(), (side,))
        self._keep(self._story)

    def mend_development(self, how: How) -> None:
        a, b, c = how
        if not self._developments:
            return
        development = self._developments[a % len(self._developments)]
        if b % 6 == 0:
            development.retract(self._byline(), "Wrong.")
        elif b % 6 == 1:
            development = next((each for each in self._developments if each.retracted), development)
            development.reinstate(self._byline(), "Right.")
        elif b % 6 == 2:
            self._connect_development(development, c)
        elif b % 6 == 3:
            development.second(
                self._byline(), self._documents[c % len(self._documents)].id, "reported"
            )
        else:
            new: dict[str, Any] = (
                {"title": f"Title {c}"},
                {"happened_at": DAYS[c % len(DAYS)]},
                {"topics": (self._topics[c % 2].id,)},
                {"document": self._documents[c % len(self._documents)].id},
            )[c % 4]
            development.correct(self._byline(), new, "A slip.")
        self._keep(development)

    def _connect_development(self, development: Development, n: int) -> None:
        if development.links:
            development.unlink(self._byline(), *min(development.links), "A mix-up.")
        else:
            development.link(self._byline(), "disputes", self._statement(n).id)

    def _statement(self, n: int) -> Statement:
        if not self._statements:
            raise Refused(NOTHING_SAID)
        return self._statements[n % len(self._statements)]

    def _place(self, statement: Statement) -> int:
        return self._statements.index(statement)


DOINGS: tuple[Callable[[Past, How], None], ...] = (
    *(Past.record,) * 18,
    *(Past.correct,) * 4,
    *(Past.merge,) * 2,
    *(Past.withdraw,) * 2,
    Past.happen,
    Past.retract,
    Past.reinstate,
    *(Past.second,) * 2,
    Past.unsecond,
    Past.connect,
    Past.comment,
    Past.disconnect,
    Past.unmerge,
    Past.redate,
    Past.redact,
    Past.name,
    Past.classify,
    Past.confirm_the_clock,
    Past.rotate_the_key,
    *(Past.decide,) * 3,
    Past.mandate,
    Past.reword,
    *(Past.translate,) * 2,
    Past.arrange,
    *(Past.mend_development,) * 2,
)


class History(list["Event"]):
    """The events of a history that follow from a number; it prints as a call that makes it.

    Nothing is erased or withheld in it unless it ``may_hide`` entries.
    """

    def __init__(self, number: int, *, may_hide: bool = True) -> None:
        chance = random.Random(number)  # noqa: S311 - the same history in every run
        choices = [tuple(chance.choices(range(100), k=4)) for _ in range(LONGEST)]
        super().__init__(Past(may_hide=may_hide).take(choices).events)  # type: ignore[arg-type]
        self._made_by = f"History({number}, {may_hide=})"

    def __repr__(self) -> str:
        return self._made_by


def histories(*, may_hide: bool = True) -> st.SearchStrategy[list[Event]]:
    """Return histories of a small record, each of a number: so the first is as long as others."""
    return st.integers(0, 1 << 32).map(lambda number: History(number, may_hide=may_hide))
