"""Topics: opening, rewording, filing, closing and reopening them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.noun import TranslatableNoun
from timeline.application.texts import text
from timeline.application.variables import check_attributes
from timeline.domain.codebook import NO_SUCH_EXAMPLE
from timeline.domain.coverage import Watch
from timeline.domain.errors import NotFound, Refused
from timeline.domain.lede import NOT_A_SIGNED_CHANGE, Lede
from timeline.domain.messages import InQuotes
from timeline.domain.naming import slugify
from timeline.domain.statement import StatementRecorded
from timeline.domain.topic import TOPIC_OF_ANOTHER_STORY, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.application.recording import Recorded
    from timeline.domain.codebook import Codebook
    from timeline.domain.event import Byline
    from timeline.domain.nature import Nature


class Topics(TranslatableNoun[Topic]):
    """What may be done with topics; each is given by slug, name or id."""

    KIND = Topic

    def stream(self, name: str) -> str:
        """Return the id of a topic given by slug, name or id; raises `NotFound`."""
        return self._directory().topic(name).id

    def open(
        self,
        byline: Byline,
        question: str,
        scale: str,
        *,
        slug: str | None = None,
        name: str = "",
        story: str | None = None,
        succeeds: str | None = None,
    ) -> Recorded:
        """Open a topic; its slug follows from its name, or its question, unless one is given."""
        directory = self._directory()
        asked, called = text(question, "topic_question"), text(name, "topic_name")
        topic = Topic.open(
            byline,
            slug or slugify(called or asked),
            asked,
            scale,
            name=called,
            story=directory.story(story).id if story else None,
            succeeds=directory.topic(succeeds, field="succeeds").id if succeeds else None,
        )
        return self._open(topic)

    def reword(
        self,
        byline: Byline,
        topic: str,
        question: str,
        reason: str,
        *,
        same_meaning: bool,
        name: str = "",
    ) -> Recorded:
        """Word the question anew without changing what it asks."""
        asked, called = text(question, "topic_question"), text(name, "topic_name")
        why = text(reason, "reason")

        def decide(topic: Topic) -> None:
            topic.reword(byline, asked, why, same_meaning=same_meaning, name=called)

        return self._revise(byline, topic, decide)

    def write_codebook(self, byline: Byline, topic: str, codebook: Codebook) -> Recorded:
        """Set the rules by which statements on the topic are coded; earlier ones stay on record.

        Raises `NotFound` for an example that is no statement on record.
        """
        here = self._directory().topic(topic)
        check_attributes(self._register, here, codebook)
        named = {one.statement for one in codebook.examples} - {""}
        known = self._recording.log.first_events(named)
        for example in codebook.examples:
            _, first = known.get(example.statement, (0, None))
            if example.statement and not isinstance(first, StatementRecorded):
                raise NotFound(NO_SUCH_EXAMPLE, field="codebook", name=InQuotes(example.statement))
        return self._revise(byline, topic, lambda found: found.write_codebook(byline, codebook))

    def watch(self, byline: Byline, topic: str, watch: Watch, *, number: int = 0) -> Recorded:
        """Say where was watched, the actor given by slug or name; a ``number`` says one anew."""
        said = Watch(
            since=text(watch.since, "since"),
            until=text(watch.until, "until") or None,
            actor=self._directory().actor(watch.actor).id if watch.actor else None,
            how=watch.how.strip(),
            outlets=tuple(filter(None, (text(outlet, "outlets") for outlet in watch.outlets))),
            note=text(watch.note, "note"),
        )
        return self._revise(byline, topic, lambda found: found.watch(byline, said, number))

    def withdraw_watch(self, byline: Byline, topic: str, number: int, reason: str) -> Recorded:
        """Take back that somebody watched."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda found: found.withdraw_watch(byline, number, why))

    def classify(self, byline: Byline, topic: str, nature: Nature, reason: str = "") -> Recorded:
        """Say what the topic asks for: a position, a fact, a forecast, a decision or a vote."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda found: found.classify(byline, nature, why))

    def set_lede(
        self, byline: Byline, topic: str, sentence: str = "", pinned: Sequence[str] = ()
    ) -> Recorded:
        """Replace the newsroom's sentence and its pins; empty ones remove what was there.

        A signed change is given by the statement at its later end, by key or, behind a #, number.
        Raises `NotFound` for what is no statement, `Refused` for what no signed change ends in.
        """
        said, directory = text(sentence, "lede"), self._directory()
        ends = {directory.statement(one, "pinned"): one for one in pinned if one.strip()}
        signed = {*self._register.signed_ends(directory.topic(topic).id)} if ends else set()
        for end, given in ends.items():
            if end not in signed:
                raise Refused(NOT_A_SIGNED_CHANGE, field="pinned", name=InQuotes(given))
        lede = Lede(said, tuple(filter(None, ends)))
        return self._revise(byline, topic, lambda found: found.set_lede(byline, lede))

    def file_under(self, byline: Byline, topic: str, story: str | None) -> Recorded:
        """Move the topic to a story, or out of any."""
        under = self._directory().story(story).id if story else None
        return self._revise(byline, topic, lambda found: found.file_under(byline, under))

    def file_together(self, byline: Byline, topics: Sequence[str], story: str) -> list[Recorded]:
        """File topics of no story under one, in one append, all or none.

        Raises `NotFound` for a name that nothing has, `Refused` for a topic of another story.
        """
        directory = self._directory()
        under = directory.story(story).id
        streams = dict.fromkeys(directory.topic(topic, field="topics").id for topic in topics)
        found = [self._recording.load(Topic, stream) for stream in streams]

        def decide(topic: Topic) -> None:
            if topic.story not in (None, under):
                raise Refused(TOPIC_OF_ANOTHER_STORY, field="topics", topic=InQuotes(topic.slug))
            topic.file_under(byline, under)

        return self._recording.revise_loaded(found, byline, decide, [None] * len(found))

    def close(self, byline: Byline, topic: str, reason: str) -> Recorded:
        """Close the topic to new statements."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda found: found.close(byline, why))

    def reopen(self, byline: Byline, topic: str, reason: str) -> Recorded:
        """Open a closed topic again."""
        why = text(reason, "reason")
        return self._revise(byline, topic, lambda found: found.reopen(byline, why))

    def redact(self, byline: Byline, topic: str, basis: str) -> Recorded:
        """Erase all wordings of the topic, as the law demands; ``basis`` names the law."""
        return self._recording.redact(Topic, self.stream(topic), byline, basis)
